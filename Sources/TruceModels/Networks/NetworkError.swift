/// What can be wrong with a network as it is put together.
public enum NetworkError: Error, Equatable, Sendable {
  /// Trunk, architecture, tasks and examples do not go together.
  case unsuitable(reason: String, help: String)
}

extension NetworkError: CustomStringConvertible {
  /// The problem in one line.
  public var description: String {
    switch self {
    case .unsuitable(let reason, _): reason
    }
  }

  /// What the reader can do about it, in one line.
  public var help: String {
    switch self {
    case .unsuitable(_, let help): help
    }
  }
}
