public import Torch

/// Normalises each example over its last axes, then scales and shifts every element.
///
/// - Source: J. Ba, J. Kiros, G. Hinton, "Layer Normalization", 2016, equation 4.
public final class LayerNorm: Layer {
  private var weight: Tensor?
  private var bias: Tensor?
  private var tape: LayerTape?

  /// The lengths of the axes that are normalised together.
  public let shape: [Int]
  /// The number added to the variance.
  public let epsilon: Double

  /// Creates the layer with weight 1 and bias 0.
  ///
  /// - Parameters:
  ///   - shape: The lengths of the last axes, which are normalised together.
  ///   - epsilon: The number added to the variance.
  ///   - isAffine: Whether there are a weight and a bias.
  ///   - dtype: The type of the parameters.
  public init(
    _ shape: [Int], epsilon: Double = 1e-5, isAffine: Bool = true, dtype: DType = .float32
  ) {
    weight = isAffine ? .ones(shape, dtype: dtype).requiringGrad() : nil
    bias = isAffine ? .zeros(shape, dtype: dtype).requiringGrad() : nil
    self.shape = shape
    self.epsilon = epsilon
  }

  /// Shows the weight, the bias and the tape.
  public func visit(_ visitor: ModuleVisitor) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
    visitor.tape(&tape)
  }

  /// The normalised input.
  public func forward(_ input: Tensor) -> Tensor {
    let output = input.layerNorm(shape, weight: weight, bias: bias, epsilon: epsilon)
    tape?.append(
      .elementScaling { [shape, epsilon] in input.layerNorm(shape, epsilon: epsilon) },
      weight: weight, bias: bias, input: input, output: output)
    return output
  }
}
