import TruceRun

/// Writes checkpoints: after every n-th epoch and every n-th step, after the last epoch, and of the best one.
public final class Checkpointing: TrainingHandler {
  private let store: CheckpointStore
  private let learner: any Learner
  private let epochInterval: Int
  private let stepInterval: Int?

  /// Creates a handler.
  ///
  /// - Parameters:
  ///   - store: Where checkpoints lie.
  ///   - learner: Whose state is kept.
  ///   - epochInterval: Epochs between two checkpoints; the last epoch always has one.
  ///   - stepInterval: Steps between two checkpoints; nil for none within an epoch.
  public init(store: CheckpointStore, of learner: any Learner, epochInterval: Int, stepInterval: Int?) {
    self.store = store
    self.learner = learner
    self.epochInterval = max(epochInterval, 1)
    self.stepInterval = stepInterval
  }

  /// Writes what is due.
  ///
  /// - Throws: `RunError` where it cannot be written, or ``TrainingError/diverged(step:reason:)`` where what was learned
  ///   is not finite.
  public func handle(_ event: TrainingEvent, at progress: TrainingProgress) throws {
    switch event {
    case .stepped:
      if let stepInterval, progress.position.step % stepInterval == 0 {
        try store.saveLast(learner, progress)
      }
    case .epochEnded(let epoch):
      // The loop has looked at what was learned when it ended the epoch.
      if epoch.isBest { try store.saveBest(learner, progress, isKnownFinite: true) }
      if epoch.isLast || progress.position.epoch % epochInterval == 0 {
        try store.saveLast(learner, progress, isKnownFinite: true)
      }
    case .began, .ended: break
    }
  }
}

extension HandlerEntry {
  /// The line of checkpoints.
  static let checkpoints = HandlerEntry(name: "checkpoints") { run in
    Checkpointing(
      store: run.store, of: run.learner, epochInterval: run.configuration.checkpointEvery,
      stepInterval: run.configuration.checkpointEverySteps)
  }
}
