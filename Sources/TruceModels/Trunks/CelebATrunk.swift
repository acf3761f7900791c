public import Torch
public import TorchNN
import TruceOptions

/// The convolutional network of nine layers with which FAMO's protocol trains on CelebA.
///
/// Convolutions of 3×3 without bias, each with batch normalisation and ReLU: one to 64 channels, then two each to 128, 256
/// and 512, with max pooling of 2×2 behind the first three groups and the mean of the image behind the last; two linear
/// maps 512→512 without bias, each with batch normalisation and ReLU. Images [examples, channels, height, width] become
/// features [examples, 512].
///
/// - Source: B. Liu et al., "FAMO: Fast Adaptive Multitask Optimization", 2023, and its public code, whose layers' numbers
///   are the names here.
public final class CelebATrunk: VectorTrunk {
  /// The number of features.
  public static let featureCount = 512
  /// The smallest height and width that three poolings leave something of.
  public static let smallestSide = 8

  private let layers: Sequential

  /// Creates the trunk with PyTorch's default first values.
  ///
  /// - Parameters:
  ///   - inputChannels: The number of the images' channels.
  ///   - generator: Where the first values come from.
  public init(inputChannels: Int = 3, using generator: Generator) {
    func convolution(_ inputs: Int, _ outputs: Int) -> [any Layer] {
      [
        Conv2d(inputs, outputs, kernel: 3, padding: 1, hasBias: false, using: generator),
        BatchNorm2d(outputs), ReLU(),
      ]
    }
    func map() -> [any Layer] {
      let width = Self.featureCount
      return [Linear(width, width, hasBias: false, using: generator), BatchNorm1d(width), ReLU()]
    }
    let groups = [[inputChannels, 64], [64, 128, 128], [128, 256, 256], [256, 512, 512]].map { widths in
      zip(widths, widths.dropFirst()).flatMap(convolution)
    }
    let pooled = groups.dropLast().flatMap { $0 + [MaxPool2d(2)] } + groups[3]
    layers = Sequential(pooled + [AdaptiveAvgPool2d(1), Flatten()] + map() + map())
  }

  /// Shows the layers under their numbers.
  public func visit(_ visitor: ModuleVisitor) { layers.visit(visitor) }

  /// The number of features.
  public var featureCount: Int { Self.featureCount }

  /// The features of images.
  public func forward(_ input: Tensor) -> Tensor { layers(input) }
}

extension TrunkEntry {
  /// The line of the network for CelebA.
  static let celebA = TrunkEntry(
    about: TrunkDescription(
      name: "celeba-cnn", summary: "the convolutional network of nine layers of the CelebA protocol",
      source: "Liu et al. 2023", takes: "pictures of at least 8×8", gives: "a vector of 512")
  ) { _, request in
    let channels = try request.pictureChannels("celeba-cnn", atLeast: CelebATrunk.smallestSide)
    return CelebATrunk(inputChannels: channels, using: request.generator)
  }
}
