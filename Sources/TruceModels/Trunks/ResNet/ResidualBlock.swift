public import Torch
public import TorchNN

/// Two convolutions of 3×3 with batch normalisation, to which the block's input is added.
///
/// Where the shape changes, the input passes through a convolution of 1×1 first.
///
/// - Source: K. He et al., "Deep Residual Learning for Image Recognition", 2016, figure 2.
public final class ResidualBlock: Layer {
  private let conv1, conv2: Conv2d
  private let bn1, bn2: BatchNorm2d
  private let downsample: Sequential?

  /// Creates the block.
  ///
  /// - Parameters:
  ///   - inputChannels: The number of channels of the input.
  ///   - outputChannels: The number of channels of the output.
  ///   - stride: The steps of the first convolution.
  ///   - generator: Where the first values come from.
  ///   - dtype: The type of the parameters.
  public init(
    _ inputChannels: Int, _ outputChannels: Int, stride: Extent = 1, using generator: Generator,
    dtype: DType = .float32
  ) {
    conv1 = .residual(
      inputChannels, outputChannels, kernel: 3, stride: stride, using: generator, dtype: dtype)
    bn1 = BatchNorm2d(outputChannels, dtype: dtype)
    conv2 = .residual(outputChannels, outputChannels, kernel: 3, using: generator, dtype: dtype)
    bn2 = BatchNorm2d(outputChannels, dtype: dtype)
    downsample = .shortcut(inputChannels, outputChannels, stride: stride, using: generator, dtype: dtype)
  }

  /// Shows the layers.
  public func visit(_ visitor: ModuleVisitor) {
    visitor.child("conv1", conv1)
    visitor.child("bn1", bn1)
    visitor.child("conv2", conv2)
    visitor.child("bn2", bn2)
    visitor.child("downsample", downsample)
  }

  /// The block's output.
  public func forward(_ input: Tensor) -> Tensor {
    let residual = bn2(conv2(bn1(conv1(input)).relu()))
    return (residual + (downsample?.forward(input) ?? input)).relu()
  }
}

extension Conv2d {
  /// A convolution without bias that keeps the image's size at stride 1, as residual networks use it.
  static func residual(
    _ inputChannels: Int, _ outputChannels: Int, kernel: Int, stride: Extent = 1, dilation: Int = 1,
    using generator: Generator, dtype: DType
  ) -> Conv2d {
    Conv2d(
      inputChannels, outputChannels, kernel: Extent(kernel), stride: stride,
      padding: Extent(kernel / 2 * dilation), dilation: Extent(dilation), hasBias: false,
      initialization: .kaimingNormal(gain: .relu, fan: .output), using: generator, dtype: dtype)
  }
}

extension Sequential? {
  /// What a residual block's input passes through where the block changes its shape; else nil.
  static func shortcut(
    _ inputChannels: Int, _ outputChannels: Int, stride: Extent, using generator: Generator, dtype: DType
  ) -> Sequential? {
    guard inputChannels != outputChannels || stride != 1 else { return nil }
    return Sequential(
      Conv2d.residual(
        inputChannels, outputChannels, kernel: 1, stride: stride, using: generator, dtype: dtype),
      BatchNorm2d(outputChannels, dtype: dtype))
  }
}
