import TruceRun

/// Ends training that no longer moves: too many steps in a row were skipped for values that are not finite.
public final class StopOnSkippedSteps: TrainingHandler {
  private let limit: Int
  private var skipped = 0

  /// Creates a watch.
  ///
  /// - Parameter limit: Steps in a row that may be skipped.
  public init(limit: Int = 100) {
    self.limit = limit
  }

  /// Counts skipped steps.
  ///
  /// - Throws: ``TrainingError/diverged(step:reason:)`` once the limit is passed.
  public func handle(_ event: TrainingEvent, at progress: TrainingProgress) throws {
    guard case .stepped(let step) = event else { return }
    guard let reason = step.step.skipReason else {
      skipped = 0
      return
    }
    skipped += 1
    if skipped > limit {
      throw TrainingError.diverged(
        step: progress.position.step,
        reason:
          "\(Counted.text(skipped, "step")) in a row \(skipped == 1 ? "was" : "were") skipped: \(reason)")
    }
  }
}

extension HandlerEntry {
  /// The line of the end of training that only skips steps.
  static let skippedSteps = HandlerEntry(name: "skipped-steps") { _ in StopOnSkippedSteps() }
}
