// The first half of a step: who takes part, and which gradients are needed.

extension Reconciler {
  /// Begins a step: finds out who takes part.
  ///
  /// - Parameters:
  ///   - losses: The loss of each task; nil for one without labels in the batch.
  ///   - position: Where training stands.
  ///   - learningRate: The current rate of the network's optimizer; nil where there is none.
  /// - Throws: ``MethodError`` naming a task whose loss is not finite, under the policy to throw.
  public mutating func begin(
    losses: [Double?], at position: StepPosition = StepPosition(), learningRate: Double?
  ) throws(MethodError) -> ReconcilerStep {
    guard losses.count == taskCount else {
      throw .wrongCount(what: "losses", expected: taskCount, received: losses.count)
    }
    var step = ReconcilerStep(
      losses: losses, context: StepContext(losses: [], position: position, learningRate: learningRate))
    for task in step.present where losses[task]?.isFinite == false && !step.isOver {
      try step.blame(task, what: "loss", under: settings.nonFinite)
    }
    if !step.isOver { step.context.losses = memory.complete(losses) }
    return step
  }

  /// Begins a step in which all tasks take part and no losses are known.
  ///
  /// - Throws: ``MethodError/notApplicable(method:reason:)`` where a weighting would need them.
  public mutating func beginWithoutLosses(
    at position: StepPosition = StepPosition(), learningRate: Double?
  ) throws(MethodError) -> ReconcilerStep {
    if let front = weighting {
      throw .notApplicable(method: front.name, reason: "needs the losses of the tasks")
    }
    return ReconcilerStep(
      losses: [Double](repeating: 1, count: taskCount),
      context: StepContext(losses: [], position: position, learningRate: learningRate))
  }

  /// Says which gradients the step needs.
  ///
  /// - Throws: ``MethodError`` of a weighting that is asked before there are gradients.
  public mutating func request(_ step: inout ReconcilerStep) throws(MethodError) -> GradientRequest {
    var result = GradientRequest.nothing
    try settle(&step) { (reconciler, step) throws(MethodError) in
      result = try reconciler.requested(&step)
    }
    return step.isOver ? .nothing : result
  }

  private mutating func requested(_ step: inout ReconcilerStep) throws(MethodError) -> GradientRequest {
    switch rule {
    case .weightedSum:
      try askWeighting(&step)
      return .weightedSum(step.lossWeights ?? [Double](repeating: 1, count: taskCount))
    case .gramian(let grouped):
      guard let sampling = grouped.sampling, !frontReadsLengths else { return .taskGradients }
      return try mixtures(of: sampling, &step)
    default: return .taskGradients
    }
  }

  /// Draws the mixtures to differentiate where they are fewer than the tasks; otherwise nothing is drawn yet.
  private mutating func mixtures(
    of sampling: some TaskSampling, _ step: inout ReconcilerStep
  ) throws(MethodError) -> GradientRequest {
    var (ahead, stepAhead) = (self, step)
    try ahead.askWeighting(&stepAhead)
    let drawn = try sampling.restricted(to: step.present)
      .mixtures(taskCount: step.present.count, using: &ahead.generator)
    guard drawn.count < step.present.count else { return .taskGradients }
    (self, step) = (ahead, stepAhead)
    step.mixtures = drawn
    return .mixtures(
      drawn.map { mixture in
        let shares = step.spread(mixture)
        return step.lossWeights.map { zip(shares, $0).map { $0 * $1 } } ?? shares
      })
  }

  /// Asks the weighting in front, once a step.
  mutating func askWeighting(_ step: inout ReconcilerStep) throws(MethodError) {
    guard step.lossWeights == nil, var asked = front else { return }
    var context = step.context
    context.gradientNorms = step.gramian?.norms
    let weights = try asked.weights(context: context, using: &generator)
    try weights.requireFiniteWeights()
    front = asked
    step.lossWeights = weights
  }

  /// Does something to a copy, and keeps it only if it neither throws nor skips the step.
  mutating func settle(
    _ step: inout ReconcilerStep,
    _ body: (inout Reconciler, inout ReconcilerStep) throws(MethodError) -> Void
  ) throws(MethodError) {
    guard !step.isOver else { return }
    var advanced = self
    do {
      try body(&advanced, &step)
      if !step.isOver { self = advanced }
    } catch { try step.skip(because: error, under: settings.nonFinite) }
  }
}
