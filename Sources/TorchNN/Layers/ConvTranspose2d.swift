public import Torch

/// A transposed convolution of images: the gradient of a convolution with respect to its input.
public final class ConvTranspose2d: Layer {
  /// The kernels, of shape [inputs, outputs / groups, height, width].
  public private(set) var weight: Tensor
  /// What is added to each output channel, of shape [outputs].
  public private(set) var bias: Tensor?
  /// How the kernels look and move.
  public let convolution: Convolution
  /// The rows and columns added to the output at one end.
  public let outputPadding: Extent

  /// Creates the layer with first values, by default those of PyTorch's `ConvTranspose2d`.
  ///
  /// - Parameters:
  ///   - inputChannels: The number of channels of the input, divisible by `groups`.
  ///   - outputChannels: The number of channels of the output, divisible by `groups`.
  ///   - kernel: The size of the kernel.
  ///   - stride: The steps of the kernel on the output.
  ///   - padding: The rows and columns cut off the output on each side.
  ///   - outputPadding: The rows and columns added to the output at one end.
  ///   - dilation: The distance between neighbouring elements of the kernel.
  ///   - groups: The number of parts the channels are divided into.
  ///   - hasBias: Whether there is a bias, drawn from ±1 / √(second axis · kernel) as in PyTorch.
  ///   - initialization: How the kernels begin.
  ///   - generator: Where the draws come from, in host memory.
  ///   - dtype: The type of the parameters.
  public init(
    _ inputChannels: Int, _ outputChannels: Int, kernel: Extent, stride: Extent = 1, padding: Extent = 0,
    outputPadding: Extent = 0, dilation: Extent = 1, groups: Int = 1, hasBias: Bool = true,
    initialization: Initialization = .layerDefault, using generator: Generator, dtype: DType = .float32
  ) {
    convolution = Convolution(
      kernel: kernel, stride: stride, padding: padding, dilation: dilation, groups: groups)
    self.outputPadding = outputPadding
    (weight, bias) = convolution.parameters(
      inputChannels, outputChannels, isTransposed: true, hasBias: hasBias, initialization,
      using: generator, dtype: dtype)
  }

  /// Shows the kernels and the bias.
  public func visit(_ visitor: ModuleVisitor) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
  }

  /// The transposed convolution of images [examples, channels, height, width].
  public func forward(_ input: Tensor) -> Tensor {
    input.convTranspose2d(
      weight: weight, bias: bias, stride: convolution.stride, padding: convolution.padding,
      outputPadding: outputPadding, dilation: convolution.dilation, groups: convolution.groups)
  }
}
