public import Truce

/// What one training step did, as a value for handlers and logs.
public struct StepReport: Sendable, Equatable {
  /// The loss of each task; nil for one that had no labels in the batch.
  public var losses: [Double?]
  /// The weights a loss weighting put on the losses, or nil where none is in use.
  public var lossWeights: [Double]?
  /// The weights on the task gradients, one list for each group; nil for methods that have none.
  public var weights: [[Double]]?
  /// The inner products of the task gradients over the whole target, before any weighting; nil where the step got by
  /// without them.
  public var gramian: Gramian?
  /// How much the task gradients disagree, where that was asked for.
  public var conflict: ConflictMeasurement?
  /// Tasks left out because their loss or gradient was not finite.
  public var droppedTasks: [Int]
  /// The reason why no parameter changes in this step, or nil.
  public var skipReason: MethodError?
  /// Where the time went.
  public var timings: StepTimings

  /// Creates a report.
  public init(
    losses: [Double?], lossWeights: [Double]? = nil, weights: [[Double]]? = nil, gramian: Gramian? = nil,
    conflict: ConflictMeasurement? = nil, droppedTasks: [Int] = [], skipReason: MethodError? = nil,
    timings: StepTimings = StepTimings()
  ) {
    self.losses = losses
    self.lossWeights = lossWeights
    self.weights = weights
    self.gramian = gramian
    self.conflict = conflict
    self.droppedTasks = droppedTasks
    self.skipReason = skipReason
    self.timings = timings
  }
}

/// Seconds spent in the parts of a step.
public struct StepTimings: Sendable, Equatable {
  /// The backward passes.
  public var gradients: Double
  /// The inner products of the gradients.
  public var gramian: Double
  /// The method's weights.
  public var weights: Double
  /// Combining the rows and handing them to the parameters.
  public var combination: Double

  /// Creates timings.
  public init(gradients: Double = 0, gramian: Double = 0, weights: Double = 0, combination: Double = 0) {
    self.gradients = gradients
    self.gramian = gramian
    self.weights = weights
    self.combination = combination
  }
}
