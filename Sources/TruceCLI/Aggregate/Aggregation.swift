import Truce

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
  /// A method that compares independent batches is given this one for all of them. There is no step after the
  /// first, so a method that trains along with the network is told a learning rate of 0.
  ///
  /// - Throws: ``MethodError`` where the method needs more than the rows and losses, or fails on them.
  init(
    of rows: HostRows, by method: AnyMethod, weighting: (any LossWeighting)? = nil, losses: [Double]?,
    seed: UInt64
  ) throws(MethodError) {
    gramian = rows.gramian()
    var reconciler = try Reconciler(
      method, weighting: weighting, taskCount: rows.taskCount, seed: seed)
    var step = try reconciler.begin(losses)
    var buffers: [String: [HostVector]] = [:]
    switch try reconciler.reconcile(&step, gramian: gramian, rows: rows, buffers: &buffers) {
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
