/// How deep a residual network is, and what it is made of.
public struct ResNetLayout: Sendable, Equatable {
  /// The number of blocks of each stage.
  public let blocks: [Int]
  /// Whether the blocks have a narrow part.
  public let isBottleneck: Bool

  /// 18 layers.
  public static let resnet18 = ResNetLayout(blocks: [2, 2, 2, 2], isBottleneck: false)
  /// 50 layers.
  public static let resnet50 = ResNetLayout(blocks: [3, 4, 6, 3], isBottleneck: true)

  /// The number of features: the channels of the last stage.
  public var featureCount: Int { channels(of: blocks.count - 1) }

  /// The channels that a stage gives.
  func channels(of stage: Int) -> Int {
    innerChannels(of: stage) * (isBottleneck ? BottleneckBlock.expansion : 1)
  }

  /// The channels of the narrow part of a stage's blocks.
  func innerChannels(of stage: Int) -> Int { 64 << stage }
}

/// What a stage does at its beginning and between the elements of its kernels.
struct ResNetSteps {
  /// The stride of the first block.
  let stride: Int
  /// The dilation of the first block's kernels.
  let firstDilation: Int
  /// The dilation of the other blocks' kernels.
  let dilation: Int

  /// The steps of a usual stage: half the height and width, but for the first.
  static func usual(_ stage: Int) -> ResNetSteps {
    ResNetSteps(stride: stage == 0 ? 1 : 2, firstDilation: 1, dilation: 1)
  }

  /// The steps of a stage whose last two keep the size and look further instead.
  ///
  /// The first block of each has half the dilation of the others.
  static func dilated(_ stage: Int) -> ResNetSteps {
    guard stage >= 2 else { return usual(stage) }
    return ResNetSteps(stride: 1, firstDilation: stage == 2 ? 1 : 2, dilation: stage == 2 ? 2 : 4)
  }
}
