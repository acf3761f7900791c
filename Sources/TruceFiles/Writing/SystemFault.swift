#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the system said when it refused to do something with a file.
public struct SystemFault: Error, Equatable, Sendable {
  /// The system's number of the error.
  public let code: Int32

  /// Creates a fault.
  public init(code: Int32) {
    self.code = code
  }

  /// What the last call that failed said.
  static var current: SystemFault { SystemFault(code: errno) }

  /// Whether no room was left.
  public var isFull: Bool { [ENOSPC, EDQUOT, EFBIG].contains(code) }

  /// The reason in the system's words.
  public var reason: String { String(cString: strerror(code)).lowercased() }
}
