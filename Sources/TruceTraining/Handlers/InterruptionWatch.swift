/// Ends training after the current step once somebody asks for it, such as a signal handler.
public final class InterruptionWatch: TrainingHandler {
  private let isRequested: () -> Bool
  private let beforeEnding: (TrainingProgress) throws -> Void

  /// Creates a watch.
  ///
  /// - Parameters:
  ///   - isRequested: Asked after every step.
  ///   - beforeEnding: What is done first, such as writing a checkpoint; given where training stands.
  public init(isRequested: @escaping () -> Bool, beforeEnding: @escaping (TrainingProgress) throws -> Void) {
    self.isRequested = isRequested
    self.beforeEnding = beforeEnding
  }

  /// Asks after every step.
  ///
  /// - Throws: ``TrainingInterruption``.
  public func handle(_ event: TrainingEvent, at progress: TrainingProgress) throws {
    guard case .stepped = event, isRequested() else { return }
    try beforeEnding(progress)
    throw TrainingInterruption()
  }
}

/// Training was asked to end early; a checkpoint has been written.
public struct TrainingInterruption: Error {}

extension HandlerEntry {
  /// The line of the end that was asked for, with a checkpoint.
  static let interruption = HandlerEntry(name: "interruption") { run in
    InterruptionWatch(isRequested: run.isInterrupted) { try run.store.saveLast(run.learner, $0) }
  }
}
