import Torch
import Truce

/// One backward pass of the weighted sum of the losses.
final class WeightedSumStrategy: StepStrategy {
  private let shared: [Tensor]
  private let heads: [[Tensor]]
  private let clock: StepClock

  init(_ setup: StrategySetup) {
    shared = setup.partition.sharedTensors
    heads = setup.partition.heads
    clock = setup.clock
  }

  func fillGradients(
    _ passes: StepPasses, _ step: inout ReconcilerStep, _ reconciler: inout Reconciler
  ) throws -> StepOutcome {
    var outcome = StepOutcome()
    var timer = PhaseTimer(clock)
    guard case .weightedSum(let weights) = try reconciler.request(&step) else { return outcome }
    // Another pass over the same recording finds the task to leave out.
    let (pass, policy) = (passes.pass, reconciler.gradientPolicy)
    let total = pass.total(weights: weights, tasks: step.present)
    try total.map(pass.scaled)?.backward(retainGraph: policy == .dropTask)
    pass.unscale((shared + heads.joined()).compactMap(\.grad))
    try step.checkHeads(heads, of: pass)
    var length = TensorLists.norm(shared.compactMap(\.grad))
    if !length.isFinite { length = try recover(pass, weights, &step, policy) }
    scale(by: reconciler.settings.convention.factor(length: length, taskCount: step.taskCount))
    outcome.timings.gradients = timer.lap()
    return outcome
  }

  private func scale(by factor: Double) {
    if factor != 1 { TensorLists.scale(shared.compactMap(\.grad), by: factor) }
  }

  /// Finds the task to blame for a gradient that is not finite and, if the policy says so, goes on without it.
  ///
  /// - Returns: The length of the shared gradient then.
  private func recover(
    _ pass: ForwardPass, _ weights: [Double], _ step: inout ReconcilerStep, _ policy: NonFinitePolicy
  ) throws -> Double {
    guard policy == .dropTask else {
      try step.skip(because: reason(step), under: policy)
      return 0
    }
    for task in step.present {
      guard let loss = pass.losses[task] else { continue }
      let gradients = try Autograd.gradients(
        of: [loss * weights[task]], withRespectTo: shared, retainGraph: true, allowUnused: true)
      if TensorLists.norm(gradients.compactMap { $0 }).isFinite { continue }
      try step.blame(task, what: "gradient", under: policy)
    }
    for parameter in shared + heads.joined() { parameter.grad = nil }
    guard !step.isOver else { return 0 }
    try pass.total(weights: weights, tasks: step.present)?.backward()
    return TensorLists.norm(shared.compactMap(\.grad))
  }

  /// Names the task whose own head has a gradient that is not finite either, where there is one.
  private func reason(_ step: ReconcilerStep) -> MethodError {
    let telling = step.present.first { !TensorLists.norm(heads[$0].compactMap(\.grad)).isFinite }
    return telling.map { .nonFinite(task: $0, what: "gradient") } ?? .nonFiniteSum
  }
}
