public import Torch

/// A two-dimensional convolution (cross-correlation) of images [examples, channels, height, width].
public final class Conv2d: Layer {
  /// The kernels, of shape [outputs, inputs / groups, height, width].
  public private(set) var weight: Tensor
  /// What is added to each output channel, of shape [outputs].
  public private(set) var bias: Tensor?
  /// The steps of the kernel.
  public let stride: Extent
  /// The zeros around the image on each side.
  public let padding: Extent
  /// The distance between neighbouring elements of the kernel.
  public let dilation: Extent
  /// The number of parts the channels are divided into.
  public let groups: Int
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
  ///   - hasBias: Whether there is a bias, drawn from ±1 / √(fan in).
  ///   - initialization: How the kernels begin.
  ///   - generator: Where the draws come from, in host memory.
  ///   - dtype: The type of the parameters.
  public init(
    _ inputChannels: Int, _ outputChannels: Int, kernel: Extent, stride: Extent = 1, padding: Extent = 0,
    dilation: Extent = 1, groups: Int = 1, hasBias: Bool = true,
    initialization: Initialization = .layerDefault, using generator: Generator, dtype: DType = .float32
  ) {
    precondition(
      groups > 0 && inputChannels % groups == 0 && outputChannels % groups == 0,
      "\(groups) groups must divide \(inputChannels) input and \(outputChannels) output channels")
    let shape = [outputChannels, inputChannels / groups, kernel.height, kernel.width]
    weight = .parameter(shape, initialization, using: generator, dtype: dtype)
    bias =
      hasBias
      ? .bias([outputChannels], inputs: shape.dropFirst().reduce(1, *), using: generator, dtype: dtype) : nil
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
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
      weight: weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
    tape?.append(.convolution(convolution), weight: weight, bias: bias, input: input, output: output)
    return output
  }

  private var convolution: LayerCall.Convolution {
    let kernel = Extent(weight.shape[2], weight.shape[3])
    return LayerCall.Convolution(
      kernel: kernel, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }
}
