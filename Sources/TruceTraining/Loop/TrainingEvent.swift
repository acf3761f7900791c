public import TruceRun

/// What happens in training, as handlers are told.
public enum TrainingEvent: Sendable {
  /// The first step is about to be taken, or the first after a resumption.
  case began(RunBeginning)
  /// A step has been taken.
  case stepped(StepEvent)
  /// An epoch has ended and the splits were measured.
  case epochEnded(EpochEvent)
  /// No further step will be taken.
  case ended(RunEnding)
}

/// One step.
public struct StepEvent: Sendable {
  /// Seconds the step took, data and optimizer included.
  public let seconds: Double
  /// What the learner did.
  public let step: LearnerStep

  /// Creates an event.
  public init(seconds: Double, step: LearnerStep) {
    self.seconds = seconds
    self.step = step
  }
}

/// The end of an epoch.
public struct EpochEvent: Sendable {
  /// Means over the epoch and measurements after it, by metric key.
  public let values: [String: Double]
  /// Whether the splits were measured after this epoch.
  public let isMeasured: Bool
  /// Whether the epoch is the best one so far.
  public let isBest: Bool
  /// Whether no further epoch will follow.
  public let isLast: Bool

  /// Creates an event.
  public init(values: [String: Double], isMeasured: Bool, isBest: Bool = false, isLast: Bool = false) {
    self.values = values
    self.isMeasured = isMeasured
    self.isBest = isBest
    self.isLast = isLast
  }
}

/// Something that watches training: progress, logs, checkpoints, early stopping.
///
/// A handler is given values: what happened, and where training stands after it. What else it looks at, such as the
/// network, it was made with; the training loop knows none of them.
public protocol TrainingHandler: AnyObject {
  /// Takes notice of an event.
  ///
  /// - Throws: What should end training.
  func handle(_ event: TrainingEvent, at progress: TrainingProgress) throws
}
