/// What can be wrong with the bytes of a saved state.
public enum StateError: Error, Equatable, Sendable {
  /// The bytes are no state, or are damaged.
  case damaged(reason: String)
  /// The bytes are of a version that this one does not read.
  case unknownVersion(Int)
  /// The state is that of another method, or of another number of tasks.
  case foreign(reason: String)
}

extension StateError: CustomStringConvertible {
  /// The problem in one line.
  public var description: String {
    switch self {
    case .damaged(let reason): "the saved state is damaged: \(reason)"
    case .unknownVersion(let version): "the saved state has version \(version), which is not known here"
    case .foreign(let reason): "the saved state is another method's: \(reason)"
    }
  }

  /// What the reader can do about it.
  public var help: String {
    switch self {
    case .damaged: "go back to an earlier state"
    case .unknownVersion: "read it with the version of Truce that wrote it"
    case .foreign: "use the method, weighting and number of tasks that the state was saved with"
    }
  }
}
