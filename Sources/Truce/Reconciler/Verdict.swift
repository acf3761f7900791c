/// What a ``Reconciler`` decides about a step.
public struct Verdict: Equatable, Sendable {
  /// The numbers that the collected gradients are to be combined with, one list for each group.
  ///
  /// They belong to gradients of the plain losses and hold everything: the method's weights, the weighting in
  /// front, the scale and the clipping. Where mixtures of losses were asked for, there is a number for each
  /// mixture. Empty where the step is over, and where the rule is more than a combination.
  public var factors: [[Double]]
  /// The weights on the task gradients before scale and clipping, one list of K numbers for each group.
  public var weights: [[Double]]
  /// The weights a loss weighting put on the losses, or nil where none was asked.
  public var lossWeights: [Double]?
  /// The tasks to leave out because a value of theirs is not finite; their rows must count as zero.
  public var droppedTasks: [Int]
  /// Why no parameter is to change in this step, or nil.
  public var skipReason: MethodError?

  init(_ step: ReconcilerStep, factors: [[Double]] = [], weights: [[Double]] = []) {
    self.factors = factors
    self.weights = weights
    lossWeights = step.lossWeights
    droppedTasks = step.dropped
    skipReason = step.skipReason
  }
}

/// Which gradients a step needs.
public enum GradientRequest: Equatable, Sendable {
  /// One backward pass of the sum of the losses with these weights; there is no more to decide but the length.
  case weightedSum([Double])
  /// The gradient of every task that takes part.
  case taskGradients
  /// The gradients of these mixtures of the losses, each K numbers, which are fewer than the tasks.
  ///
  /// A weighting in front is already in them.
  case mixtures([[Double]])
  /// Nothing: no task takes part, or the step is skipped.
  case nothing
}

extension GradientConvention {
  /// What an update of this length is to be multiplied by.
  ///
  /// - Parameters:
  ///   - length: The length before; nil where it is not needed because nothing is cut.
  ///   - taskCount: The number of tasks, K.
  public func factor(length: Double?, taskCount: Int) -> Double {
    let scale = multipliesByTaskCount ? Double(taskCount) : 1
    guard let maximumNorm, let length, length * scale > maximumNorm else { return scale }
    return maximumNorm / length
  }

  /// The weights after scaling and clipping; the length of the whole combination follows from the Gramians.
  func factors(weights: [[Double]], gramians: [Gramian], taskCount: Int) -> [[Double]] {
    let scaled = multipliesByTaskCount ? weights.map { $0.map { $0 * Double(taskCount) } } : weights
    guard let maximumNorm else { return scaled }
    let norm = zip(gramians, scaled).reduce(0) { $0 + $1.0.squaredNorm(of: $1.1) }.squareRoot()
    return norm > maximumNorm ? scaled.map { $0.map { $0 * maximumNorm / norm } } : scaled
  }

  /// The direction after scaling and clipping.
  func applied<Vector: GradientVector>(to direction: Vector, taskCount: Int) -> Vector {
    let scaled = multipliesByTaskCount ? direction.scaled(by: Double(taskCount)) : direction
    guard let maximumNorm else { return scaled }
    let norm = scaled.length()
    return norm > maximumNorm ? scaled.scaled(by: maximumNorm / norm) : scaled
  }
}
