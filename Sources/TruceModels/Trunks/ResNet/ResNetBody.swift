import Torch
import TorchNN

/// The convolutions of a residual network, with torchvision's names.
struct ResNetBody {
  private let stem: Stem
  private let layers: [Sequential]
  private let layout: ResNetLayout

  init(
    _ layout: ResNetLayout, inputChannels: Int, stem kind: ResNetStem, using generator: Generator,
    dtype: DType, steps: (Int) -> ResNetSteps = ResNetSteps.usual
  ) {
    self.layout = layout
    stem = Stem(inputChannels, kind, using: generator, dtype: dtype)
    layers = layout.blocks.enumerated().map { stage, count in
      let inputs = stage == 0 ? Stem.channels : layout.channels(of: stage - 1)
      return Sequential(
        (0..<count).map { block in
          layout.block(
            block == 0 ? inputs : layout.channels(of: stage), into: stage, isFirst: block == 0,
            steps: steps(stage), using: generator, dtype: dtype)
        })
    }
  }

  func visit(_ visitor: ModuleVisitor) {
    stem.visit(visitor)
    for (position, layer) in layers.enumerated() { visitor.child("layer\(position + 1)", layer) }
  }

  var stages: [TrunkStage] {
    let first = TrunkStage([stem], channels: Stem.channels)
    return [first]
      + layers.enumerated().map { stage, layer in
        TrunkStage(
          layer.layers.map(\.layer), channels: layout.channels(of: stage),
          innerChannels: layout.innerChannels(of: stage))
      }
  }

  func makeBridge(into stage: Int, using generator: Generator) -> any Layer {
    let inputs = stage == 1 ? Stem.channels : layout.channels(of: stage - 2)
    let steps = ResNetSteps(stride: 1, firstDilation: 1, dilation: 1)
    return layout.block(
      inputs, into: stage - 1, isFirst: true, steps: steps, using: generator, dtype: .float32)
  }

  /// What is done with an image before the first block.
  private final class Stem: Layer {
    static let channels = 64
    private let conv1: Conv2d
    private let bn1: BatchNorm2d
    private let pool: MaxPool2d?

    init(_ inputChannels: Int, _ kind: ResNetStem, using generator: Generator, dtype: DType) {
      let isLarge = kind == .large
      conv1 = .residual(
        inputChannels, Self.channels, kernel: isLarge ? 7 : 3, stride: isLarge ? 2 : 1, using: generator,
        dtype: dtype)
      bn1 = BatchNorm2d(Self.channels, dtype: dtype)
      pool = isLarge ? MaxPool2d(3, stride: 2, padding: 1) : nil
    }

    func visit(_ visitor: ModuleVisitor) {
      visitor.child("conv1", conv1)
      visitor.child("bn1", bn1)
    }

    func forward(_ input: Tensor) -> Tensor {
      let stemmed = bn1(conv1(input)).relu()
      return pool?.forward(stemmed) ?? stemmed
    }
  }
}

extension ResNetLayout {
  /// A block of a stage.
  fileprivate func block(
    _ inputs: Int, into stage: Int, isFirst: Bool, steps: ResNetSteps, using generator: Generator,
    dtype: DType
  ) -> any Layer {
    let outputs = channels(of: stage)
    let stride = Extent(isFirst ? steps.stride : 1)
    guard isBottleneck else {
      return ResidualBlock(inputs, outputs, stride: stride, using: generator, dtype: dtype)
    }
    return BottleneckBlock(
      inputs, outputs, stride: stride, dilation: isFirst ? steps.firstDilation : steps.dilation,
      using: generator, dtype: dtype)
  }
}
