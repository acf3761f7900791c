public import Torch
public import TorchNN
import TruceOptions

/// The residual network of 50 layers whose last two stages keep the size and look further instead, as DeepLabV3 has it.
///
/// Images [examples, channels, height, width] become features [examples, 2048, height / 8, width / 8], rounded up. The
/// third stage has dilation 2 and the fourth 4; the first block of each has half of it. The names are torchvision's, so
/// that weights of the usual network fit.
///
/// - Source: L.-C. Chen et al., "Rethinking Atrous Convolution for Semantic Image Segmentation", 2017; the public code of
///   LibMTL.
/// - Note: LibMTL and the papers that use it call the network DeepLabV3+. It has neither the skip from the first stage nor
///   the decoder of V3+.
public final class DilatedResNetTrunk: StagedTrunk {
  private let body: ResNetBody
  private let layout = ResNetLayout.resnet50

  /// Creates the trunk.
  ///
  /// - Parameters:
  ///   - inputChannels: The number of the images' channels.
  ///   - generator: Where the first values come from.
  ///   - dtype: The type of the parameters.
  public init(inputChannels: Int = 3, using generator: Generator, dtype: DType = .float32) {
    body = ResNetBody(
      layout, inputChannels: inputChannels, stem: .large, using: generator, dtype: dtype,
      steps: ResNetSteps.dilated)
  }

  /// Shows the layers.
  public func visit(_ visitor: ModuleVisitor) { body.visit(visitor) }

  /// One map, an eighth of the image's size.
  public var featureShapes: [FeatureShape] { [.map(channels: layout.featureCount, stride: 8)] }

  /// Atrous spatial pyramid pooling.
  public var mapHead: MapHead { .aspp }

  /// The stem and the four stages.
  public var stages: [TrunkStage] { body.stages }

  /// The output as it is.
  public func finished(_ output: Tensor) -> Tensor { output }

  /// A residual block.
  public func makeBridge(into stage: Int, using generator: Generator) -> any Layer {
    body.makeBridge(into: stage, using: generator)
  }
}

extension TrunkEntry {
  /// The line of DeepLabV3.
  static let deepLabV3 = deepLab("deeplabv3", "the dilated residual network of 50 layers, for DeepLabV3")

  /// The same line under the name that LibMTL gives it.
  static let deepLabV3Plus = deepLab("deeplabv3+", "the same as deeplabv3, which LibMTL calls DeepLabV3+")

  private static func deepLab(_ name: String, _ summary: String) -> TrunkEntry {
    TrunkEntry(
      about: TrunkDescription(
        name: name, summary: summary, parameters: [TrunkWeights.parameter.description],
        source: "Chen et al. 2017; LibMTL", takes: "pictures of any size and depth",
        gives: "a map of 2048 channels, an eighth of the picture's size")
    ) { options, request in
      let trunk = DilatedResNetTrunk(
        inputChannels: try request.pictureChannels(name), using: request.generator)
      try TrunkWeights(options).load(into: trunk, without: TrunkWeights.classifier)
      return trunk
    }
  }
}
