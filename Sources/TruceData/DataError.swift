public import Torch
public import TruceFiles

/// What can go wrong with data and its files, sorted by what the reader can do about it.
///
/// Every case prints as one line that names the file and the reason; ``help`` says the fix in another.
public enum DataError: Error, Equatable, Sendable {
  /// A file or folder that is needed is not there.
  case missing(path: String, fix: String)
  /// A file is there but cannot be read.
  case unreadable(path: String, reason: String)
  /// A file ends before its own header says it should.
  case truncated(path: String, reason: String)
  /// A file is of another format than the one expected.
  case foreign(path: String, reason: String)
  /// A file is of the right format, but what it holds contradicts itself.
  case damaged(path: String, reason: String)
  /// A file's contents are not the published ones.
  case wrongChecksum(path: String, expected: String, found: String, fix: String)
  /// An output is already there and was not to be replaced.
  case exists(path: String)
  /// An output cannot be written.
  case unwritable(path: String, reason: String)
  /// A prepared file cannot be read or written.
  case preparedFile(TensorFileError)
  /// No origin delivered the files.
  case unavailable(what: String, reasons: [String], fix: String)
  /// No data set bears this name.
  case unknownDataset(name: String, closest: String?)
  /// An example has not the names, types or shapes that the set's first one has.
  case unlikeOthers(sample: String, reason: String)
  /// A transform needs something that the examples have not.
  case unsuitedTransform(transform: String, reason: String)
  /// A batch finds no room on a device.
  case noRoom(device: String, reason: String)
  /// A value breaks its rule.
  case invalidValue(parameter: String, rule: String, received: String)
  /// Files that the user wrote have faults: the first of them, and how many there are.
  case faults([FileFault], total: Int)
}

extension DataError {
  /// One fault in a file that the user wrote.
  public static func fault(in path: String, _ reason: String, help: String) -> DataError {
    .faults([FileFault(path: path, reason: reason, help: help)], total: 1)
  }
}

extension DataError: CustomStringConvertible {
  /// The problem in one line.
  public var description: String {
    switch self {
    case .missing(let path, _): "\(path): no such file or folder"
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .truncated(let path, let reason): "\(path): the file is truncated: \(reason)"
    case .foreign(let path, let reason): "\(path): \(reason)"
    case .damaged(let path, let reason): "\(path): the file is damaged: \(reason)"
    case .wrongChecksum(let path, let expected, let found, _):
      "\(path): the contents have sha256 \(found), expected \(expected)"
    case .exists(let path): "\(path): already exists"
    case .unwritable(let path, let reason): "\(path): cannot be written: \(reason)"
    case .preparedFile(let error): "\(error.path): \(error.reason)"
    case .unavailable(let what, let reasons, _):
      "\(what): no origin delivered every file: " + reasons.joined(separator: "; ")
    case .unknownDataset(let name, _): "unknown data set '\(name)'"
    case .unlikeOthers(let sample, let reason): "\(sample): \(reason)"
    case .unsuitedTransform(let transform, let reason): "\(transform) cannot be done: \(reason)"
    case .noRoom(let device, let reason): "no room for a batch on \(device): \(reason)"
    case .invalidValue(let parameter, let rule, let received):
      "\(parameter) must be \(rule), got \(received)"
    case .faults(let faults, let total):
      (faults.first?.description ?? "the data have faults") + (total > 1 ? " (and \(total - 1) more)" : "")
    }
  }

  /// What the reader can do about it, in one line.
  public var help: String {
    switch self {
    case .missing(_, let fix), .wrongChecksum(_, _, _, let fix), .unavailable(_, _, let fix): fix
    case .unreadable: "check the path and its permissions"
    case .preparedFile(let error): error.help
    case .truncated, .damaged: "get the file again; `truce data fetch` replaces it when given --force"
    case .foreign: "give the original file; `truce data list` names the files and where they are looked for"
    case .exists: "add --force to replace it, or choose another --output"
    case .unwritable: "choose another folder, or free space and permissions there, and run the command again"
    case .unknownDataset(_, let closest?): "did you mean '\(closest)'? `truce data list` lists them all"
    case .unknownDataset(_, nil): "`truce data list` lists them all"
    case .unlikeOthers: "bring all examples to the same names, types and shapes, or leave this one out"
    case .unsuitedTransform: "give the transform the names and shapes that the examples have, or leave it out"
    case .noRoom: "use smaller batches or another device"
    case .invalidValue(let parameter, _, _): "give another value for \(parameter)"
    case .faults(let faults, 1): faults.first?.help ?? ""
    case .faults: "`truce data check FILE` lists them all"
    }
  }

  /// The exit code of a command that fails with this error: 64 usage, 65 bad data, 66 missing input, 74 I/O.
  public var exitCode: Int32 {
    switch self {
    case .unknownDataset, .unsuitedTransform, .invalidValue, .exists: 64
    case .truncated, .foreign, .damaged, .wrongChecksum, .unlikeOthers: 65
    case .missing: 66
    case .unreadable, .unwritable, .unavailable, .noRoom: 74
    case .preparedFile(let error): error.exitCode
    case .faults(let faults, _): faults.first?.kind.exitCode ?? 65
    }
  }
}

extension FileFault.Kind {
  fileprivate var exitCode: Int32 {
    switch self {
    case .missing: 66
    case .unreadable: 74
    case .content: 65
    }
  }
}

extension TensorFileError {
  fileprivate var exitCode: Int32 {
    switch kind {
    case .exists: 64
    case .malformed, .unsupported: 65
    case .missing: 66
    case .unreadable, .unwritable, .full: 74
    }
  }
}
