public import Torch
public import TorchNN

/// A trunk that is a chain of stages, so that architectures can look and mix between them.
public protocol StagedTrunk: Trunk {
  /// The stages in order: the stem first.
  var stages: [TrunkStage] { get }

  /// The trunk's features from what the last stage gives: pooled, or as it is.
  func finished(_ output: Tensor) -> Tensor

  /// A layer of the trunk's own kind that makes maps for one stage out of those of the stage before, in the same size.
  ///
  /// - Parameters:
  ///   - stage: The stage whose channels it gives; at least 1.
  ///   - generator: Where the first values come from.
  func makeBridge(into stage: Int, using generator: Generator) -> any Layer
}

/// One stage of a trunk.
public struct TrunkStage {
  /// What the stage is made of, in order.
  public let blocks: [any Layer]
  /// The channels of the output.
  public let channels: Int
  /// The channels in the narrow part of each block, where it has one; else those of the output.
  public let innerChannels: Int

  /// Creates a stage.
  ///
  /// - Precondition: There is a block.
  public init(_ blocks: [any Layer], channels: Int, innerChannels: Int? = nil) {
    precondition(!blocks.isEmpty, "a stage without a block")
    self.blocks = blocks
    self.channels = channels
    self.innerChannels = innerChannels ?? channels
  }

  /// The output of the last block.
  public func callAsFunction(_ input: Tensor) -> Tensor { blocks.reduce(input) { $1.forward($0) } }
}

extension StagedTrunk {
  /// The features after the last stage, alone in their list.
  public func features(_ input: Tensor) -> [Tensor] { [finished(stages.reduce(input) { $1($0) })] }

  /// The shape of what each stage takes of one example, without the axis of examples.
  ///
  /// - Complexity: One forward pass for one example, in evaluation.
  func stageInputShapes(for inputShape: [Int]) -> [[Int]] {
    evaluating {
      withoutGradients {
        var shown = Tensor.zeros([1] + inputShape)
        return stages.map { stage in
          let shape = Array(shown.shape.dropFirst())
          shown = stage(shown)
          return shape
        }
      }
    }
  }
}
