/// Why a file of tensors could not be read or written.
public struct TensorFileError: Error, Sendable, Hashable {
  /// What the reader can do about it.
  public enum Kind: String, Sendable, Hashable {
    /// There is no such file.
    case missing
    /// The system does not let the file be read: check its permissions and the disk.
    case unreadable
    /// The contents end early, are damaged, or are of another format: get the file again.
    case malformed
    /// The contents are sound but of a kind this module does not read or write.
    case unsupported
    /// The file is there and was not to be overwritten.
    case exists
    /// The system does not let the file be written: check the folder and its permissions.
    case unwritable
    /// No space is left for the file: free some, or choose another disk.
    case full
  }

  /// What the reader can do about it.
  public let kind: Kind
  /// The file.
  public let path: String
  /// What was wrong, in one line.
  public let reason: String
  /// What to do about it.
  public let help: String
}

extension TensorFileError: CustomStringConvertible {
  /// The file and the reason on one line, the help on a second.
  public var description: String { "\(path): \(reason)\nhelp: \(help)" }
}

extension TensorFileError {
  static func malformed(
    _ path: String, _ reason: String,
    help: String = "copy or download the file again; it was damaged, cut short, or is of another format"
  ) -> TensorFileError {
    TensorFileError(kind: .malformed, path: path, reason: reason, help: help)
  }

  static func unsupported(_ path: String, _ reason: String, help: String) -> TensorFileError {
    TensorFileError(kind: .unsupported, path: path, reason: reason, help: help)
  }
}
