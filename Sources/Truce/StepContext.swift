/// What a method may know of the training step beside the gradients.
public struct StepContext: Equatable, Sendable {
  /// The K task losses of this batch.
  public var losses: [Double]

  /// The K gradient lengths `|gᵢ|` on the shared parameters, filled in for a method that needs them
  /// (``MethodNeeds/gradientNorms``).
  public var gradientNorms: [Double]?

  /// The epoch, from 0.
  public var epoch: Int

  /// The step since training began, from 0.
  public var iteration: Int

  /// The current learning rate of the network's optimizer, for methods that train their own
  /// parameters along with the network; nil where there is no optimizer.
  public var learningRate: Double?

  /// Creates the context of one step.
  public init(
    losses: [Double], gradientNorms: [Double]? = nil, epoch: Int = 0, iteration: Int = 0,
    learningRate: Double? = nil
  ) {
    self.losses = losses
    self.gradientNorms = gradientNorms
    self.epoch = epoch
    self.iteration = iteration
    self.learningRate = learningRate
  }

  /// Creates the context of a step at a position.
  init(losses: [Double], position: StepPosition, learningRate: Double?) {
    self.init(
      losses: losses, epoch: position.epoch, iteration: position.iteration, learningRate: learningRate)
  }

  /// The optimizer's learning rate.
  ///
  /// - Throws: ``MethodError/notApplicable(method:reason:)`` where there is none.
  public func requireLearningRate(for method: String) throws(MethodError) -> Double {
    guard let learningRate else {
      throw .notApplicable(method: method, reason: "needs the learning rate of the network's optimizer")
    }
    return learningRate
  }

  /// Throws ``MethodError/nonFinite(task:what:)`` at the first loss that is not finite.
  public func requireFiniteLosses() throws(MethodError) {
    if let task = losses.firstIndex(where: { !$0.isFinite }) {
      throw .nonFinite(task: task, what: "loss")
    }
  }

  /// Throws at the first loss that is not finite or not greater than `bound`, for methods that take a
  /// logarithm of the losses or divide by them.
  ///
  /// - Throws: ``MethodError/nonFinite(task:what:)`` or
  ///   ``MethodError/lossOutOfDomain(method:task:rule:received:)``.
  public func requireLosses(above bound: Double, for method: String) throws(MethodError) {
    try requireFiniteLosses()
    if let task = losses.firstIndex(where: { $0 <= bound }) {
      throw .lossOutOfDomain(
        method: method, task: task, rule: "greater than \(OptionValue.text(of: bound))",
        received: losses[task])
    }
  }

  /// Throws unless there is one loss for each task, for Gramian methods that read the losses.
  ///
  /// - Throws: ``MethodError/wrongCount(what:expected:received:)``.
  public func requireLosses(count taskCount: Int) throws(MethodError) {
    guard losses.count == taskCount else {
      throw .wrongCount(what: "losses", expected: taskCount, received: losses.count)
    }
  }

  /// Throws at the first loss that is not finite or less than 0.
  ///
  /// - Throws: ``MethodError/nonFinite(task:what:)`` or
  ///   ``MethodError/lossOutOfDomain(method:task:rule:received:)``.
  public func requireNonNegativeLosses(for method: String) throws(MethodError) {
    try requireFiniteLosses()
    if let task = losses.firstIndex(where: { $0 < 0 }) {
      throw .lossOutOfDomain(method: method, task: task, rule: "at least 0", received: losses[task])
    }
  }
}
