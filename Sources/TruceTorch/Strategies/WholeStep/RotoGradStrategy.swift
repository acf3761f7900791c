import Torch
import TorchNN
public import Truce

extension RotoGrad: StepMethod {
  /// Gradients of the features, and a target for each task's rotation.
  public func makeStrategy(for setup: StrategySetup) throws -> any StepStrategy {
    try RotoGradStrategy(method: self, setup)
  }
}

/// Feature gradients of one length for the network, and a target for each task's rotation.
final class RotoGradStrategy: StepStrategy {
  private let method: RotoGrad
  private let source: FeatureGradients
  private let partition: ParameterPartition
  private let clock: StepClock
  private var state: RotoGrad.Convergence

  init(method: RotoGrad, _ setup: StrategySetup) throws {
    partition = setup.partition
    guard partition.rotations.count == partition.taskCount else {
      throw MethodError.notApplicable(
        method: RotoGrad.about.name, reason: "needs a network whose heads see rotated features")
    }
    self.method = method
    source = FeatureGradients(shared: partition.sharedTensors)
    clock = setup.clock
    state = method.initialState(taskCount: partition.taskCount)
  }

  func fillGradients(
    _ passes: StepPasses, _ step: inout ReconcilerStep, _ reconciler: inout Reconciler
  ) throws -> StepOutcome {
    let pass = passes.pass
    guard pass.features.count == 1, pass.features[0].shape.count == 2 else {
      throw MethodError.notApplicable(
        method: RotoGrad.about.name, reason: "needs features that are one tensor of samples by features")
    }
    var timer = PhaseTimer(clock)
    var outcome = try source.collectWeighted(
      passes, heads: partition.heads, &step, &reconciler, timer: &timer)
    guard !step.isOver else { return outcome }
    var advanced = state
    let factors = try factors(step, &advanced)
    try teachRotations(shape: pass.features[0].shape, step)
    outcome.timings.weights += timer.lap()

    try source.deliver([factors], of: pass)
    state = advanced
    outcome.weights = [factors]
    outcome.timings.combination = timer.lap()
    return outcome
  }

  /// The factors of the tasks that take part; 1 in a step in which not all do, whose lengths say nothing.
  private func factors(
    _ step: ReconcilerStep, _ state: inout RotoGrad.Convergence
  ) throws -> [Double] {
    guard step.isEveryone else { return step.spread(step.present.map { _ in 1 }) }
    return method.factors(lengths: try source.gramian().norms, state: &state)
  }

  /// Leaves on every rotation the gradient of the mean over samples of `|Rᵢ v − Rᵢ gᵢ|²`, with `Rᵢ gᵢ` and v
  /// held constant.
  private func teachRotations(shape: [Int], _ step: ReconcilerStep) throws {
    let taskCount = partition.taskCount
    let rotated = partition.rotations[0].count
    let parts = try source.rows.detached().reshaped([taskCount] + shape)
      .narrowed(2, start: 0, length: rotated)
    let rows = parts.reshaped([taskCount, shape[0] * rotated]).contiguous()
    let gramian = try Gramian(taskCount: taskCount, elements: GradientSweep.gramian(of: rows))
    let common = try GradientSweep.combine(rows, weights: method.targetFactors(gramian: gramian))
      .reshaped([shape[0], rotated])
    for task in step.present {
      let rotation = partition.rotations[task]
      let goal = rotation.rotated(parts.selected(0, task)).detached()
      let distance = (rotation.rotated(common) - goal).square().sum() / Double(shape[0])
      try distance.backward()
    }
  }

  func encodeState(to encoder: any Encoder) throws { try state.encode(to: encoder) }
  func decodeState(from decoder: any Decoder) throws { state = try RotoGrad.Convergence(from: decoder) }
}
