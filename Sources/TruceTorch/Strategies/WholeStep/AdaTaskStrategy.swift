import Torch
import TorchNN
public import Truce

extension AdaTask: StepMethod {
  /// Parameters move at the rate that the optimizer has for them, which is none for frozen ones.
  public var respectsFreezing: Bool { true }

  /// A buffer of task gradients and two running averages of each.
  public func makeStrategy(for setup: StrategySetup) -> any StepStrategy {
    AdaTaskStrategy(method: self, setup)
  }
}

/// An Adam state for each task on the shared parameters; the optimizer steps the heads.
///
/// The rule knows no weight decay: that of the optimizer acts on the heads alone.
final class AdaTaskStrategy: StepStrategy {
  private let method: AdaTask
  private let source: any GradientMatrix
  private let partition: ParameterPartition
  private let clock: StepClock
  private var state: MatrixState<AdaTask.Steps, TensorVector>
  private var hasRows = false
  let measuresConflict = true

  init(method: AdaTask, _ setup: StrategySetup) {
    self.method = method
    source = setup.makeSource()
    partition = setup.partition
    clock = setup.clock
    state = MatrixState(scalars: method.initialState(taskCount: setup.partition.taskCount))
  }

  func fillGradients(
    _ passes: StepPasses, _ step: inout ReconcilerStep, _ reconciler: inout Reconciler
  ) throws -> StepOutcome {
    var timer = PhaseTimer(clock)
    hasRows = false
    let outcome = try source.collectWeighted(
      passes, heads: partition.heads, &step, &reconciler, timer: &timer)
    hasRows = !step.isOver
    return outcome
  }

  func update(_ optimizer: Optimizer) throws {
    try optimizer.step()
    guard hasRows else { return }
    hasRows = false
    let direction = try method.step(rows: TensorRows(matrix: source.rows), state: &state).tensor
    withoutGradients {
      let shared = partition.sharedTensors
      for (parameter, columns) in zip(shared, GradientSweep.columns(of: shared)) {
        let part = direction.narrowed(0, start: columns.lowerBound, length: columns.count)
        parameter.addInPlace(
          part.reshaped(parameter.shape), scaledBy: -optimizer.learningRate(of: parameter))
      }
    }
  }

  func encodeState(to encoder: any Encoder) throws { try state.scalars.encode(to: encoder) }
  func decodeState(from decoder: any Decoder) throws { state.scalars = try AdaTask.Steps(from: decoder) }

  var stateTensors: [String: Tensor] {
    get { state.buffers.mapValues { Tensor.stacked($0.map(\.tensor)) } }
    set { state.buffers = newValue.mapValues { TensorRows(matrix: $0).rows } }
  }
}

extension Optimizer {
  /// The learning rate of the group a parameter belongs to; 0 for one that is not trained.
  func learningRate(of parameter: Tensor) -> Double {
    let group = groups.first { $0.parameters.contains { $0.tensor.isSame(as: parameter) } }
    return group?.rule.learningRate ?? 0
  }
}
