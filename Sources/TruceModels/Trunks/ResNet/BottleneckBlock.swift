public import Torch
public import TorchNN

/// Convolutions of 1×1, 3×3 and 1×1 with batch normalisation, to which the block's input is added.
///
/// The first makes the channels a quarter of the output's, the second has the stride, the third gives the output's
/// channels. Where the shape changes, the input passes through a convolution of 1×1 first.
///
/// - Source: K. He et al., "Deep Residual Learning for Image Recognition", 2016, figure 5; the stride on the convolution of
///   3×3 as in torchvision.
public final class BottleneckBlock: Layer {
  /// How many times the output's channels are those of the narrow part.
  public static let expansion = 4

  private let conv1, conv2, conv3: Conv2d
  private let bn1, bn2, bn3: BatchNorm2d
  private let downsample: Sequential?

  /// Creates the block.
  ///
  /// - Parameters:
  ///   - inputChannels: The number of channels of the input.
  ///   - outputChannels: The number of channels of the output, divisible by 4.
  ///   - stride: The steps of the convolution of 3×3.
  ///   - dilation: The distance between the elements of its kernel.
  ///   - generator: Where the first values come from.
  ///   - dtype: The type of the parameters.
  public init(
    _ inputChannels: Int, _ outputChannels: Int, stride: Extent = 1, dilation: Int = 1,
    using generator: Generator, dtype: DType = .float32
  ) {
    let width = outputChannels / Self.expansion
    conv1 = .residual(inputChannels, width, kernel: 1, using: generator, dtype: dtype)
    bn1 = BatchNorm2d(width, dtype: dtype)
    conv2 = .residual(
      width, width, kernel: 3, stride: stride, dilation: dilation, using: generator, dtype: dtype)
    bn2 = BatchNorm2d(width, dtype: dtype)
    conv3 = .residual(width, outputChannels, kernel: 1, using: generator, dtype: dtype)
    bn3 = BatchNorm2d(outputChannels, dtype: dtype)
    downsample = .shortcut(inputChannels, outputChannels, stride: stride, using: generator, dtype: dtype)
  }

  /// Shows the layers.
  public func visit(_ visitor: ModuleVisitor) {
    visitor.child("conv1", conv1)
    visitor.child("bn1", bn1)
    visitor.child("conv2", conv2)
    visitor.child("bn2", bn2)
    visitor.child("conv3", conv3)
    visitor.child("bn3", bn3)
    visitor.child("downsample", downsample)
  }

  /// The block's output.
  public func forward(_ input: Tensor) -> Tensor {
    let narrow = bn2(conv2(bn1(conv1(input)).relu())).relu()
    return (bn3(conv3(narrow)) + (downsample?.forward(input) ?? input)).relu()
  }
}
