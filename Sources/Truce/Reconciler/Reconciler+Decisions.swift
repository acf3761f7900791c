// The second half of a step: gradients, or their inner products, to weights.

extension Reconciler {
  /// Takes in the inner products of the task gradients and asks the weighting in front.
  ///
  /// To be asked by those who do more with the gradients than combining them; ``decide(_:gramian:groups:)`` and its
  /// like include it.
  ///
  /// - Throws: ``MethodError`` naming the task whose gradient is not finite, under the policy to throw.
  public mutating func weigh(
    _ step: inout ReconcilerStep, gramian: Gramian
  ) throws(MethodError) {
    try settle(&step) { (reconciler, step) throws(MethodError) in
      try reconciler.take(gramian, &step)
    }
  }

  /// Leaves out tasks whose gradients are not finite, or ends the step; then asks the weighting in front.
  private mutating func take(_ gramian: Gramian, _ step: inout ReconcilerStep) throws(MethodError) {
    try requireFit(gramian.taskCount)
    var gramian = gramian.without(step.absent)
    while !step.isOver, let task = gramian.firstNonFiniteTask {
      try step.blame(task, what: "gradient", under: gradientPolicy)
      gramian = gramian.without([task])
    }
    guard !step.isOver else { return }
    step.gramian = gramian
    try askWeighting(&step)
  }

  /// Decides on the weights of the task gradients.
  ///
  /// - Parameters:
  ///   - step: The step.
  ///   - gramian: The inner products over all shared parameters, of the plain losses' gradients.
  ///   - groups: Those over each group of parameters; none where there is one group only.
  /// - Throws: ``MethodError``.
  public mutating func decide(
    _ step: inout ReconcilerStep, gramian: Gramian, groups: [Gramian] = []
  ) throws(MethodError) -> Verdict {
    var result: (factors: [[Double]], weights: [[Double]]) = ([], [])
    try settle(&step) { (reconciler, step) throws(MethodError) in
      try reconciler.take(gramian, &step)
      guard !step.isOver, let whole = step.gramian else { return }
      let parts = groups.count > 1 ? groups.map { $0.without(step.absent) } : [whole]
      result.weights = try reconciler.weights(of: parts, step)
      result.factors = try reconciler.factors(result.weights, parts)
    }
    return Verdict(step, factors: result.factors, weights: result.weights)
  }

  private mutating func weights(
    of gramians: [Gramian], _ step: ReconcilerStep
  ) throws(MethodError) -> [[Double]] {
    var answers: [[Double]] = []
    for (group, gramian) in gramians.enumerated() {
      let seen = try step.lossWeights.map { (weights) throws(MethodError) in
        try gramian.scaled(by: weights).checked()
      }
      let answer = try weights(ofGroup: group, seen ?? gramian, step)
      answers.append(step.lossWeights.map { zip(answer, $0).map { $0 * $1 } } ?? answer)
    }
    return answers
  }

  private mutating func weights(
    ofGroup group: Int, _ gramian: Gramian, _ step: ReconcilerStep
  ) throws(MethodError) -> [Double] {
    switch rule {
    case .gramian(var grouped):
      let weights = try grouped.weights(
        ofGroup: group, gramian: gramian, step: step, using: &generator)
      rule = .gramian(grouped)
      return weights
    case .sumOfGradients: return step.spread(step.present.map { _ in 1 })
    default:
      throw .notApplicable(
        method: method.name, reason: "does not find its weights from the Gramian of one batch alone")
    }
  }

  /// Decides on the weights of the mixtures that ``request(_:)`` asked for.
  ///
  /// - Parameters:
  ///   - step: The step.
  ///   - gramians: The inner products of the mixtures' gradients, over each group; all finite.
  /// - Throws: ``MethodError``; where an entry is not finite the tasks must be differentiated one by one and
  ///   ``decide(_:gramian:groups:)`` be asked, to find the one to blame.
  public mutating func decide(
    _ step: inout ReconcilerStep, mixtureGramians gramians: [Gramian]
  ) throws(MethodError) -> Verdict {
    guard case .gramian(let grouped) = rule, let sampling = grouped.sampling, let mixtures = step.mixtures
    else {
      throw .notApplicable(method: method.name, reason: "has asked for no mixtures of the losses")
    }
    var result: (factors: [[Double]], weights: [[Double]]) = ([], [])
    try settle(&step) { (reconciler, step) throws(MethodError) in
      var onMixtures: [[Double]] = []
      for gramian in gramians {
        onMixtures.append(
          try sampling.weights(
            mixtureGramian: gramian.checked(), mixtures: mixtures, taskCount: step.present.count))
      }
      result.weights = onMixtures.map { step.weightsOfTasks(onMixtures: $0, mixtures) }
      result.factors = try reconciler.factors(onMixtures, gramians)
    }
    return Verdict(step, factors: result.factors, weights: result.weights)
  }

