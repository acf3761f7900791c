import TruceOptions
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
  /// No goals are recorded for a task.
  case unrecordedGoals(task: String, known: [String])
  /// A task has no scripted policy.
  case noExpert(family: String, task: String)
  /// A task cannot be drawn.
  case noPicture(family: String, task: String, reason: String)
  /// An episode cannot go on for so long.
  case pastLimit(family: String, limit: Int)

  /// There is no Python.
  case noPython(family: String, searched: [String])
  /// Packages are not installed.
  case missingPackages([String], family: String, python: String, help: String)
  /// A package has another version.
  case wrongVersion(
    package: String, found: String, expected: String, family: String, python: String, help: String)
  /// The worker speaks another version of the protocol.
  case wrongProtocol(found: Int, expected: Int)
  /// The class of the environments cannot be found.
  case noClass(reason: String)
  /// The file with the class of the environments is not there.
  case noClassFile(given: String, resolved: String)
  /// An environment failed, and would again.
  case environmentFailed(task: String?, during: String, reason: String)
  /// An environment gave a number that is not finite, at a step counted from 1; 0 is the beginning.
  case notFinite(task: String, what: String, step: Int)
  /// A worker failed too often.
  case workerFailed(tasks: [String], fault: WorkerFault, restarts: Int, lastWords: [String])
  /// An environment did not do the same for the same goal and actions.
  case replayDiffers(tasks: [String])

  /// The error of a task that there is not, with the closest name that there is.
  package static func unknown(_ task: String, of family: String, known: [String]) -> EnvironmentError {
    .unknownTask(family: family, task: task, closest: closestName(to: task, among: known), known: known)
  }
}

// MARK: Text

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
    case .unrecordedGoals(let task, let known):
      "no goals are recorded for '\(task)', only for \(known.joined(separator: ", "))"
    case .noExpert(let family, let task): "\(family) has no scripted policy for '\(task)'"
    case .noPicture(let family, let task, let reason): "\(family) has no picture of '\(task)': \(reason)"
    case .pastLimit(let family, let limit): "an episode of \(family) ends after \(limit) steps"
    case .noPython(let family, let searched):
      "\(family) runs in Python, and there is none at \(searched.joined(separator: ", "))"
    case .missingPackages(let packages, let family, let python, _):
      "\(family) needs the package \(packages.joined(separator: ", ")), which \(python) does not have"
    case .wrongVersion(let package, let found, let expected, let family, let python, _):
      "\(family) needs \(package) \(expected), and \(python) has \(found)"
    case .wrongProtocol(let found, let expected):
      "the worker speaks version \(found) of the protocol, this Truce version \(expected)"
    case .noClass(let reason): reason
    case .noClassFile(let given, let resolved):
      given == resolved ? "there is no file \(resolved)" : "\(given): there is no file \(resolved)"
    case .environmentFailed(let task, let activity, let reason):
      "\(task.map { "\($0): " } ?? "")the environment failed while \(activity): \(reason)"
    case .notFinite(let task, let what, let step):
      "\(task): \(what) is not finite \(step == 0 ? "at the beginning of an episode" : "after step \(step)")"
    case .workerFailed(let tasks, let fault, let restarts, let words):
      "the worker of \(tasks.joined(separator: ", ")) \(fault)\(Self.count(restarts))\(WorkerFault.said(words))"
    case .replayDiffers(let tasks):
      "\(tasks.joined(separator: ", ")): the same goals and actions did not lead to the same observations"
    }
  }

  private static func count(_ restarts: Int) -> String {
    switch restarts {
    case 0: ""
    case 1: ", after 1 new start"
    default: ", after \(restarts) new starts"
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
    case .unrecordedGoals: "name tasks among these, or draw goals anew with --seed"
    case .noExpert: "choose another policy, or tasks that have a scripted one"
    case .noPicture:
      "install a GL library (on Debian libegl1 or libosmesa6), or give the class a method that draws"
    case .pastLimit(_, let limit): "choose a horizon of at most \(limit) steps"
    case .noPython: "run `Scripts/setup rl`, or set TRUCE_RL_PYTHON to a Python that has the packages"
    case .missingPackages(_, _, _, let help), .wrongVersion(_, _, _, _, _, let help): help
    case .wrongProtocol: "use the worker that comes with this Truce"
    case .noClass: "write the class as `file.py:Class`"
    case .noClassFile: "check the path; a relative one begins in the folder that the command is started in"
    case .environmentFailed: "mend the environment; a step must not raise an error"
    case .notFinite: "mend the environment, or look at the actions that lead there"
    case .workerFailed(_, .silent(_, let activity), _, _):
      "give it more seconds with `\(FrameKind.deadlineKey(of: activity))`, or look at what it waits for"
    case .workerFailed(_, .notStarted, _, _): "set TRUCE_RL_PYTHON to a Python that can be run"
    case .workerFailed: "read what it printed; memory may be short, see `--workers`"
    case .replayDiffers:
      "let whatever is random in the environment come from its seed or goal, then start the run again"
    }
  }

  /// The exit code of a command that ends with this error.
  public var exitStatus: ExitStatus {
    switch self {
    case .unknownTask, .repeatedTask, .noTask, .unrecordedGoals, .noExpert, .pastLimit, .unknownGoal: .usage
    case .wrongCount: .internalError
    case .foreignGoals, .environmentFailed, .notFinite, .replayDiffers: .badData
    case .noPython, .missingPackages, .wrongVersion, .wrongProtocol, .noClass, .noClassFile, .noPicture:
      .missingInput
    case .workerFailed: .inputOutput
    }
  }
}
