import RealModule

// Gradients of any size that are all in ordinary memory.

extension Reconciler {
  /// Decides about gradients in ordinary memory, whatever their size.
  ///
  /// A method whose weights answer a factor on all gradients by a power of it (``GramianMethod/scalePower``) is
  /// asked about gradients brought into range; any other is refused where their inner products are lost.
  ///
  /// - Parameters:
  ///   - step: The step, just begun.
  ///   - gradients: The gradients.
  ///   - buffers: What the method remembers of the size of a gradient, by name; empty before the first step.
  /// - Returns: Finite factors or a finite direction, or that nothing is to change.
  /// - Throws: ``MethodError``, as ``reconcile(_:gramian:rows:buffers:)`` does, and
  ///   ``MethodError/outOfRange(method:task:)``.
  public mutating func reconcile(
    _ step: inout ReconcilerStep, gradients: RangedRows, buffers: inout [String: [HostVector]]
  ) throws(MethodError) -> Reconciliation<HostVector> {
    var result: (answer: Reconciliation<HostVector>, buffers: [String: [HostVector]]) = (.nothing, buffers)
    try settle(&step) { (reconciler, step) throws(MethodError) in
      let power = reconciler.power(for: gradients)
      let gramian = power == nil ? gradients.rows.gramian() : gradients.gramian
      try reconciler.requireRange(of: gradients, gramian, step.present)
      let answer = try reconciler.reconcile(
        &step, gramian: gramian, rows: gradients.rows, buffers: &result.buffers)
      result.answer = try answer.multiplied(by: Double.pow(gradients.factor, -(power ?? 0)))
        .checked(reconciler.name)
    }
    buffers = result.buffers
    return result.answer
  }

  /// How the answer to gradients in range differs from that to the gradients, as a power of their factor; nil where
  /// it is not known.
  private func power(for gradients: RangedRows) -> Double? {
    guard gradients.factor != 1 else { return 0 }
    guard settings.convention.maximumNorm == nil, !frontReadsLengths else { return nil }
    return switch rule {
    case .gramian(let method): method.scalePower
    // Neither sees the inner products.
    case .weightedSum, .matrix: 0
    case .sumOfGradients, .crossGramian, .wholeStep: nil
    }
  }

  /// Throws where the method would take a gradient that is there for one that is not.
  private func requireRange(
    of gradients: RangedRows, _ gramian: Gramian, _ tasks: [Int]
  ) throws(MethodError) {
    guard readsProducts, let task = gradients.lostTask(of: tasks, in: gramian) else { return }
    throw .outOfRange(method: name, task: task)
  }

  private var readsProducts: Bool {
    switch rule {
    case .gramian(let method): frontReadsLengths || !method.ignoresLostTasks
    case .weightedSum: settings.convention.maximumNorm != nil
    case .matrix: frontReadsLengths
    case .sumOfGradients, .crossGramian: true
    case .wholeStep: false
    }
  }
}

extension Reconciliation<HostVector> {
  /// The factors, multiplied; a direction stays.
  fileprivate func multiplied(by factor: Double) -> Self {
    guard factor != 1, case .factors(let factors) = self else { return self }
    return .factors(factors.map { $0 * factor })
  }

  /// The decision itself, once every number is finite.
  fileprivate func checked(_ method: String) throws(MethodError) -> Self {
    switch self {
    case .factors(let factors): try factors.requireFiniteWeights()
    case .direction(let vector) where !vector.largestMagnitude.isFinite:
      throw .nonFiniteDirection(method: method)
    case .direction, .nothing: break
    }
    return self
  }
}
