import Torch
import TorchNN
public import Truce

extension MTLIO: StepMethod {
  /// The tasks' optimizers train what the training's trains.
  public var respectsFreezing: Bool { true }

  /// A buffer of task gradients and an optimizer for each.
  public func makeStrategy(for setup: StrategySetup) -> any StepStrategy {
    OptimizerPerTaskStrategy(setup)
  }
}

/// MTL-IO: a copy of the training's optimizer for each task on the shared parameters.
///
/// The copies step one after the other with gradients taken before the first of them, each with its own weight
/// decay, so that the shared parameters decay K times. A task without labels in the batch takes no step.
final class OptimizerPerTaskStrategy: StepStrategy {
  private let source: any GradientMatrix
  private let partition: ParameterPartition
  private let clock: StepClock
  private var pending: [Int] = []
  private var optimizers: [Optimizer] = []
  private var saved = Saved()

  /// The states the optimizers begin with, which exist only once the training's optimizer is known.
  private struct Saved {
    var records: [OptimizerState.Record] = []
    var tensors: [String: Tensor] = [:]
  }

  let measuresConflict = true

  init(_ setup: StrategySetup) {
    source = setup.makeSource()
    partition = setup.partition
    clock = setup.clock
  }

  func fillGradients(
    _ passes: StepPasses, _ step: inout ReconcilerStep, _ reconciler: inout Reconciler
  ) throws -> StepOutcome {
    var timer = PhaseTimer(clock)
    pending = []
    let outcome = try source.collectWeighted(
      passes, heads: partition.heads, &step, &reconciler, timer: &timer)
    pending = step.isOver ? [] : step.present
    return outcome
  }

  func update(_ optimizer: Optimizer) throws {
    try optimizer.step()
    if optimizers.isEmpty { optimizers = try makeOptimizers(like: optimizer) }
    for task in pending {
      for (group, rate) in optimizer.learningRates.enumerated() {
        optimizers[task].setLearningRate(rate, ofGroup: group)
      }
      try GradientSweep.assign(source.rows.selected(0, task), asGradientsOf: partition.sharedTensors)
      try optimizers[task].step()
    }
    pending = []
    for parameter in partition.sharedTensors { parameter.grad = nil }
  }

  /// One optimizer a task with the groups and rules of the training's, over the shared parameters.
  private func makeOptimizers(like optimizer: Optimizer) throws -> [Optimizer] {
    let shared = partition.sharedTensors
    let made = (0..<partition.taskCount).map { _ in
      Optimizer(
        groups: optimizer.groups.map { group in
          let own = group.parameters.filter { entry in shared.contains { $0.isSame(as: entry.tensor) } }
          return ParameterGroup(NamedTensors(own), rule: group.rule)
        })
    }
    for (task, record) in saved.records.enumerated() {
      let tensors = NamedTensors(saved.tensors).under(Self.name(of: task))
      try made[task].load(OptimizerState(record: record, tensors: tensors))
    }
    saved = Saved()
    return made
  }

  private static func name(of task: Int) -> String { "task\(task)" }

  func encodeState(to encoder: any Encoder) throws {
    let records = optimizers.isEmpty ? saved.records : optimizers.map { $0.state().record }
    try records.encode(to: encoder)
  }

  func decodeState(from decoder: any Decoder) throws {
    let records = try [OptimizerState.Record](from: decoder)
    guard records.isEmpty || records.count == partition.taskCount else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "another number of tasks"))
    }
    saved.records = records
    optimizers = []
  }

  var stateTensors: [String: Tensor] {
    get {
      guard !optimizers.isEmpty else { return saved.tensors }
      return optimizers.enumerated().reduce(into: [:]) { all, entry in
        let tensors = entry.element.state().tensors.prefixed(Self.name(of: entry.offset))
        all.merge(tensors.dictionary) { $1 }
      }
    }
    set {
      saved.tensors = newValue
      optimizers = []
    }
  }
}
