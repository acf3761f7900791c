public import Torch
public import TorchNN
import TruceOptions

/// The shrunk LeNet with which CAGrad's paper trains on Multi-Fashion+MNIST.
///
/// Convolution 1→5 of 9×9, max pooling of 2×2, ReLU, batch normalisation; convolution 5→10 of 5×5, max
/// pooling of 2×2, ReLU; batch normalisation of the 250 flattened features; linear map 250→50. Images
/// [examples, 1, 36, 36] become features [examples, 50]; each task adds a linear map of its own.
///
/// - Source: B. Liu et al., "Conflict-Averse Gradient Descent for Multi-task Learning", 2021, appendix on
///   Multi-Fashion+MNIST (arXiv 2110.14048).
public final class LeNetTrunk: VectorTrunk {
  /// The height and width of the images.
  public static let imageSize = 36
  /// The number of features.
  public static let featureCount = 50

  /// The number of features.
  public var featureCount: Int { Self.featureCount }

  private static let flatCount = 250
  private let conv1, conv2: Conv2d
  private let bn1: BatchNorm2d
  private let bn2: BatchNorm1d
  private let linear: Linear
  private let pool = MaxPool2d(2)

  /// Creates the trunk with PyTorch's default first values.
  public init(using generator: Generator, dtype: DType = .float32) {
    conv1 = Conv2d(1, 5, kernel: 9, using: generator, dtype: dtype)
    bn1 = BatchNorm2d(5, dtype: dtype)
    conv2 = Conv2d(5, 10, kernel: 5, using: generator, dtype: dtype)
    bn2 = BatchNorm1d(Self.flatCount, dtype: dtype)
    linear = Linear(Self.flatCount, Self.featureCount, using: generator, dtype: dtype)
  }

  /// Shows the layers.
  public func visit(_ visitor: ModuleVisitor) {
    visitor.child("conv1", conv1)
    visitor.child("bn1", bn1)
    visitor.child("conv2", conv2)
    visitor.child("bn2", bn2)
    visitor.child("linear", linear)
  }

  /// The features of images.
  public func forward(_ input: Tensor) -> Tensor {
    let first = bn1(pool(conv1(input)).relu())
    let second = pool(conv2(first)).relu()
    return linear(bn2(second.flattened(from: 1)))
  }
}

extension TrunkEntry {
  /// The line of the shrunk LeNet.
  static let lenet = TrunkEntry(
    about: TrunkDescription(
      name: "lenet", summary: "the shrunk LeNet with which CAGrad's paper trains on Multi-Fashion+MNIST",
      source: "Liu et al. 2021, appendix", takes: "grey pictures of 36×36", gives: "a vector of 50")
  ) { _, request in
    guard request.inputShape == [1, LeNetTrunk.imageSize, LeNetTrunk.imageSize] else {
      throw request.unsuitable("lenet", takes: "grey pictures [1, 36, 36]")
    }
    return LeNetTrunk(using: request.generator)
  }
}
