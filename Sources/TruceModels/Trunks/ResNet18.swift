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

/// The residual network of 18 layers up to its pooled features, with torchvision's names.
///
/// Images [examples, channels, height, width] become features [examples, 512]. The kernels begin with
/// Kaiming normal draws over the outputs, as in torchvision.
///
/// - Source: K. He et al., "Deep Residual Learning for Image Recognition", 2016, table 1.
/// - Note: The small stem is the one usual for CIFAR-sized images; it is not in the paper's table.
public final class ResNet18Trunk: VectorTrunk {
  /// The number of features.
  public static let featureCount = 512
  /// The number of features.
  public var featureCount: Int { Self.featureCount }

  private let conv1: Conv2d
  private let bn1: BatchNorm2d
  private let pool: MaxPool2d?
  private let stages: [Sequential]

  /// Creates the trunk.
  ///
  /// - Parameters:
  ///   - inputChannels: The number of the images' channels.
  ///   - stem: What is done with an image before the first block.
  ///   - generator: Where the first values come from.
  ///   - dtype: The type of the parameters.
  public init(
    inputChannels: Int = 3, stem: ResNetStem = .large, using generator: Generator, dtype: DType = .float32
  ) {
    let isLarge = stem == .large
    conv1 = .residual(
      inputChannels, 64, kernel: isLarge ? 7 : 3, stride: isLarge ? 2 : 1, using: generator, dtype: dtype)
    bn1 = BatchNorm2d(64, dtype: dtype)
    pool = isLarge ? MaxPool2d(3, stride: 2, padding: 1) : nil
    stages = zip([64, 64, 128, 256], [64, 128, 256, 512]).map { inputs, outputs in
      Sequential(
        ResidualBlock(inputs, outputs, stride: inputs == outputs ? 1 : 2, using: generator, dtype: dtype),
        ResidualBlock(outputs, outputs, using: generator, dtype: dtype))
    }
  }

  /// Shows the layers.
  public func visit(_ visitor: ModuleVisitor) {
    visitor.child("conv1", conv1)
    visitor.child("bn1", bn1)
    for (position, stage) in stages.enumerated() { visitor.child("layer\(position + 1)", stage) }
  }

  /// The features of images.
  public func forward(_ input: Tensor) -> Tensor {
    let stemmed = bn1(conv1(input)).relu()
    let blocks = stages.reduce(pool?.forward(stemmed) ?? stemmed) { $1($0) }
    return blocks.adaptiveAvgPool2d(1).flattened(from: 1)
  }
}

/// The residual network of 18 layers as a classifier, with torchvision's names.
public final class ResNet18: Layer {
  private let trunk: ResNet18Trunk
  private let fc: Linear

  /// Creates the network.
  ///
  /// - Parameters:
  ///   - classCount: The number of classes.
  ///   - inputChannels: The number of the images' channels.
  ///   - stem: What is done with an image before the first block.
  ///   - generator: Where the first values come from.
  ///   - dtype: The type of the parameters.
  public init(
    classCount: Int = 1000, inputChannels: Int = 3, stem: ResNetStem = .large, using generator: Generator,
    dtype: DType = .float32
  ) {
    trunk = ResNet18Trunk(inputChannels: inputChannels, stem: stem, using: generator, dtype: dtype)
    fc = Linear(ResNet18Trunk.featureCount, classCount, using: generator, dtype: dtype)
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

  /// The line of the residual network.
  static let resnet18 = TrunkEntry(
    about: TrunkDescription(
      name: "resnet18", summary: "the residual network of 18 layers up to its pooled features",
      parameters: [stem.description], source: "He et al. 2016", takes: "pictures of any size and depth",
      gives: "a vector of 512")
  ) { options, request in
    guard request.inputShape.count == 3, let channels = request.inputShape[0] else {
      throw request.unsuitable("resnet18", takes: "pictures [channels, height, width]")
    }
    return ResNet18Trunk(
      inputChannels: channels, stem: try options.value(of: stem), using: request.generator)
  }
}
