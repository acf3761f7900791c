import Truce

/// What a method makes of one gradient matrix.
struct Aggregation {
  /// The weights on the rows, or nil for a method that works on coordinates.
  let weights: [Double]?
  /// The combined gradient.
  let direction: [Double]

  /// Applies a method, in its first step, to rows of equal length.
  ///
  /// A method that compares independent batches is given this one for all of them. There is no step after the
  /// first, so a method that trains along with the network is told a learning rate of 0.
  ///
  /// - Throws: ``MethodError`` where the method needs more than the rows and losses, or fails on them, and where
  ///   numbers leave the range of Double, which no file and no JSON should carry on.
  init(
    of gradients: RangedRows, by method: AnyMethod, weighting: (any LossWeighting)? = nil, losses: [Double]?,
    seed: UInt64
  ) throws(MethodError) {
    let rows = gradients.rows
    var reconciler = try Reconciler(
      method, weighting: weighting, taskCount: rows.taskCount, seed: seed)
    var step = try reconciler.begin(losses)
    var buffers: [String: [HostVector]] = [:]
    switch try reconciler.reconcile(&step, gradients: gradients, buffers: &buffers) {
    case .factors(let factors):
      weights = factors
      direction = rows.combined(with: factors).coordinates
    case .direction(let vector):
      weights = nil
      direction = vector.coordinates
    case .nothing:
      weights = nil
      direction = rows.rows[0].coordinates.map { _ in 0 }
    }
    guard direction.allSatisfy(\.isFinite) else { throw .nonFiniteDirection(method: reconciler.name) }
  }
}

extension Reconciler {
  /// Begins the only step.
  fileprivate mutating func begin(_ losses: [Double]?) throws(MethodError) -> ReconcilerStep {
    if let losses { return try begin(losses: losses, learningRate: 0) }
    if let weighting {
      throw .notApplicable(
        method: weighting.name, reason: "needs the losses of the tasks: give --losses")
    }
    return try beginWithoutLosses(learningRate: 0)
  }
}
