/// Something wrong with a file a user wrote: where, what, and what to do about it.
public struct FileFault: Error, Hashable, Sendable {
  /// What the reader can do about it.
  public enum Kind: String, Hashable, Sendable {
    /// There is no such file or folder: check the path.
    case missing
    /// The system does not let it be read: check the permissions and the disk.
    case unreadable
    /// What it holds breaks a rule: change the file.
    case content
  }

  /// What the reader can do about it.
  public let kind: Kind
  /// The file.
  public let path: String
  /// The line, counted from 1, where the fault lies on one.
  public let line: Int?
  /// The byte within the line, counted from 1, where that is known.
  public let column: Int?
  /// What is wrong, in one line.
  public let reason: String
  /// What to do about it, in one line.
  public let help: String

  /// Creates a fault.
  public init(
    kind: Kind = .content, path: String, line: Int? = nil, column: Int? = nil, reason: String, help: String
  ) {
    self.kind = kind
    self.path = path
    self.line = line
    self.column = column
    self.reason = reason
    self.help = help
  }

  /// The place as editors jump to it, such as `people.csv:3:17`.
  public var place: String {
    ([path] + [line, column].compactMap { $0.map(String.init) }).joined(separator: ":")
  }
}

extension FileFault: CustomStringConvertible {
  /// The place and the reason in one line.
  public var description: String { "\(place): \(reason)" }
}
