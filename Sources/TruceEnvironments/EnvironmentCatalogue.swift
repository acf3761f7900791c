public import TruceOptions

/// One line of the catalogue of environments: a description and a way to make them.
///
/// A run's configuration names it where it would name a problem, so it is described as one.
public struct EnvironmentEntry: CatalogueListing {
  /// What is known about the environments.
  public let about: ProblemDescription
  private let makeEnvironments: @Sendable (Options, EnvironmentRequest) throws -> any TaskEnvironments

  /// Creates a line.
  ///
  /// - Parameters:
  ///   - about: What is known about the environments.
  ///   - make: Makes them.
  public init(
    about: ProblemDescription,
    make: @escaping @Sendable (Options, EnvironmentRequest) throws -> any TaskEnvironments
  ) {
    self.about = about
    makeEnvironments = make
  }

  /// Makes the environments.
  ///
  /// - Throws: `OptionError` or ``EnvironmentError``.
  public func make(_ request: EnvironmentRequest) throws -> any TaskEnvironments {
    var request = request
    request.conditions = conditions(of: request.options)
    return try makeEnvironments(
      Options(owner: about.name, parameters: about.parameters, values: request.options), request)
  }

  /// Every option as text, given or by default.
  private func conditions(of options: [String: OptionValue]) -> [String: String] {
    let defaults = about.parameters.compactMap { parameter in
      parameter.defaultValue.map { (parameter.name, $0) }
    }
    return Dictionary(defaults) { first, _ in first }.merging(options) { $1 }.mapValues(\.description)
  }
}

/// The environments that Truce brings.
public enum EnvironmentCatalogue {
  /// The lines, in the order in which tables show them.
  public static let entries: [EnvironmentEntry] = [.pointTasks, .metaworldMT10, .metaworldMT50, .python]
}
