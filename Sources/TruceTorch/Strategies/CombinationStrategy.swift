import Torch
package import Truce

/// A backward pass for each task or mixture of tasks, the inner products, weights, one combination.
package final class CombinationStrategy: StepStrategy {
  private let source: any GradientSource
  private let heads: [[Tensor]]
  private let clock: StepClock
  package let measuresConflict: Bool

  /// - Parameter source: Where the gradients are; the conflict is measured where it can tell.
  package init(_ setup: StrategySetup, source: any GradientSource, mayMixTasks: Bool) {
    self.source = source
    heads = setup.partition.heads
    clock = setup.clock
    measuresConflict =
      setup.settings.target == .parameters && !mayMixTasks && source.tellsConflict
  }

  package func fillGradients(
    _ passes: StepPasses, _ step: inout ReconcilerStep, _ reconciler: inout Reconciler
  ) throws -> StepOutcome {
    var outcome = StepOutcome()
    var timer = PhaseTimer(clock)
    if case .mixtures(let mixtures) = try reconciler.request(&step),
      try combine(mixtures, passes.pass, &step, &reconciler, &outcome, &timer)
    {
      return outcome
    }
    guard !step.isOver else { return outcome }
    try source.collect(passes.pass, tasks: step.present, heads: heads)
    outcome.timings.gradients += timer.lap()
    try step.checkHeads(heads, of: passes.pass)
    guard !step.isOver else { return outcome }

    let (gramian, groups) = (try source.gramian(ofGroup: nil), try source.groupGramians())
    outcome.timings.gramian = timer.lap()
    let verdict = try reconciler.decide(&step, gramian: gramian, groups: groups)
    guard !step.isOver else { return outcome }
    try source.carryOut(verdict, of: passes, step, heads: heads, &outcome, &timer)
    return outcome
  }

  /// Takes the step with the gradients of mixtures.
  ///
  /// - Returns: False where one of them is not finite: the tasks must be walked one by one to find which.
  private func combine(
    _ mixtures: [[Double]], _ pass: ForwardPass, _ step: inout ReconcilerStep,
    _ reconciler: inout Reconciler, _ outcome: inout StepOutcome, _ timer: inout PhaseTimer
  ) throws -> Bool {
    let tasks = TaskMixtures(mixtures: mixtures, heads: heads)
    try source.collect(tasks.sweepTasks(of: pass), of: pass, keepsGraph: true)
    outcome.timings.gradients = timer.lap()
    try step.checkHeads(heads, of: pass)
    guard !step.isOver else { return true }
    let whole = try source.gramian(ofGroup: nil)
    guard whole.firstNonFiniteTask == nil else {
      for parameter in heads.joined() { parameter.grad = nil }
      return false
    }
    let groups = try source.groupGramians()
    outcome.timings.gramian = timer.lap()
    let verdict = try reconciler.decide(&step, mixtureGramians: groups.isEmpty ? [whole] : groups)
    guard !step.isOver else { return true }
    outcome.timings.weights = timer.lap()
    try source.deliver(verdict.factors, of: pass)
    tasks.restoreHeads(lossWeights: step.lossWeights)
    outcome.weights = verdict.weights
    outcome.timings.combination = timer.lap()
    return true
  }
}

extension GradientSource {
  /// Leaves tasks out: their gradients, and what they added to their heads.
  func discard(_ tasks: [Int], heads: [[Tensor]]) throws {
    for task in tasks {
      try discard(task)
      for parameter in heads[task] { parameter.grad = nil }
    }
  }
}

extension GradientSource {
  /// Carries out what was decided on the gradients that were collected: leaves out the tasks that were dropped, measures
  /// the conflict where it is wanted, and hands the combination to the parameters and each head its own gradient.
  func carryOut(
    _ verdict: Verdict, of passes: StepPasses, _ step: ReconcilerStep, heads: [[Tensor]],
    _ outcome: inout StepOutcome, _ timer: inout PhaseTimer
  ) throws {
    try discard(verdict.droppedTasks, heads: heads)
    if passes.measuresConflict {
      outcome.conflict = try step.gramian.flatMap { try conflict($0, of: passes.pass) }
    }
    outcome.timings.weights = timer.lap()

    try deliver(verdict.factors, of: passes.pass)
    scale(heads, by: step.lossWeights)
    outcome.weights = verdict.weights
    outcome.timings.combination = timer.lap()
  }
}

/// Applies a weighting in front to the heads' gradients, which were collected without it.
func scale(_ heads: [[Tensor]], by lossWeights: [Double]?) {
  guard let lossWeights else { return }
  for (parameters, weight) in zip(heads, lossWeights) where weight != 1 {
    for parameter in parameters { _ = parameter.grad?.multiplyInPlace(weight) }
  }
}
