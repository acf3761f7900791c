import Truce

/// A method at work on the toy: it makes weights or a direction of the losses and gradients of a point.
///
/// The toy has no batches: each step is an epoch, and batches that a method wants to be independent are all
/// the same. A method whose rule lives in the training step has nothing to hold on to here.
struct ToyReconciler {
  private var reconciler: Reconciler
  private var buffers: [String: [HostVector]] = [:]
  private let learningRate: Double

  init(settings: ToySettings) throws(MethodError) {
    let method = try settings.makeMethod()
    guard Toy.canRun(method.about) else {
      throw .notApplicable(
        method: method.about.name,
        reason: "the toy has no layers, so a rule inside the training step cannot run on it")
    }
    reconciler = try Reconciler(method, taskCount: 2, seed: settings.seed)
    learningRate = settings.optimizer.learningRate
  }

  /// Whether the method wants to see the losses after the step.
  var looksBack: Bool { !reconciler.needs.isDisjoint(with: [.secondForward, .epochEnds]) }

  /// Returns what the method makes of a point.
  mutating func reconcile(
    _ here: ToyEvaluation<Double>, iteration: Int
  ) throws(MethodError) -> Reconciliation<HostVector> {
    var step = try reconciler.begin(
      losses: [here.losses.x, here.losses.y], at: StepPosition(epoch: iteration, iteration: iteration),
      learningRate: learningRate)
    return try reconciler.reconcile(
      &step, gramian: here.gramian(), rows: here.rows, buffers: &buffers)
  }

  /// Tells the method the losses after the step, as far as it asked for them.
  mutating func lookBack(at there: ToyEvaluation<Double>) throws(MethodError) {
    guard there.isFinite else { return }
    let losses = [there.losses.x, there.losses.y]
    if reconciler.needs.contains(.secondForward) { try reconciler.observe(lossesAfterStep: losses) }
    if reconciler.needs.contains(.epochEnds) { try reconciler.endEpoch(meanLosses: losses) }
  }
}

extension ToyEvaluation {
  /// The same numbers in Double.
  var widened: ToyEvaluation<Double> {
    ToyEvaluation<Double>(
      losses: SIMD2(Double(losses.x), Double(losses.y)),
      gradients: (
        SIMD2(Double(gradients.0.x), Double(gradients.0.y)),
        SIMD2(Double(gradients.1.x), Double(gradients.1.y))
      ))
  }

  /// Returns the direction to step against, computed in the precision of the run.
  ///
  /// - Throws: ``MethodError/nonFinite(task:what:)`` where a weighted gradient overflows.
  func direction(of reconciliation: Reconciliation<HostVector>) throws(MethodError) -> SIMD2<Scalar> {
    switch reconciliation {
    case .nothing: return .zero
    case .direction(let d): return SIMD2(Scalar(d.coordinates[0]), Scalar(d.coordinates[1]))
    case .factors(let factors):
      let (first, second) = (Scalar(factors[0]) * gradients.0, Scalar(factors[1]) * gradients.1)
      let sum = first + second
      guard sum.x.isFinite, sum.y.isFinite else {
        let isFirst = !first.x.isFinite || !first.y.isFinite
        throw .nonFinite(task: isFirst ? 0 : 1, what: "weighted gradient")
      }
      return sum
    }
  }
}

extension ToyEvaluation<Double> {
  /// The Gramian of the two gradients.
  func gramian() -> Gramian {
    let (a, b) = gradients
    let products = [(a * a).sum(), (a * b).sum(), (b * b).sum()]
    return Gramian(taskCount: 2) { products[$0 + $1] }
  }
}

extension ToyEvaluation<Double> {
  /// The two gradients as rows.
  fileprivate var rows: HostRows {
    HostRows(rows: [gradients.0, gradients.1].map { HostVector([$0.x, $0.y]) })
  }
}
