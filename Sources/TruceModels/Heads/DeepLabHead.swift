public import Torch
public import TorchNN

/// Atrous spatial pyramid pooling: what a pixel looks like at several scales, side by side.
///
/// Five branches, each without bias, with batch normalisation and ReLU: a convolution of 1×1; three of 3×3 with dilation
/// 12, 24 and 36; the mean of the whole image through a convolution of 1×1. A convolution of 1×1 joins them, with batch
/// normalisation, ReLU and dropout behind it. Maps [examples, channels, height, width] become
/// [examples, outputs, height, width].
///
/// - Source: L.-C. Chen et al., "Rethinking Atrous Convolution for Semantic Image Segmentation", 2017, section 3.3.
/// - Note: In training the branch of the mean has one value a channel and example, so with a batch of two it is ±1
///   whatever the features are.
public final class AtrousPyramid: Layer {
  private let branches: [Sequential]
  private let project: Sequential

  /// Creates the layer with PyTorch's default first values.
  ///
  /// - Parameters:
  ///   - channels: The channels of the input.
  ///   - outputs: The channels of each branch and of the output.
  ///   - dilations: The distances between the elements of the kernels of 3×3.
  ///   - dropout: The probability with which an element of the output is set to zero in training.
  ///   - generator: Where first values and the draws of the dropout come from.
  public init(
    _ channels: Int, _ outputs: Int = 256, dilations: [Int] = [12, 24, 36], dropout: Double = 0.5,
    using generator: Generator
  ) {
    func normalized(_ inputs: Int, dilation: Int?) -> [any Layer] {
      let kernel: Extent = dilation == nil ? 1 : 3
      return [
        Conv2d(
          inputs, outputs, kernel: kernel, padding: Extent(dilation ?? 0), dilation: Extent(dilation ?? 1),
          hasBias: false, using: generator),
        BatchNorm2d(outputs), ReLU(),
      ]
    }
    let local = ([nil] + dilations).map { Sequential(normalized(channels, dilation: $0)) }
    branches = local + [Sequential([AdaptiveAvgPool2d(1)] + normalized(channels, dilation: nil))]
    project = Sequential(
      normalized(branches.count * outputs, dilation: nil) + [Dropout(dropout, using: generator)])
  }

  /// Shows the branches and what joins them.
  public func visit(_ visitor: ModuleVisitor) {
    visitor.children("convs", branches)
    visitor.child("project", project)
  }

  /// The joined branches.
  public func forward(_ input: Tensor) -> Tensor {
    let maps = branches.map { branch in
      let map = branch(input)
      return map.expanded(Array(map.shape.prefix(2)) + input.shape.suffix(2))
    }
    return project(Tensor.concatenated(maps, axis: 1))
  }
}

extension Sequential {
  /// DeepLabV3's head: the pyramid, a convolution of 3×3 with batch normalisation and ReLU, and one of 1×1.
  static func deepLabHead(
    _ channels: Int, _ outputs: Int, dropout: Double, using generator: Generator
  ) -> Sequential {
    let width = 256
    return Sequential(
      AtrousPyramid(channels, width, dropout: dropout, using: generator),
      Conv2d(width, width, kernel: 3, padding: 1, hasBias: false, using: generator), BatchNorm2d(width),
      ReLU(), Conv2d(width, outputs, kernel: 1, using: generator))
  }
}
