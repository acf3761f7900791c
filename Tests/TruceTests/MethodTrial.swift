import Truce

/// A method at work by itself in a reconciler, with the randomness in the test's hands.
struct MethodTrial {
  private(set) var reconciler: Reconciler
  var buffers: [String: [HostVector]] = [:]
  private let taskCount: Int
  private let method: AnyMethod

  init(_ method: AnyMethod, taskCount: Int) throws {
    self.method = method
    self.taskCount = taskCount
    reconciler = try Reconciler(method, taskCount: taskCount)
  }

  var about: MethodDescription { reconciler.method }

  // MARK: Steps

  private mutating func step<Result>(
    _ context: StepContext, _ source: inout RandomSource,
    _ body: (inout Reconciler, inout ReconcilerStep) throws -> Result
  ) throws -> Result {
    reconciler.generator = source
    defer { source = reconciler.generator }
    let position = StepPosition(epoch: context.epoch, iteration: context.iteration)
    // Where a test says nothing of the optimizer it has a small learning rate.
    let rate = context.learningRate ?? 1e-3
    var step =
      context.losses.isEmpty
      ? try reconciler.beginWithoutLosses(at: position, learningRate: rate)
      : try reconciler.begin(losses: context.losses, at: position, learningRate: rate)
    return try body(&reconciler, &step)
  }

  /// A loss weighting's weights; gradients of the lengths given are taken to be at right angles.
  mutating func weights(context: StepContext, using source: inout RandomSource) throws -> [Double] {
    try step(context, &source) { reconciler, step in
      if case .weightedSum(let weights) = try reconciler.request(&step) { return weights }
      let lengths = context.gradientNorms ?? context.losses.map { _ in 1 }
      let gramian = Gramian(taskCount: lengths.count) { $0 == $1 ? lengths[$0] * lengths[$0] : 0 }
      return try reconciler.decide(&step, gramian: gramian).lossWeights ?? []
    }
  }

  mutating func weights(
    gramian: Gramian, context: StepContext, using source: inout RandomSource
  ) throws -> [Double] {
    try step(context, &source) { try $0.decide(&$1, gramian: gramian).weights[0] }
  }

  mutating func weights(
    crossGramian: CrossGramian, context: StepContext, using source: inout RandomSource
  ) throws -> [Double] {
    let gramian = Gramian(taskCount: taskCount) { $0 == $1 ? 1 : 0 }
    return try step(context, &source) {
      try $0.decide(&$1, gramian: gramian, crossGramian: crossGramian).weights[0]
    }
  }

  mutating func direction(
    rows: HostRows, context: StepContext, using source: inout RandomSource
  ) throws -> HostVector {
    var remembered = buffers
    defer { buffers = remembered }
    let outcome = try step(context, &source) {
      try $0.reconcile(&$1, gramian: rows.gramian(), rows: rows, buffers: &remembered)
    }
    guard case .direction(let vector) = outcome else {
      throw MethodError.notApplicable(method: about.name, reason: "gave no direction")
    }
    return vector
  }

  // MARK: Losses and state

  mutating func observe(lossesAfterStep losses: [Double]) throws {
    try reconciler.observe(lossesAfterStep: losses)
  }
  mutating func endEpoch(meanLosses: [Double]) throws { try reconciler.endEpoch(meanLosses: meanLosses) }
  func encodeState(to encoder: any Encoder) throws { try reconciler.encodeState(to: encoder) }
  mutating func decodeState(from decoder: any Decoder) throws { try reconciler.decodeState(from: decoder) }
}
