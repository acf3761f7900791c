import Torch
import Truce

/// Two independent batches to find the weights, a third to step with: 3K backward passes.
final class CrossCombinationStrategy: StepStrategy {
  private let source: any GradientMatrix
  private let heads: [[Tensor]]
  private let clock: StepClock
  let measuresConflict = true

  init(_ setup: StrategySetup) {
    source = setup.makeSource()
    heads = setup.partition.heads
    clock = setup.clock
  }

  func fillGradients(
    _ passes: StepPasses, _ step: inout ReconcilerStep, _ reconciler: inout Reconciler
  ) throws -> StepOutcome {
    guard passes.further.count >= 2 else {
      throw MethodError.notApplicable(
        method: reconciler.method.name, reason: "needs two further independent batches a step")
    }
    var timer = PhaseTimer(clock)
    var outcome = StepOutcome()
    let cross = try crossGramian(passes.further, step)
    for parameter in heads.joined() { parameter.grad = nil }
    try source.collect(passes.pass, tasks: step.present, heads: heads)
    outcome.timings.gradients = timer.lap()
    try step.checkHeads(heads, of: passes.pass)

    let verdict = try reconciler.decide(
      &step, gramian: source.gramian(ofGroup: nil), crossGramian: cross)
    guard !step.isOver else { return outcome }
    try source.carryOut(verdict, of: passes, step, heads: heads, &outcome, &timer)
    return outcome
  }

  /// `G₁ G₂ᵀ` of the first two further batches.
  private func crossGramian(
    _ passes: [() throws -> ForwardPass], _ step: ReconcilerStep
  ) throws -> CrossGramian {
    try source.collect(passes[0](), tasks: step.present, heads: heads)
    let first = try source.rows.clone()
    try source.collect(passes[1](), tasks: step.present, heads: heads)
    let product = first.to(.float64).matmul(try source.rows.to(.float64).transposed())
    return try CrossGramian(taskCount: step.taskCount, elements: product.toArray())
  }
}
