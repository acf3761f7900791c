public import Truce
public import TruceOptions

/// What can go wrong when a run is configured, stored or read back.
public enum RunError: Error, Equatable, Sendable {
  /// A text is not YAML or JSON.
  case unreadableText(ConfigurationPlace, reason: String)
  /// A text holds more than a configuration may.
  case tooLarge(ConfigurationPlace, what: String)
  /// A key that nothing reads.
  case unknownKey(ConfigurationPlace, key: String, closest: String?)
  /// A key that must be there is not.
  case missingKey(ConfigurationPlace, key: String)
  /// A value has the wrong type or breaks its rule.
  case invalidValue(ConfigurationPlace, key: String, rule: String, received: String)
  /// A key says something about which the run has nothing to decide.
  case inapplicable(ConfigurationPlace, key: String, reason: String)
  /// A method's name or one of its options is wrong.
  case invalidMethod(ConfigurationPlace, MethodError)
  /// The name or an option of a problem, a trunk or an architecture is wrong.
  case invalidEntry(ConfigurationPlace, OptionError)
  /// The problem has no such task.
  case unknownTask(ConfigurationPlace, problem: String, task: String, closest: String?, known: [String])
  /// An override on the command line is not `key=value`.
  case malformedOverride(String)
  /// A file or folder is not there.
  case missing(path: String, what: String)
  /// A run is already in the folder.
  case exists(path: String, isFinished: Bool)
  /// The folder holds files of which none is a run's.
  case occupied(path: String, example: String)
  /// Another process works in the folder.
  case busy(path: String, owner: String)
  /// A file was removed or replaced while the run went on.
  case removed(path: String)
  /// A file's content is not what was written.
  case damaged(path: String, line: Int?, reason: String)
  /// A file or folder cannot be written.
  case unwritable(path: String, reason: String)
  /// No room is left for a file.
  case diskFull(path: String)
  /// A file or folder cannot be read.
  case unreadable(path: String, reason: String)
  /// Agents of two runs were tried under conditions that must not stand in one table.
  case mixedConditions(MixedConditions)
}

extension RunError: CustomStringConvertible {
  /// The problem in one line.
  public var description: String {
    switch self {
    case .unreadableText(let place, let reason): "\(place): \(reason)"
    case .tooLarge(let place, let what): "\(place): the file \(what)"
    case .unknownKey(let place, let key, _): "\(place): unknown key '\(key)'"
    case .missingKey(.commandLine, let key): "no \(key) is given"
    case .missingKey(let place, let key): "\(place): key '\(key)' is required"
    case .invalidValue(let place, let key, let rule, let received):
      "\(place): \(key) must be \(rule), got \(received)"
    case .inapplicable(let place, let key, let reason): "\(place): \(key) does not apply: \(reason)"
    case .invalidMethod(let place, let error): "\(place): \(error)"
    case .invalidEntry(let place, let error): "\(place): \(error)"
    case .unknownTask(let place, let problem, let task, _, _): "\(place): \(problem) has no task '\(task)'"
    case .malformedOverride(let text): "'\(text)' is not an override of the form key=value"
    case .missing(let path, let what): "\(path): no \(what) here"
    case .exists(let path, true): "\(path): holds a finished run"
    case .exists(let path, false): "\(path): holds a run that was not finished"
    case .occupied(let path, let example): "\(path): holds files that are not a run, such as \(example)"
    case .busy(let path, let owner): "\(path): in use by \(owner)"
    case .removed(let path): "\(path): was removed while the run went on"
    case .damaged(let path, let line?, let reason): "\(path):\(line): \(reason)"
    case .damaged(let path, nil, let reason): "\(path): \(reason)"
    case .unwritable(let path, let reason): "\(path): cannot be written: \(reason)"
    case .diskFull(let path): "\(path): no space left to write it"
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .mixedConditions(let mixed): mixed.description
    }
  }
}

extension RunError {
  /// What the reader can do about it, in one line.
  public var help: String {
    switch self {
    case .unreadableText: "check the indentation, the quotes and the brackets of that line"
    case .tooLarge: "write fewer aliases of aliases (`*name`), or shorter lists"
    case .unknownKey(_, _, let closest?): "did you mean '\(closest)'?"
    case .unknownKey(_, _, nil): "`truce study keys` explains every key of a run and of a study"
    case .missingKey(.commandLine, let key): "add `--\(key) …`, or a file with `--config`"
    case .missingKey(_, let key): "add a line `\(key): …`"
    case .invalidValue(_, let key, let rule, _): "set `\(key)` to \(rule)"
    case .inapplicable(_, let key, _): "leave `\(key)` out"
    case .invalidMethod(_, let error): error.help
    case .invalidEntry(_, let error): error.help
    case .unknownTask(_, _, _, let closest?, _): "did you mean '\(closest)'?"
    case .unknownTask(_, _, _, nil, let known): "its tasks are \(known.joined(separator: ", "))"
    case .malformedOverride: "write it like `options.c=0.4`"
    case .missing: "check the path"
    case .exists(_, true): "choose another folder, or give --force to throw the old run away"
    case .exists(_, false): "give --resume to continue it, or --force to throw it away"
    case .occupied: "choose another folder, or give --force to write among them"
    case .busy: "wait for it, or stop that process first"
    case .removed: "leave the folder of a run alone until it has ended, and start the run again"
    case .damaged: "restore the file from a copy, or start the run again with --force"
    case .unwritable: "check the folder's owner and permissions, or choose another folder"
    case .diskFull: "free some space, then continue with --resume"
    case .unreadable: "check the file's owner and permissions"
    case .mixedConditions: "put runs of one condition into a table; those of others say nothing about them"
    }
  }

  /// The exit code of a command that ends with this error.
  public var exitStatus: ExitStatus {
    switch self {
    case .unreadableText(let place, _), .tooLarge(let place, _), .unknownKey(let place, _, _),
      .missingKey(let place, _), .invalidValue(let place, _, _, _), .inapplicable(let place, _, _),
      .invalidMethod(let place, _),
      .invalidEntry(let place, _), .unknownTask(let place, _, _, _, _):
      place.isCommandLine ? .usage : .badData
    case .malformedOverride, .exists, .occupied: .usage
    case .missing: .missingInput
    case .damaged, .mixedConditions: .badData
    case .busy, .removed, .unwritable, .diskFull, .unreadable: .inputOutput
    }
  }
}

/// Where a configuration's value was written.
public enum ConfigurationPlace: Equatable, Sendable, CustomStringConvertible {
  /// A line of a file.
  case file(String, line: Int?)
  /// An argument.
  case commandLine

  /// The file and line, as editors jump to them.
  public var description: String {
    switch self {
    case .file(let name, let line?): "\(name):\(line)"
    case .file(let name, nil): name
    case .commandLine: "command line"
    }
  }

  var isCommandLine: Bool { self == .commandLine }
}
