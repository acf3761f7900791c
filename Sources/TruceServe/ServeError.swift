public import TruceReport
public import TruceRun

/// What can go wrong when a study is served.
public enum ServeError: Error, Equatable, Sendable {
  /// Another program listens on the port.
  case portInUse(Int)
  /// The port cannot be listened on.
  case cannotListen(port: Int, reason: String)
  /// The page cannot be made.
  case report(ReportError)
}

extension ServeError: CustomStringConvertible {
  /// The problem in one line.
  public var description: String {
    switch self {
    case .portInUse(let port): "port \(port) of 127.0.0.1 is in use"
    case .cannotListen(let port, let reason): "cannot listen on port \(port) of 127.0.0.1: \(reason)"
    case .report(let error): error.description
    }
  }

  /// What the reader can do about it, in one line.
  public var help: String {
    switch self {
    case .portInUse: "give another --port, or --port 0 for any free one"
    case .cannotListen: "give a --port of 1024 or more, or --port 0 for any free one"
    case .report(let error): error.help
    }
  }

  /// The exit code of a command that ends with this error.
  public var exitStatus: ExitStatus {
    switch self {
    case .portInUse, .cannotListen: .inputOutput
    case .report(let error): error.exitStatus
    }
  }
}
