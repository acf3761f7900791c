public import TruceRun
public import TruceTorch

/// What happens in training, as handlers are told.
public enum TrainingEvent: Sendable {
  /// The first step is about to be taken, or the first after a resumption.
  case began(RunBeginning, TrainingPosition)
  /// A step has been taken.
  case stepped(StepEvent)
  /// An epoch has ended and the splits were measured.
  case epochEnded(EpochEvent)
  /// No further step will be taken.
  case ended(RunEnding)
}

/// How far training has come.
public struct TrainingPosition: Codable, Equatable, Sendable {
  /// Epochs completed.
  public var epoch = 0
  /// Batches of the current epoch completed.
  public var batch = 0
  /// Steps taken since training began.
  public var step = 0

  /// The beginning.
  public init() {}
}

/// One step.
public struct StepEvent: Sendable {
  /// Where training stands after the step.
  public let position: TrainingPosition
  /// Seconds of training so far.
  public let seconds: Double
  /// Seconds the step took, data and optimizer included.
  public let stepSeconds: Double
  /// What the step did.
  public let report: StepReport
  /// The optimizer's learning rate.
  public let learningRate: Double

  /// The conflict between the tasks, at the steps where it is measured.
  public var conflict: ConflictMeasurement? { report.conflict }
}

/// The end of an epoch.
public struct EpochEvent: Sendable {
  /// Where training stands.
  public let position: TrainingPosition
  /// Seconds of training so far.
  public let seconds: Double
  /// Means over the epoch and measurements after it, by metric key.
  public let values: [String: Double]
  /// Whether the splits were measured after this epoch.
  public let isMeasured: Bool
}

/// Something that watches training: progress, logs, checkpoints, early stopping.
///
/// The training loop knows none of them.
public protocol TrainingHandler: AnyObject {
  /// Takes notice of an event.
  ///
  /// - Throws: What should end training.
  func handle(_ event: TrainingEvent, of trainer: Trainer) throws
}
