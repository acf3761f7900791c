public import Torch
public import TorchNN
public import TruceOptions

/// What a residual network does with an image before its first block.
public enum ResNetStem: String, ParameterValue, Codable, CaseIterable {
  /// Convolution of 7×7 with stride 2 and max pooling of 3×3 with stride 2, for images of about 224×224.
  case large
  /// Convolution of 3×3 with stride 1 and no pooling, for images of about 32×32.
  case small
}

/// A residual network up to its pooled features, with torchvision's names.
///
/// Images [examples, channels, height, width] become features [examples, 512], or 2048 with 50 layers. The kernels begin
/// with Kaiming normal draws over the outputs, as in torchvision.
///
/// - Source: K. He et al., "Deep Residual Learning for Image Recognition", 2016, table 1.
/// - Note: The small stem is the one usual for CIFAR-sized images; it is not in the paper's table.
public final class ResNetTrunk: VectorTrunk, StagedTrunk {
  /// The number of features.
  public let featureCount: Int
  private let body: ResNetBody

  /// Creates the trunk.
  ///
  /// - Parameters:
  ///   - layout: How deep it is.
  ///   - inputChannels: The number of the images' channels.
  ///   - stem: What is done with an image before the first block.
  ///   - generator: Where the first values come from.
  ///   - dtype: The type of the parameters.
  public init(
    _ layout: ResNetLayout = .resnet18, inputChannels: Int = 3, stem: ResNetStem = .large,
    using generator: Generator, dtype: DType = .float32
  ) {
    featureCount = layout.featureCount
    body = ResNetBody(layout, inputChannels: inputChannels, stem: stem, using: generator, dtype: dtype)
  }

  /// Shows the layers.
  public func visit(_ visitor: ModuleVisitor) { body.visit(visitor) }

  /// The stem and the four stages.
  public var stages: [TrunkStage] { body.stages }

  /// The means of each channel.
  public func finished(_ output: Tensor) -> Tensor { output.adaptiveAvgPool2d(1).flattened(from: 1) }

  /// A residual block.
  public func makeBridge(into stage: Int, using generator: Generator) -> any Layer {
    body.makeBridge(into: stage, using: generator)
  }

  /// The features of images, alone in their list.
  public func features(_ input: Tensor) -> [Tensor] { [forward(input)] }

  /// The features of images.
  public func forward(_ input: Tensor) -> Tensor { finished(stages.reduce(input) { $1($0) }) }
}

/// A residual network as a classifier, with torchvision's names.
public final class ResNet: Layer {
  private let trunk: ResNetTrunk
  private let fc: Linear

  /// Creates the network.
  ///
  /// - Parameters:
  ///   - layout: How deep it is.
  ///   - classCount: The number of classes.
  ///   - inputChannels: The number of the images' channels.
  ///   - stem: What is done with an image before the first block.
  ///   - generator: Where the first values come from.
  ///   - dtype: The type of the parameters.
  public init(
    _ layout: ResNetLayout = .resnet18, classCount: Int = 1000, inputChannels: Int = 3,
    stem: ResNetStem = .large, using generator: Generator, dtype: DType = .float32
  ) {
    trunk = ResNetTrunk(layout, inputChannels: inputChannels, stem: stem, using: generator, dtype: dtype)
    fc = Linear(trunk.featureCount, classCount, using: generator, dtype: dtype)
  }

  /// Shows the trunk's layers and the classifier, all under torchvision's names.
  public func visit(_ visitor: ModuleVisitor) {
    trunk.visit(visitor)
    visitor.child("fc", fc)
  }

  /// The logits of images, of shape [examples, classes].
  public func forward(_ input: Tensor) -> Tensor { fc(trunk(input)) }
}

extension TrunkEntry {
  private static let stem = Parameter<ResNetStem>.any(
    "stem", default: .small,
    "What is done before the first block: large for pictures of about 224×224, small for about 32×32.")

  /// The line of the residual network of 18 layers.
  static let resnet18 = resnet("resnet18", .resnet18, layers: 18)

  /// The line of the residual network of 50 layers.
  static let resnet50 = resnet("resnet50", .resnet50, layers: 50)

  private static func resnet(_ name: String, _ layout: ResNetLayout, layers: Int) -> TrunkEntry {
    TrunkEntry(
      about: TrunkDescription(
        name: name, summary: "the residual network of \(layers) layers up to its pooled features",
        parameters: [stem.description, TrunkWeights.parameter.description], source: "He et al. 2016",
        takes: "pictures of any size and depth", gives: "a vector of \(layout.featureCount)")
    ) { options, request in
      let trunk = ResNetTrunk(
        layout, inputChannels: try request.pictureChannels(name), stem: try options.value(of: stem),
        using: request.generator)
      try TrunkWeights(options).load(into: trunk, without: TrunkWeights.classifier)
      return trunk
    }
  }
}
