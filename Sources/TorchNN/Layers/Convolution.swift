public import Torch

/// How the kernel of a convolution looks and moves.
public struct Convolution: Hashable, Sendable {
  /// The size of the kernel.
  public let kernel: Extent
  /// The steps of the kernel.
  public let stride: Extent
  /// The zeros around the image on each side; for a transposed convolution what is cut off there.
  public let padding: Extent
  /// The distance between neighbouring elements of the kernel.
  public let dilation: Extent
  /// The number of parts the channels are divided into.
  public let groups: Int

  /// Creates the description of a convolution.
  public init(
    kernel: Extent, stride: Extent = 1, padding: Extent = 0, dilation: Extent = 1, groups: Int = 1
  ) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
  }

  /// First values of the kernels between so many input and output channels.
  ///
  /// - Parameters:
  ///   - inputs: The number of channels of the input, divisible by the groups.
  ///   - outputs: The number of channels of the output, divisible by the groups.
  ///   - isTransposed: Whether the input's channels are the first axis, as a transposed convolution has them.
  ///   - hasBias: Whether there is a bias.
  ///   - initialization: How the kernels begin.
  ///   - biasInitialization: How the bias begins; nil for draws from ±1 / √(second axis · kernel).
  ///   - generator: Where the draws come from.
  ///   - dtype: The type of the parameters.
  func parameters(
    _ inputs: Int, _ outputs: Int, isTransposed: Bool = false, hasBias: Bool,
    _ initialization: Initialization, _ biasInitialization: Initialization? = nil, using generator: Generator,
    dtype: DType
  ) -> (weight: Tensor, bias: Tensor?) {
    precondition(
      groups > 0 && inputs % groups == 0 && outputs % groups == 0,
      "\(groups) groups must divide \(inputs) input and \(outputs) output channels")
    let channels = isTransposed ? [inputs, outputs / groups] : [outputs, inputs / groups]
    let shape = channels + [kernel.height, kernel.width]
    let weight = Tensor.parameter(shape, initialization, using: generator, dtype: dtype)
    guard hasBias else { return (weight, nil) }
    if let biasInitialization {
      return (weight, .parameter([outputs], biasInitialization, using: generator, dtype: dtype))
    }
    let fanIn = shape.dropFirst().reduce(1, *)
    return (weight, .bias([outputs], inputs: fanIn, using: generator, dtype: dtype))
  }
}
