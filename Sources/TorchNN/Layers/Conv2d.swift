public import Torch

/// A two-dimensional convolution (cross-correlation) of images [examples, channels, height, width].
public final class Conv2d: Layer {
  /// The kernels, of shape [outputs, inputs / groups, height, width].
  public private(set) var weight: Tensor
  /// What is added to each output channel, of shape [outputs].
  public private(set) var bias: Tensor?
  /// How the kernels look and move.
  public let convolution: Convolution
  private var tape: LayerTape?

  /// Creates the layer with first values, by default those of PyTorch's `Conv2d`.
  ///
  /// - Parameters:
  ///   - inputChannels: The number of channels of the input, divisible by `groups`.
  ///   - outputChannels: The number of channels of the output, divisible by `groups`.
  ///   - kernel: The size of the kernel.
  ///   - stride: The steps of the kernel.
  ///   - padding: The zeros around the image on each side.
  ///   - dilation: The distance between neighbouring elements of the kernel.
  ///   - groups: The number of parts the channels are divided into.
  ///   - hasBias: Whether there is a bias.
  ///   - initialization: How the kernels begin.
  ///   - biasInitialization: How the bias begins; nil for draws from ±1 / √(fan in).
  ///   - generator: Where the draws come from, in host memory.
  ///   - dtype: The type of the parameters.
  public init(
    _ inputChannels: Int, _ outputChannels: Int, kernel: Extent, stride: Extent = 1, padding: Extent = 0,
    dilation: Extent = 1, groups: Int = 1, hasBias: Bool = true,
    initialization: Initialization = .layerDefault, biasInitialization: Initialization? = nil,
    using generator: Generator, dtype: DType = .float32
  ) {
    convolution = Convolution(
      kernel: kernel, stride: stride, padding: padding, dilation: dilation, groups: groups)
    (weight, bias) = convolution.parameters(
      inputChannels, outputChannels, hasBias: hasBias, initialization, biasInitialization, using: generator,
      dtype: dtype)
  }

  /// Shows the kernels, the bias and the tape.
  public func visit(_ visitor: ModuleVisitor) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
    visitor.tape(&tape)
  }

  /// The convolution of images.
  public func forward(_ input: Tensor) -> Tensor {
    let output = input.conv2d(
      weight: weight, bias: bias, stride: convolution.stride, padding: convolution.padding,
      dilation: convolution.dilation, groups: convolution.groups)
    tape?.append(.convolution(convolution), weight: weight, bias: bias, input: input, output: output)
    return output
  }
}
