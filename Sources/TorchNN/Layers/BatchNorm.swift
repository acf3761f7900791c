public import Torch

/// Batch normalisation of rows [examples, channels] or sequences [examples, channels, length].
public typealias BatchNorm1d = BatchNorm

/// Batch normalisation of images [examples, channels, height, width].
public typealias BatchNorm2d = BatchNorm

/// Normalises each channel (the second axis) over all others, then scales and shifts it.
///
/// y = (x − μ) / √(σ² + epsilon) · weight + bias. In training μ and σ² are the batch's, and the running
/// statistics move towards them by `momentum`, the variance with n − 1 in its divisor; in evaluation they are
/// the running statistics. One type serves all ranks; the two names say what is meant.
///
/// - Source: S. Ioffe and C. Szegedy, "Batch Normalization", 2015, algorithms 1 and 2.
/// - Note: A training batch with one value a channel has no variance with n − 1 in its divisor. PyTorch
///   refuses it; here the running statistics stay as they are, so that a last batch of one example passes.
public final class BatchNorm: Layer {
  private var weight: Tensor?
  private var bias: Tensor?
  private var runningMean: Tensor
  private var runningVariance: Tensor
  private var batchCount: Tensor
  private var isTraining = true
  private var tape: LayerTape?

  /// The number of channels.
  public let channelCount: Int
  /// The share by which the running statistics move towards the batch's.
  public let momentum: Double
  /// The number added to the variance.
  public let epsilon: Double

  /// Creates the layer, in training, with weight 1, bias 0, running mean 0 and running variance 1.
  ///
  /// - Parameters:
  ///   - channelCount: The length of the second axis.
  ///   - momentum: The share by which the running statistics move towards the batch's.
  ///   - epsilon: The number added to the variance.
  ///   - isAffine: Whether there are a weight and a bias.
  ///   - dtype: The type of parameters and running statistics.
  public init(
    _ channelCount: Int, momentum: Double = 0.1, epsilon: Double = 1e-5, isAffine: Bool = true,
    dtype: DType = .float32
  ) {
    weight = isAffine ? .ones([channelCount], dtype: dtype).requiringGrad() : nil
    bias = isAffine ? .zeros([channelCount], dtype: dtype).requiringGrad() : nil
    runningMean = .zeros([channelCount], dtype: dtype)
    runningVariance = .ones([channelCount], dtype: dtype)
    batchCount = .zeros([], dtype: .int64)
    self.channelCount = channelCount
    self.momentum = momentum
    self.epsilon = epsilon
  }

  /// Shows weight, bias, running statistics, the mode and the tape.
  public func visit(_ visitor: ModuleVisitor) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
    visitor.buffer("running_mean", &runningMean)
    visitor.buffer("running_var", &runningVariance)
    visitor.buffer("num_batches_tracked", &batchCount)
    visitor.mode(&isTraining)
    visitor.tape(&tape)
  }

  /// The normalised input.
  public func forward(_ input: Tensor) -> Tensor {
    let hasVariance = input.count > channelCount
    let usesRunning = !isTraining || hasVariance
    if isTraining && hasVariance { batchCount.addInPlace(1) }
    let output = input.batchNorm(
      weight: weight, bias: bias, runningMean: usesRunning ? runningMean : nil,
      runningVariance: usesRunning ? runningVariance : nil, isTraining: isTraining, momentum: momentum,
      epsilon: epsilon)
    tape?.append(kind(of: input), weight: weight, bias: bias, input: input, output: output)
    return output
  }

  /// What is recorded of a call: in training every output depends on all examples of the batch.
  private func kind(of input: Tensor) -> LayerCall.Kind {
    guard !isTraining else { return .mixedExamples }
    return .channelScaling { [runningMean, runningVariance, epsilon] in
      input.batchNorm(
        weight: nil, bias: nil, runningMean: runningMean, runningVariance: runningVariance,
        isTraining: false, epsilon: epsilon)
    }
  }
}
