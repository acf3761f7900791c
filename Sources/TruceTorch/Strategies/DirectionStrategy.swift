public import Torch
public import Truce

/// A backward pass for each task and a method that reads the rows themselves.
final class DirectionStrategy: StepStrategy {
  private let source: any GradientMatrix
  private let heads: [[Tensor]]
  private let clock: StepClock
  private var buffers: [String: [TensorVector]] = [:]
  let measuresConflict: Bool

  init(_ setup: StrategySetup) {
    source = setup.makeSource()
    heads = setup.partition.heads
    clock = setup.clock
    measuresConflict = setup.settings.target == .parameters
  }

  func fillGradients(
    _ passes: StepPasses, _ step: inout ReconcilerStep, _ reconciler: inout Reconciler
  ) throws -> StepOutcome {
    var timer = PhaseTimer(clock)
    var outcome = try source.collectWeighted(
      passes, heads: heads, &step, &reconciler, timer: &timer)
    guard !step.isOver else { return outcome }
    var advanced = buffers
    let direction = try reconciler.direction(
      &step, rows: TensorRows(matrix: source.rows), buffers: &advanced)
    outcome.timings.weights += timer.lap()
    guard let direction else { return outcome }
    try source.deliver(direction: direction.tensor, of: passes.pass)
    buffers = advanced
    outcome.timings.combination = timer.lap()
    return outcome
  }

  var stateTensors: [String: Tensor] {
    get { buffers.mapValues { Tensor.stacked($0.map(\.tensor)) } }
    set { buffers = newValue.mapValues { TensorRows(matrix: $0).rows } }
  }
}

extension GradientMatrix {
  /// Collects the task gradients of a step, lets the reconciler look at them, and applies its loss weights to the rows
  /// and the heads.
  ///
  /// What a strategy begins with that does more with the rows than combining them.
  ///
  /// - Parameters:
  ///   - passes: The step's passes.
  ///   - heads: The parameters of each task alone.
  ///   - step: The step, begun.
  ///   - reconciler: What decides.
  ///   - timer: Reads the times of the phases.
  public func collectWeighted(
    _ passes: StepPasses, heads: [[Tensor]], _ step: inout ReconcilerStep, _ reconciler: inout Reconciler,
    timer: inout PhaseTimer
  ) throws -> StepOutcome {
    var outcome = StepOutcome()
    try collect(passes.pass, tasks: step.present, heads: heads)
    outcome.timings.gradients = timer.lap()
    try step.checkHeads(heads, of: passes.pass)
    try reconciler.weigh(&step, gramian: gramian(ofGroup: nil))
    guard !step.isOver else { return outcome }
    try discard(step.dropped, heads: heads)
    if passes.measuresConflict {
      outcome.conflict = try step.gramian.flatMap { try conflict($0, of: passes.pass) }
    }
    for (task, weight) in (step.lossWeights ?? []).enumerated() {
      _ = try rows.selected(0, task).multiplyInPlace(weight)
    }
    scale(heads, by: step.lossWeights)
    outcome.timings.weights = timer.lap()
    return outcome
  }
}
