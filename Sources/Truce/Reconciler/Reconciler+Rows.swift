// Methods that read the gradients coordinate by coordinate, and gradients that are all in one place.

extension Reconciler {
  /// Decides on the update itself, for a method that reads the gradients coordinate by coordinate.
  ///
  /// - Parameters:
  ///   - step: The step, after ``weigh(_:gramian:)``.
  ///   - rows: The task gradients, multiplied by the step's loss weights, with zeros for tasks that do not take
  ///     part.
  ///   - buffers: What the method remembers of the size of a gradient, by name; empty before the first step.
  /// - Returns: The update, scaled and clipped, or nil where the step is over.
  /// - Throws: ``MethodError``.
  public mutating func direction<Rows: GradientRows>(
    _ step: inout ReconcilerStep, rows: Rows, buffers: inout [String: [Rows.Vector]]
  ) throws(MethodError) -> Rows.Vector? {
    try requireFit(rows, buffers)
    var result: (direction: Rows.Vector?, buffers: [String: [Rows.Vector]]) = (nil, buffers)
    try settle(&step) { (reconciler, step) throws(MethodError) in
      guard case .matrix(var running) = reconciler.rule else {
        throw .notApplicable(method: reconciler.method.name, reason: "does not read the gradients' rows")
      }
      let direction = try running.direction(
        rows: rows, context: step.context, buffers: &result.buffers, using: &reconciler.generator)
      reconciler.rule = .matrix(running)
      result.direction = reconciler.settings.convention.applied(
        to: direction, taskCount: reconciler.taskCount)
    }
    if result.direction != nil { buffers = result.buffers }
    return result.direction
  }

  /// Throws where the rows do not fit the tasks or the vectors remembered.
  private func requireFit<Rows: GradientRows>(
    _ rows: Rows, _ buffers: [String: [Rows.Vector]]
  ) throws(MethodError) {
    try requireFit(rows.taskCount)
    let count = rows.rows[0].count
    for vector in buffers.values.joined() where vector.count != count {
      throw .wrongCount(what: "coordinates as in the saved state", expected: vector.count, received: count)
    }
  }
}

/// What becomes of some gradients.
public enum Reconciliation<Vector> {
  /// A number to combine each gradient with.
  case factors([Double])
  /// The combined gradient.
  case direction(Vector)
  /// Nothing is to change: no task takes part, or the step is skipped.
  case nothing
}

extension Reconciliation: Equatable where Vector: Equatable {}
extension Reconciliation: Sendable where Vector: Sendable {}

extension Reconciler {
  /// Decides about gradients that are all in one place, by whatever kind of method this is.
  ///
  /// Batches that a method wants to be independent are all the one at hand.
  ///
  /// - Parameters:
  ///   - step: The step, just begun.
  ///   - gramian: The inner products of the gradients.
  ///   - rows: The gradients, which only some methods read.
  ///   - buffers: What the method remembers of the size of a gradient, by name; empty before the first step.
  /// - Throws: ``MethodError``, ``MethodError/notApplicable(method:reason:)`` for a rule inside the training step.
  public mutating func reconcile<Rows: GradientRows>(
    _ step: inout ReconcilerStep, gramian: Gramian, rows: @autoclosure () -> Rows,
    buffers: inout [String: [Rows.Vector]]
  ) throws(MethodError) -> Reconciliation<Rows.Vector> {
    switch rule {
    case .weightedSum: return try weightedSum(&step, gramian)
    case .gramian, .sumOfGradients:
      return Reconciliation(try decide(&step, gramian: gramian))
    case .crossGramian:
      let cross = try CrossGramian(taskCount: gramian.taskCount, elements: gramian.elements)
      return Reconciliation(try decide(&step, gramian: gramian, crossGramian: cross))
    case .matrix:
      try weigh(&step, gramian: gramian)
      guard !step.isOver else { return .nothing }
      let weighted = rows().weighted(by: step)
      return try direction(&step, rows: weighted, buffers: &buffers).map { .direction($0) } ?? .nothing
    case .wholeStep:
      throw .notApplicable(
        method: method.name, reason: "works inside the training step, not on a gradient matrix")
    }
  }

  private mutating func weightedSum<Vector>(
    _ step: inout ReconcilerStep, _ gramian: Gramian
  ) throws(MethodError) -> Reconciliation<Vector> {
    guard case .weightedSum(let weights) = try request(&step) else { return .nothing }
    return .factors(try factors([step.masked(weights)], [gramian])[0])
  }
}

extension Reconciliation {
  fileprivate init(_ verdict: Verdict) {
    self = verdict.factors.first.map { .factors($0) } ?? .nothing
  }
}

extension GradientRows {
  /// The rows times the step's loss weights, with zeros for tasks that do not take part.
  fileprivate func weighted(by step: ReconcilerStep) -> Self {
    guard !step.isEveryone || step.lossWeights != nil else { return self }
    let weights = step.masked(step.lossWeights ?? rows.map { _ in 1 })
    return Self(
      rows: zip(rows, weights).map { row, weight in
        // A row that is not finite would spoil even a multiplication by zero.
        weight == 0 ? row.vector(of: [Double](repeating: 0, count: row.count)) : row.scaled(by: weight)
      })
  }
}
