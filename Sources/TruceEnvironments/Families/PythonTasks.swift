import Foundation
import TruceOptions

/// Tasks of a class of one's own, written in Python.
enum PythonTasks {
  private static let name = "python"
  private static let classParameter = Parameter<String>(
    "class", default: nil, rule: "a Python file and a class in it, like `carts.py:Carts`",
    "The class of the environments."
  ) { text in
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count >= 2 && parts.allSatisfy { !$0.isEmpty }
  }
  private static let goalParameter = Parameter<Int>.atLeast(
    1, "goals", default: 1, "How many goals each task has.")
  private static let optionPrefix = "with"
  private static let optionDescription = ParameterDescription(
    name: "\(optionPrefix).*", type: "any", rule: "what the class takes", defaultValue: nil,
    summary: "Whatever else the class is given, by name.")

  static let description = ProblemDescription(
    name: name, summary: "environments of one's own, a class in Python",
    parameters: [classParameter.description, goalParameter.description, optionDescription],
    source: "the user's own", tasks: nil,
    agent: "sac")

  /// Starts the environments.
  static func make(_ options: Options, _ request: EnvironmentRequest) throws -> WorkerEnvironments {
    let family = WorkerFamily(
      name: name, className: try options.value(of: classParameter),
      options: options.values(under: optionPrefix))
    let python = try request.workers.python ?? PythonLocation.found(for: name, takingAny: true).program
    let launch = WorkerLaunch(python: python)
    // Tasks that are named are checked by the workers themselves.
    let known =
      try request.tasks
      ?? WorkerEnvironments.taskNames(
        WorkerPlan(family: family, launch: launch, settings: request.workers))
    return try WorkerEnvironments(
      family, tasks: request.chosen(among: known, of: name), goalCount: options.value(of: goalParameter),
      request, launch: launch)
  }
}

extension EnvironmentEntry {
  /// The line of classes in Python.
  public static let python = EnvironmentEntry(about: PythonTasks.description) {
    try PythonTasks.make($0, $1)
  }
}
