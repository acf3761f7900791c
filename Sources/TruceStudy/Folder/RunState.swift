public import TruceRun

/// How a run of a study stands, as its folder tells it.
public enum RunState: Equatable, Sendable {
  /// It has not begun.
  case pending
  /// A worker is at it.
  case running
  /// It was stopped or killed and can be continued.
  case interrupted
  /// It is done.
  case finished
  /// It diverged, which is a result.
  case diverged(reason: String?)
  /// It failed.
  case failed(reason: String?)
  /// It was called off.
  case cancelled
  /// A file of it cannot be read, as after a power cut: it is run again.
  case damaged(reason: String)

  /// Whether nothing remains to be done.
  public var isSettled: Bool {
    switch self {
    case .finished, .diverged, .cancelled: true
    case .pending, .running, .interrupted, .failed, .damaged: false
    }
  }

  /// Whether a file of the run cannot be read.
  var isDamaged: Bool { if case .damaged = self { true } else { false } }

  /// The state in one word.
  public var word: String {
    switch self {
    case .pending: "pending"
    case .running: "running"
    case .interrupted: "interrupted"
    case .finished: "finished"
    case .diverged: "diverged"
    case .failed: "failed"
    case .cancelled: "cancelled"
    case .damaged: "damaged"
    }
  }

  /// Why, where it did not finish.
  public var reason: String? {
    switch self {
    case .diverged(let reason), .failed(let reason): reason
    case .damaged(let reason): reason
    default: nil
    }
  }

  /// Reads the state of a run's folder.
  public init(of directory: RunDirectory) {
    do throws(RunError) {
      self.init(of: directory, summary: try directory.summary())
    } catch {
      self = directory.isClaimed ? .running : .damaged(reason: "\(error)")
    }
  }

  private init(of directory: RunDirectory, summary: RunSummary?) {
    switch summary?.status {
    case .finished: self = .finished
    case .diverged: self = .diverged(reason: summary?.reason)
    case .cancelled: self = .cancelled
    case nil, .interrupted, .failed:
      if directory.isClaimed {
        self = .running
      } else if let summary, summary.status == .failed {
        self = .failed(reason: summary.reason)
      } else {
        self = directory.hasBegun ? .interrupted : .pending
      }
    }
  }
}
