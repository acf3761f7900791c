import Truce

/// All problems: the one list from which commands, help and documentation derive.
public enum ProblemCatalogue {
  /// The entries, in the order in which help texts show them.
  public static let entries: [ProblemEntry] = [
    .multiDigit("multi-fashion-mnist"), .multiDigit("multi-mnist"), .multiDigit("multi-fashion"),
    .digitClusters("digits-by-source"), .digitClusters("digits-by-class"),
    .digitClusters("digits-by-chance"),
    .twoUnits,
  ]

  /// Creates the problem with this name: loads the data and prepares the tasks.
  ///
  /// - Throws: ``TrainingError/unknownProblem(name:closest:known:)``, ``TrainingError/unknownTask(name:known:)``,
  ///   ``TrainingError/incompatible(reason:help:)`` for an option, and `DataError` where files are missing.
  public static func make(named name: String, _ request: ProblemRequest) throws -> any Problem {
    guard let entry = entries.first(where: { $0.about.name == name }) else {
      let known = entries.map(\.about.name)
      throw TrainingError.unknownProblem(
        name: name, closest: closestName(to: name, among: known), known: known)
    }
    return try entry.make(request)
  }
}

/// One line of the catalogue: a description and a way to make the problem.
public struct ProblemEntry: Sendable {
  /// What is known about the problem.
  public let about: ProblemDescription
  /// Makes the problem.
  let makeProblem: @Sendable (ProblemRequest) throws -> any Problem

  /// The option that may have been meant, or all of them.
  private func help(for error: OptionError) -> String {
    if case .unknownOption(_, _, _?, _) = error { return error.help }
    let options = about.parameters.map(\.name).joined(separator: ", ")
    return "the options of \(about.name) are \(options)"
  }

  func make(_ request: ProblemRequest) throws -> any Problem {
    do {
      return try makeProblem(request)
    } catch let error as OptionError {
      throw TrainingError.incompatible(reason: error.description, help: help(for: error))
    }
  }
}
