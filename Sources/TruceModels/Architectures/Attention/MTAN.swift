import Torch
public import TorchNN

/// The multi-task attention network over a trunk of stages, as LibMTL builds it over residual networks.
///
/// At every stage behind the stem, a task's gate looks at what comes before the stage's last block, beside what the task
/// brings from the stage before, and is multiplied with what the last block gives. A residual block that all tasks use then
/// makes the next stage's channels, and max pooling its size where that is smaller. The parameters are named `trunk.…`,
/// `attention.<task>.<stage>.…`, `between.<stage>.…` and `heads.<task>.…`.
///
/// - Source: S. Liu et al., "End-to-End Multi-Task Learning with Attention", 2019, section 3; the public code of LibMTL.
/// - Note: The blocks between the stages run once for each task, so their batch normalisations see each task's features by
///   themselves and their running statistics move once for each task.
public final class MTAN: MultiTaskNetwork {
  private let trunk: any StagedTrunk
  private let attention: [StageAttention]
  private let between: [any Layer]
  private let heads: TaskHeads
  private let parts: MTANParts

  init(
    _ trunk: any StagedTrunk, attention: [StageAttention], between: [any Layer], heads: TaskHeads,
    sharing: MTANSharing
  ) {
    self.trunk = trunk
    self.attention = attention
    self.between = between
    self.heads = heads
    parts = MTANParts(sharing: sharing, taskNames: heads.taskNames)
  }

  /// The tasks' names, in the order of the heads.
  public var taskNames: [String] { heads.taskNames }

  /// Shows the trunk, each task's attention, the blocks between the stages and the heads.
  public func visit(_ visitor: ModuleVisitor) {
    visitor.child("trunk", trunk)
    for (name, attention) in zip(taskNames, attention) {
      visitor.children("attention.\(name)", attention.gates)
    }
    visitor.children("between", between)
    heads.visit(visitor)
  }

  /// What the option says.
  public var sharedParameters: NamedTensors { parameters.under(names: parts.shared) }

  /// The parameters of one head, and of the attention where it is not shared.
  public func headParameters(ofTask task: Int) -> NamedTensors { parameters.under(names: parts.own(task)) }

  /// The outputs; a cut there is none, since each task looks at every stage.
  public func forward(_ input: NetworkInput, tasks: [Int]) -> NetworkOutputs {
    let shown = input.only
    let stages = trunk.stages
    let seen = stages.dropFirst().reduce(into: (input: stages[0](shown), levels: [Level]())) { walk, stage in
      let before = stage.blocks.dropLast().reduce(walk.input) { $1.forward($0) }
      walk.input = stage.blocks[stage.blocks.count - 1].forward(before)
      walk.levels.append(Level(before: before, last: walk.input))
    }
    return NetworkOutputs(
      heads.outputs(ofTasks: tasks, for: shown) { trunk.finished(attended(by: attention[$0], seen.levels)) })
  }

  /// What a stage's gates look at and are multiplied with.
  private struct Level {
    let before, last: Tensor
  }

  private func attended(by attention: StageAttention, _ levels: [Level]) -> Tensor {
    var brought: Tensor?
    for (stage, level) in levels.enumerated() {
      let looked = brought.map { Tensor.concatenated([level.before, $0], axis: 1) } ?? level.before
      let seen = attention.gates[stage](looked) * level.last
      guard stage < between.count else { return seen }
      brought = Self.fitted(between[stage].forward(seen), to: levels[stage + 1].before)
    }
    return levels[levels.count - 1].last
  }

  /// Halves the height and width where the next stage has.
  private static func fitted(_ features: Tensor, to next: Tensor) -> Tensor {
    features.imageSize == next.imageSize ? features : features.maxPool2d(2, ceilMode: true)
  }
}

/// One task's gates at the stages of a trunk.
struct StageAttention {
  let gates: [Sequential]

  /// A gate for each stage behind the stem, with PyTorch's usual first values.
  init(to trunk: any StagedTrunk, using generator: Generator) {
    gates = trunk.stages.dropFirst().enumerated().map { position, stage in
      .gate(
        (position == 0 ? 1 : 2) * stage.channels, stage.innerChannels, stage.channels, isXavier: false,
        using: generator)
    }
  }
}
