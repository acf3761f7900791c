public import TorchNN
public import TruceEnvironments
public import TruceRun
public import TruceTasks

/// What learns under a ``TrainingLoop``: it takes steps, measures itself and knows what its next step depends on.
///
/// The loop counts steps and epochs, tells handlers and keeps checkpoints; it knows nothing of data, tasks or
/// optimizers, and the learner nothing of handlers.
public protocol Learner: AnyObject {
  /// What a run's record begins with: tasks, sizes and the steps of an epoch.
  func beginning(epochs: Int) -> RunBeginning

  /// The splits that ``measure()`` tells of; the first is the one that decides.
  var splits: [String] { get }

  /// What makes an epoch the best one.
  var score: EpochScore { get }

  /// The environments in which it acts, by what they are for; none where it learns from labelled data.
  var environments: [String: EnvironmentsRecord] { get }

  /// The seconds in which the steps of the epoch waited for their data; none where they lie in memory.
  var waitedSeconds: Double { get }

  /// Prepares an epoch, or the rest of one.
  func beginEpoch(at position: TrainingPosition) throws

  /// Takes one step.
  ///
  /// - Parameters:
  ///   - position: Where training stands before the step.
  ///   - means: The means of the epoch, to which the step adds what it knows.
  /// - Returns: What was done; nil at the epoch's end, where there is no step to take.
  /// - Throws: ``Divergence`` where a value that is not finite makes the step impossible.
  func step(at position: TrainingPosition, addingTo means: inout RunningMeans) throws -> LearnerStep?

  /// Ends an epoch.
  ///
  /// - Returns: What there is to record of it beside the means, by `MetricKey`.
  /// - Throws: ``Divergence`` where a mean that is not finite makes going on impossible.
  func endEpoch(means: RunningMeans) throws -> [String: Double]

  /// Measures the learner: losses and metrics on every split, by `MetricKey`.
  func measure() throws -> [String: Double]

  /// What of the learned state is not finite, such as `the parameter 'trunk.0.weight'`; nil where all is.
  func nonFiniteState() -> String?

  /// The tensors that the next step depends on, under names that do not change.
  func stateTensors() -> NamedTensors

  /// Writes all else that the next step depends on.
  func encodeState(to encoder: any Encoder) throws

  /// Replaces the state by one written before.
  ///
  /// - Throws: ``ForeignState`` where it is another learner's, or `DecodingError` where it is none at all; the
  ///   learner is then not to be used.
  func restore(_ tensors: NamedTensors, from decoder: any Decoder) throws
}

extension Learner {
  /// None.
  public var environments: [String: EnvironmentsRecord] { [:] }

  /// None.
  public var waitedSeconds: Double { 0 }
}

/// What one step did, as handlers and logs are told.
public struct LearnerStep: Sendable {
  /// The loss of each task; nil for one that took no part.
  public var losses: [Double?]
  /// What logs tell of the step, by `MetricKey`.
  public var values: [String: Double]
  /// Why nothing moved; nil where something did.
  public var skipReason: String?
  /// Whether something was measured because this step's turn had come, so that logs tell of it in any case.
  public var isNotable: Bool

  /// Creates a description of a step.
  public init(
    losses: [Double?], values: [String: Double] = [:], skipReason: String? = nil, isNotable: Bool = false
  ) {
    self.losses = losses
    self.values = values
    self.skipReason = skipReason
    self.isNotable = isNotable
  }
}

/// A loss, a gradient, a weight or a parameter is not finite, and training cannot go on.
public struct Divergence: Error, Equatable {
  /// What is not finite, in words.
  public let reason: String

  /// Creates the error.
  public init(_ reason: String) {
    self.reason = reason
  }
}

/// A saved state that belongs to another learner.
public struct ForeignState: Error, Equatable {
  /// Which part of the saved state says so.
  public enum Part: Sendable {
    /// The tensors.
    case tensors
    /// The rest.
    case record
  }

  /// The part.
  public let part: Part
  /// How it differs, in words.
  public let reason: String

  /// Creates the error.
  public init(_ part: Part, _ reason: String) {
    self.part = part
    self.reason = reason
  }
}
