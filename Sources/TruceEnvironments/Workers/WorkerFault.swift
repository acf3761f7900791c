import Foundation

/// Why a worker cannot be trusted any more and must be replaced.
public enum WorkerFault: Error, Equatable, Sendable {
  /// Its process ended with this code.
  case exited(Int32)
  /// Its process was ended by this signal.
  case killed(Int32)
  /// It gave no answer in time.
  case silent(limit: Duration, during: String)
  /// It closed its output and lives on.
  case hungUp
  /// It sent something that is no answer.
  case lied(String)
  /// Its process could not be started.
  case notStarted(reason: String)
}

extension WorkerFault {
  /// The last lines of a worker, in words that follow on what it did; nothing where there are none.
  static func said(_ lines: [String]) -> String {
    lines.isEmpty ? "" : "; it said: " + lines.joined(separator: " / ")
  }
}

extension WorkerFault: CustomStringConvertible {
  /// What it did, in words that follow on "the worker".
  public var description: String {
    switch self {
    case .exited(let code): "ended with exit code \(code)"
    case .killed(let number): "was killed by signal \(number)"
    case .silent(let limit, let activity):
      "gave no answer within \(limit.formatted(.units(allowed: [.seconds, .milliseconds]))) while \(activity)"
    case .hungUp: "closed its output"
    case .lied(let reason): "sent something that is no answer: \(reason)"
    case .notStarted(let reason): "could not be started: \(reason)"
    }
  }
}
