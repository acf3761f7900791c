public import Torch

/// Normalises groups of channels of each example, then scales and shifts each channel.
///
/// - Source: Y. Wu and K. He, "Group Normalization", 2018, equations 1 and 7.
public final class GroupNorm: Layer {
  private var weight: Tensor?
  private var bias: Tensor?
  private var tape: LayerTape?

  /// The number of groups.
  public let groups: Int
  /// The number added to the variance.
  public let epsilon: Double

  /// Creates the layer with weight 1 and bias 0.
  ///
  /// - Parameters:
  ///   - groups: The number of groups, which divides `channelCount`.
  ///   - channelCount: The length of the second axis.
  ///   - epsilon: The number added to the variance.
  ///   - isAffine: Whether there are a weight and a bias.
  ///   - dtype: The type of the parameters.
  public init(
    _ groups: Int, _ channelCount: Int, epsilon: Double = 1e-5, isAffine: Bool = true,
    dtype: DType = .float32
  ) {
    precondition(
      groups > 0 && channelCount % groups == 0, "\(groups) groups must divide \(channelCount) channels")
    weight = isAffine ? .ones([channelCount], dtype: dtype).requiringGrad() : nil
    bias = isAffine ? .zeros([channelCount], dtype: dtype).requiringGrad() : nil
    self.groups = groups
    self.epsilon = epsilon
  }

  /// Shows the weight, the bias and the tape.
  public func visit(_ visitor: ModuleVisitor) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
    visitor.tape(&tape)
  }

  /// The normalised input, of shape [examples, channels, …].
  public func forward(_ input: Tensor) -> Tensor {
    let output = input.groupNorm(groups: groups, weight: weight, bias: bias, epsilon: epsilon)
    tape?.append(
      .channelScaling { [groups, epsilon] in input.groupNorm(groups: groups, epsilon: epsilon) },
      weight: weight, bias: bias, input: input, output: output)
    return output
  }
}
