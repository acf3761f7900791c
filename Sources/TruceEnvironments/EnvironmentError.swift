public import TruceRun

/// What can go wrong when environments are made or stepped.
public enum EnvironmentError: Error, Equatable, Sendable {
  /// The family has no such task.
  case unknownTask(family: String, task: String, closest: String?, known: [String])
  /// A task is asked for twice.
  case repeatedTask(String)
  /// No task is asked for.
  case noTask(family: String)
  /// There are more or fewer numbers than there must be.
  case wrongCount(what: String, expected: Int, received: Int)
  /// A task has fewer goals.
  case unknownGoal(task: String, goal: Int, count: Int)
  /// Goals that were recorded belong to other tasks.
  case foreignGoals(reason: String)
  /// A task has no scripted policy.
  case noExpert(family: String, task: String)
}

extension EnvironmentError: CustomStringConvertible {
  /// The problem in one line.
  public var description: String {
    switch self {
    case .unknownTask(let family, let task, _, _): "\(family) has no task '\(task)'"
    case .repeatedTask(let task): "the task '\(task)' is asked for twice"
    case .noTask(let family): "no task of \(family) is asked for"
    case .wrongCount(let what, let expected, let received):
      "the environments take \(expected) \(what), got \(received)"
    case .unknownGoal(let task, let goal, let count):
      "\(task): there is no goal \(goal) among \(count), counted from 0"
    case .foreignGoals(let reason): "the recorded goals do not fit: \(reason)"
    case .noExpert(let family, let task): "\(family) has no scripted policy for '\(task)'"
    }
  }

  /// What the reader can do about it, in one line.
  public var help: String {
    switch self {
    case .unknownTask(_, _, let closest?, _): "did you mean '\(closest)'?"
    case .unknownTask(_, _, nil, let known): "its tasks are \(known.joined(separator: ", "))"
    case .repeatedTask: "name each task once"
    case .noTask: "name one task at least, or leave `tasks` out for all"
    case .wrongCount: "this is a defect of the program that drives the environments; please report it"
    case .unknownGoal: "choose a goal below that, or more `goals`"
    case .foreignGoals: "use the goals with the tasks and options they were recorded with, or draw new ones"
    case .noExpert: "choose another policy, or tasks that have a scripted one"
    }
  }

  /// The exit code of a command that ends with this error.
  public var exitStatus: ExitStatus {
    switch self {
    case .unknownTask, .repeatedTask, .noTask, .noExpert: .usage
    case .wrongCount, .unknownGoal: .internalError
    case .foreignGoals: .badData
    }
  }
}
