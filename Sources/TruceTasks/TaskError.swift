/// What can be wrong with the tasks of a problem.
public enum TaskError: Error, Equatable, Sendable {
  /// The problem has no such task.
  case unknownTask(name: String, known: [String])
  /// The settings and the tasks do not go together.
  case incompatible(reason: String, help: String)
}

extension TaskError: CustomStringConvertible {
  /// The problem in one line.
  public var description: String {
    switch self {
    case .unknownTask(let name, _): "the problem has no task '\(name)'"
    case .incompatible(let reason, _): reason
    }
  }

  /// What the reader can do about it, in one line.
  public var help: String {
    switch self {
    case .unknownTask(_, let known): "the tasks are \(known.joined(separator: ", "))"
    case .incompatible(_, let help): help
    }
  }
}