  /// Decides on the weights of a batch's gradients from the inner products of two others.
  ///
  /// - Parameters:
  ///   - step: The step, of the batch that the network moves along.
  ///   - gramian: The inner products of that batch's gradients.
  ///   - crossGramian: Those of the gradients of two further batches.
  /// - Throws: ``MethodError``.
  public mutating func decide(
    _ step: inout ReconcilerStep, gramian: Gramian, crossGramian: CrossGramian
  ) throws(MethodError) -> Verdict {
    try requireFit(crossGramian.taskCount)
    var result: (factors: [[Double]], weights: [[Double]]) = ([], [])
    try settle(&step) { (reconciler, step) throws(MethodError) in
      try reconciler.take(gramian, &step)
      let cross = try reconciler.finite(crossGramian, &step)
      guard !step.isOver, let gramian = step.gramian else { return }
      result.weights = [try reconciler.weights(of: cross, step)]
      result.factors = try reconciler.factors(result.weights, [gramian])
    }
    return Verdict(step, factors: result.factors, weights: result.weights)
  }

  /// Leaves out tasks whose gradients in the further batches are not finite, or ends the step.
  private func finite(
    _ crossGramian: CrossGramian, _ step: inout ReconcilerStep
  ) throws(MethodError) -> CrossGramian {
    var cross = crossGramian.without(step.absent)
    while !step.isOver, let task = cross.firstNonFiniteTask {
      try step.blame(task, what: "gradient", under: gradientPolicy)
      cross = cross.without([task])
    }
    step.gramian = step.gramian?.without(step.absent)
    return cross
  }

  private mutating func weights(
    of crossGramian: CrossGramian, _ step: ReconcilerStep
  ) throws(MethodError) -> [Double] {
    guard case .crossGramian(var running) = rule else {
      throw .notApplicable(method: method.name, reason: "compares no two batches")
    }
    let seen = step.lossWeights.map { crossGramian.scaled(by: $0) } ?? crossGramian
    if let task = seen.firstNonFiniteTask { throw .nonFinite(task: task, what: "gradient") }
    let answer = try running.weights(crossGramian: seen, context: step.context, using: &generator)
    try answer.requireFiniteWeights()
    rule = .crossGramian(running)
    let masked = step.masked(answer)
    return step.lossWeights.map { zip(masked, $0).map { $0 * $1 } } ?? masked
  }

  /// The weights after scale and clipping, every one of them finite.
  func factors(_ weights: [[Double]], _ gramians: [Gramian]) throws(MethodError) -> [[Double]] {
    let factors = settings.convention.factors(weights: weights, gramians: gramians, taskCount: taskCount)
    for group in factors { try group.requireFiniteWeights() }
    return factors
  }

  /// Throws unless there is a gradient for each task.
  func requireFit(_ count: Int) throws(MethodError) {
    guard count == taskCount else {
      throw .wrongCount(what: "task gradients", expected: taskCount, received: count)
    }
  }
}

extension [Double] {
  /// Throws ``MethodError/nonFinite(task:what:)`` at the first of these weights that is not finite.
  func requireFiniteWeights() throws(MethodError) {
    if let task = firstIndex(where: { !$0.isFinite }) { throw .nonFinite(task: task, what: "weight") }
  }
}

extension Gramian {
  /// The Gramian itself, once every entry is finite.
  ///
  /// - Throws: ``MethodError/nonFinite(task:what:)``.
  fileprivate func checked() throws(MethodError) -> Gramian {
    if let task = firstNonFiniteTask { throw .nonFinite(task: task, what: "gradient") }
    return self
  }
}

extension ReconcilerStep {
  /// The weights on the K task gradients that weights on mixtures of them amount to.
  fileprivate func weightsOfTasks(onMixtures weights: [Double], _ mixtures: [[Double]]) -> [Double] {
    let shares = present.indices.map { place in
      zip(weights, mixtures).reduce(0) { $0 + $1.0 * $1.1[place] }
    }
    let all = spread(shares)
    return lossWeights.map { zip(all, $0).map { $0 * $1 } } ?? all
  }
}
