public import TruceOptions

/// One line of the catalogue of problems: a description and a way to make the problem.
public struct ProblemEntry: CatalogueListing {
  /// What is known about the problem.
  public let about: ProblemDescription
  private let makeProblem: @Sendable (Options, ProblemRequest) throws -> any Problem

  /// Creates a line.
  ///
  /// - Parameters:
  ///   - about: What is known about the problem.
  ///   - make: Loads the data and prepares the tasks.
  public init(
    about: ProblemDescription, make: @escaping @Sendable (Options, ProblemRequest) throws -> any Problem
  ) {
    self.about = about
    makeProblem = make
  }

  /// Loads the data and prepares the tasks.
  ///
  /// - Throws: `OptionError`, ``TaskError``, or `DataError` where files are missing.
  public func make(_ request: ProblemRequest) throws -> any Problem {
    try makeProblem(
      Options(owner: about.name, parameters: about.parameters, values: request.options), request)
  }
}
