public import TruceRun

/// What can go wrong in training, apart from data, methods and tensors.
public enum TrainingError: Error, Equatable, Sendable {
  /// A checkpoint was written by another network, method or optimizer.
  case foreignCheckpoint(path: String, reason: String)
  /// A checkpoint is not as it was written; other ones of the run are.
  case damagedCheckpoint(path: String, reason: String, intact: [String] = [])
  /// A checkpoint was written in a format that this version does not read.
  case unknownFormat(path: String, version: Int)
  /// The run to continue has no checkpoint, though it has come so far.
  case noCheckpoint(path: String, reason: String, intact: [String] = [])
  /// The configuration differs from the one with which the run began.
  case otherRun(path: String, differences: [RunConfiguration.Difference])
  /// A loss or gradient was not finite.
  case diverged(step: Int, reason: String)
  /// The settings do not go together.
  case incompatible(reason: String, help: String)
}

extension TrainingError: CustomStringConvertible {
  /// The problem in one line.
  public var description: String {
    switch self {
    case .foreignCheckpoint(let path, let reason): "\(path): \(reason)"
    case .damagedCheckpoint(let path, let reason, _): "\(path): \(reason)"
    case .unknownFormat(let path, let version): "\(path): has format \(version), which is not known here"
    case .noCheckpoint(let path, let reason, _): "\(path): \(reason)"
    case .otherRun(let path, let differences):
      "\(path) holds another run: \(differences.map(Self.words(of:)).joined(separator: ", "))"
    case .diverged(let step, let reason): "training diverged at step \(step): \(reason)"
    case .incompatible(let reason, _): reason
    }
  }

  /// What the reader can do about it, in one line.
  public var help: String {
    switch self {
    case .foreignCheckpoint:
      "resume with the configuration the run was started with, or start anew with --force"
    case .damagedCheckpoint(_, _, let intact) where !intact.isEmpty,
      .noCheckpoint(_, _, let intact) where !intact.isEmpty:
      "continue from another one: --resume --checkpoint \(intact.joined(separator: " or "))"
    case .damagedCheckpoint, .noCheckpoint: "restore it from a copy, or start the run anew with --force"
    case .unknownFormat:
      "continue with the version of Truce that wrote it, or start the run anew with --force"
    case .otherRun(let path, _):
      "resume with --config \(path)/config.yaml, or begin another run in another folder with --from \(path)"
    case .diverged: "lower the learning rate, or choose non_finite: skip-step"
    case .incompatible(_, let help): help
    }
  }

  /// The exit code of a command that ends with this error.
  public var exitStatus: ExitStatus {
    switch self {
    case .incompatible, .otherRun: .usage
    case .foreignCheckpoint, .damagedCheckpoint, .unknownFormat, .diverged: .badData
    case .noCheckpoint: .missingInput
    }
  }

  private static func words(of difference: RunConfiguration.Difference) -> String {
    "\(difference.field) was \(difference.other ?? "none"), now \(difference.own ?? "none")"
  }
}
