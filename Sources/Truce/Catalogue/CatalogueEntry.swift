/// One line of the catalogue: a description and a way to make the method.
public struct CatalogueEntry: Sendable {
  /// What is known about the method.
  public let about: MethodDescription
  private let make: @Sendable (Options) throws(MethodError) -> AnyMethod

  /// Creates the method from named options.
  ///
  /// - Throws: ``MethodError`` where an option is unknown, missing or breaks its rule.
  public func makeMethod(options: [String: OptionValue] = [:]) throws(MethodError) -> AnyMethod {
    try make(MethodError.reading { () throws(OptionError) in try Options(for: about, values: options) })
  }

  private static func made<M: Method>(
    _ type: M.Type, as kind: @escaping @Sendable (M) -> AnyMethod
  ) -> CatalogueEntry {
    CatalogueEntry(about: M.about) { (options) throws(MethodError) in
      kind(try MethodError.reading { () throws(OptionError) in try M(options: options) })
    }
  }

  /// The line of a loss weighting.
  public static func lossWeighting<M: LossWeighting>(_ type: M.Type) -> CatalogueEntry {
    made(M.self) { .lossWeighting($0) }
  }

  /// The line of a Gramian method.
  public static func gramian<M: GramianMethod>(_ type: M.Type) -> CatalogueEntry {
    made(M.self) { .gramian($0) }
  }

  /// The line of a Gramian method whose type depends on its options.
  public static func gramian(
    _ about: MethodDescription,
    make: @escaping @Sendable (Options) throws(MethodError) -> any GramianMethod
  ) -> CatalogueEntry {
    CatalogueEntry(about: about) { (options) throws(MethodError) in .gramian(try make(options)) }
  }

  /// The line of a matrix method.
  public static func matrix<M: MatrixMethod>(_ type: M.Type) -> CatalogueEntry {
    made(M.self) { .matrix($0) }
  }

  /// The line of a cross-Gramian method.
  public static func crossGramian<M: CrossGramianMethod>(_ type: M.Type) -> CatalogueEntry {
    made(M.self) { .crossGramian($0) }
  }

  /// The line of a method whose rule lives in the training step.
  public static func wholeStep<M: WholeStepMethod>(_ type: M.Type) -> CatalogueEntry {
    made(M.self) { .wholeStep($0) }
  }
}

/// A method of any kind, made from the catalogue.
public enum AnyMethod: Sendable {
  /// Losses to loss weights.
  case lossWeighting(any LossWeighting)
  /// Gramian to weights on the task gradients.
  case gramian(any GramianMethod)
  /// Gradient rows to the combined gradient.
  case matrix(any MatrixMethod)
  /// Gramian between two batches to weights on a third batch's gradients.
  case crossGramian(any CrossGramianMethod)
  /// A rule inside the training step.
  case wholeStep(any WholeStepMethod)

  /// What is known about the method.
  public var about: MethodDescription {
    switch self {
    case .lossWeighting(let method): type(of: method).about
    case .gramian(let method): type(of: method).about
    case .matrix(let method): type(of: method).about
    case .crossGramian(let method): type(of: method).about
    case .wholeStep(let method): type(of: method).about
    }
  }
}
