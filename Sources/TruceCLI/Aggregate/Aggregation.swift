import Truce
import TruceShell

/// What a method makes of one gradient matrix.
struct Aggregation {
  /// The weights on the rows, or nil for a method that works on coordinates.
  let weights: [Double]?
  /// The combined gradient.
  let direction: [Double]
  /// The inner products of the rows.
  let gramian: Gramian

  /// Applies a method, in its first step, to rows of equal length.
  ///
  /// A method that compares independent batches is given this one for all of them.
  ///
  /// - Parameter gramian: The inner products of the rows, where they are known.
  /// - Throws: ``MethodError`` where the method needs more than the rows and losses, or fails on them.
  init(
    of rows: HostRows, by method: AnyMethod, losses: [Double]?, seed: UInt64, gramian known: Gramian? = nil
  ) throws(MethodError) {
    gramian = known ?? rows.gramian()
    var step = AggregationStep(
      gramian: gramian, context: try Self.context(for: method, losses: losses, gramian: gramian),
      generator: RandomSource(seed: seed))
    if case .matrix(let method) = method {
      weights = nil
      direction = try step.direction(by: method, rows: rows)
    } else {
      let weights = try step.weights(by: method)
      self.weights = weights
      direction = rows.combined(with: weights).coordinates
    }
  }

  /// Throws where numbers have left the range of Double, which no file and no JSON should carry on.
  func checkFinite(_ method: MethodDescription) throws(CommandFailure) {
    var words: String?
    if let weights, let task = weights.firstIndex(where: { !$0.isFinite }) {
      words = "the weight of task \(task) is \(weights[task])"
    } else if let place = direction.firstIndex(where: { !$0.isFinite }) {
      words = "coordinate \(place + 1) of the direction is \(direction[place])"
    }
    guard let words else { return }
    throw .badData(
      "\(method.name): \(words)",
      help: "the numbers are too large or too small: scale the gradients, or one of them")
  }

  private static func context(
    for method: AnyMethod, losses: [Double]?, gramian: Gramian
  ) throws(MethodError) -> StepContext {
    if losses == nil, method.about.kind == .lossWeighting {
      throw .notApplicable(method: method.about.name, reason: "needs the losses of the tasks: give --losses")
    }
    return StepContext(losses: losses ?? [], gradientNorms: gramian.norms)
  }
}

/// The first step of a method.
private struct AggregationStep {
  let gramian: Gramian
  let context: StepContext
  var generator: RandomSource

  mutating func weights(by method: AnyMethod) throws(MethodError) -> [Double] {
    switch method {
    case .lossWeighting(let method):
      var process = LossWeightingProcess(method, taskCount: gramian.taskCount)
      return try process.weights(context: context, using: &generator)
    case .gramian(let method):
      var process = GramianProcess(method, taskCount: gramian.taskCount)
      return try process.weights(gramian: gramian, context: context, using: &generator)
    case .crossGramian(let method):
      var process = CrossGramianProcess(method, taskCount: gramian.taskCount)
      let cross = try CrossGramian(taskCount: gramian.taskCount, elements: gramian.elements)
      return try process.weights(crossGramian: cross, context: context, using: &generator)
    case .matrix, .engine:
      throw .notApplicable(
        method: method.about.name, reason: "works inside the training step, not on a gradient matrix")
    }
  }

  mutating func direction(by method: any MatrixMethod, rows: HostRows) throws(MethodError) -> [Double] {
    var process = MatrixProcess<HostRows>(method, taskCount: gramian.taskCount)
    return try process.direction(rows: rows, gramian: gramian, context: context, using: &generator)
      .coordinates
  }
}
