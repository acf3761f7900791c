import Foundation
import TruceOptions

/// Tasks of a class of one's own, written in Python.
enum PythonTasks {
  private static let name = "python"
  private static let classParameter = Parameter<String>(
    "class", default: nil, rule: "a Python file and a class in it, like `carts.py:Carts`",
    "The class of the environments; a relative path begins in the folder that the command is started in."
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

  /// A class with the full path of its file, so that every worker finds the same one.
  ///
  /// - Parameters:
  ///   - text: The file and the class.
  ///   - folder: Where a relative path begins: the folder that the command is started in.
  /// - Throws: ``EnvironmentError/noClassFile(given:resolved:)``.
  static func located(
    _ text: String, from folder: String = FileManager.default.currentDirectoryPath
  ) throws(EnvironmentError) -> String {
    let colon = text.lastIndex(of: ":") ?? text.endIndex
    let given = String(text[..<colon])
    let file = URL(filePath: given, relativeTo: URL(filePath: folder, directoryHint: .isDirectory))
      .standardizedFileURL.path(percentEncoded: false)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), !isFolder.boolValue else {
      throw .noClassFile(given: given, resolved: file)
    }
    return file + text[colon...]
  }

  /// Starts the environments.
  static func make(_ options: Options, _ request: EnvironmentRequest) throws -> WorkerEnvironments {
    let family = WorkerFamily(
      name: name, className: try located(try options.value(of: classParameter)),
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
