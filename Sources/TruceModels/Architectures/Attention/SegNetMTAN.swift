import Torch
public import TorchNN

/// The multi-task attention network over SegNet, as the repositories of MTAN and CAGrad build it; with one task, STAN.
///
/// In the encoder a task's gate looks at what a level's first block gives, beside what the task brings from the level
/// above, and is multiplied with what the level's last block gives; a convolution that all tasks use and max pooling lead
/// to the next level. In the decoder, what the task brings is enlarged by lines with the corners kept in place and
/// convolved; the gate looks at the unpooled features beside it and is multiplied with what the level gives. The parameters
/// are named `trunk.…`, `attention.<task>.encoder.<level>.…`, `attention.<task>.decoder.<level>.…`,
/// `between.encoder.<level>.…`, `between.decoder.<level>.…` and `heads.<task>.…`.
///
/// - Source: S. Liu et al., "End-to-End Multi-Task Learning with Attention", 2019, section 3; the public code of CAGrad.
/// - Note: The layers between the levels run once for each task, so their batch normalisations see each task's features by
///   themselves and their running statistics move once for each task. The published code enlarges by the factor 2; here to
///   the size of what it meets, which is the same where 32 divides the sides.
public final class SegNetMTAN: MultiTaskNetwork {
  private let trunk: SegNetTrunk
  private let attention: [SegNetAttention]
  private let between: SegNetConnections
  private let heads: TaskHeads
  private let parts: MTANParts

  init(
    _ trunk: SegNetTrunk, attention: [SegNetAttention], between: SegNetConnections, heads: TaskHeads,
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

  /// Shows the trunk, each task's attention, the layers between the levels and the heads.
  public func visit(_ visitor: ModuleVisitor) {
    visitor.child("trunk", trunk)
    for (name, attention) in zip(taskNames, attention) { visitor.child("attention.\(name)", attention) }
    visitor.child("between", between)
    heads.visit(visitor)
  }

  /// What the option says.
  public var sharedParameters: NamedTensors { parameters.under(names: parts.shared) }

  /// The parameters of one head, and of the attention where it is not shared.
  public func headParameters(ofTask task: Int) -> NamedTensors { parameters.under(names: parts.own(task)) }

  /// The outputs; a cut there is none, since each task looks at every level.
  public func forward(_ input: NetworkInput, tasks: [Int]) -> NetworkOutputs {
    let shown = input.only
    let pass = trunk.pass(shown)
    return NetworkOutputs(
      heads.outputs(ofTasks: tasks, for: shown) { attended(by: attention[$0], pass) })
  }

  private func attended(by attention: SegNetAttention, _ pass: SegNetTrunk.Pass) -> Tensor {
    var brought: Tensor?
    for level in pass.first.indices {
      let looked = brought.map { Tensor.concatenated([pass.first[level], $0], axis: 1) } ?? pass.first[level]
      let seen = attention.encoder[level](looked) * pass.last[level]
      brought = between.encoder[level](seen).maxPool2d(2)
    }
    for level in pass.decoded.indices.reversed() {
      let unpooled = pass.unpooled[level]
      let enlarged = brought.map { $0.interpolated(to: unpooled.imageSize, .bilinear(alignCorners: true)) }
      let convolved = between.decoder[level](enlarged ?? unpooled)
      let gate = attention.decoder[level](Tensor.concatenated([unpooled, convolved], axis: 1))
      brought = gate * pass.decoded[level]
    }
    return brought ?? pass.decoded[0]
  }
}

/// One task's gates at the levels of SegNet.
struct SegNetAttention: Module {
  let encoder, decoder: [Sequential]

  init(to layout: SegNetLayout, using generator: Generator) {
    func gate(_ inputs: Int, _ outputs: Int) -> Sequential {
      .gate(inputs, outputs, outputs, isXavier: true, using: generator)
    }
    let levels = 0..<layout.count
    encoder = levels.map { gate(($0 == 0 ? 1 : 2) * layout.channels[$0], layout.channels[$0]) }
    decoder = levels.map { gate(layout.channels[$0] + layout.decoded(from: $0), layout.decoded(from: $0)) }
  }

  func visit(_ visitor: ModuleVisitor) {
    visitor.children("encoder", encoder)
    visitor.children("decoder", decoder)
  }
}

/// The convolutions that carry every task's attended features from level to level.
struct SegNetConnections: Module {
  let encoder, decoder: [Sequential]

  init(of layout: SegNetLayout, using generator: Generator) {
    let levels = 0..<layout.count
    encoder = levels.map { level in
      .convolutions(
        layout.channels[level], layout.channels[min(level + 1, layout.count - 1)], using: generator)
    }
    decoder = levels.map { .convolutions(layout.channels[$0], layout.decoded(from: $0), using: generator) }
  }

  func visit(_ visitor: ModuleVisitor) {
    visitor.children("encoder", encoder)
    visitor.children("decoder", decoder)
  }
}
