public import Torch

/// Steps divided by a running root mean square of the gradient.
///
/// With g the gradient plus weightDecay · θ: v ← alpha · v + (1 − alpha) · g²; with `centered` the square of
/// the running mean is taken from v. The step is θ ← θ − η g / (√v + epsilon), or with momentum
/// b ← momentum · b + g / (√v + epsilon), θ ← θ − η b. As PyTorch's `RMSprop`.
///
/// - Source: G. Hinton, "Neural Networks for Machine Learning", lecture 6, 2012; the centred form
///   A. Graves, "Generating Sequences With Recurrent Neural Networks", 2013, equations 38-41.
public struct RMSprop: UpdateRule {
  static let learningRateParameter = CommonParameters.learningRate(default: 1e-2)
  static let alphaParameter = Parameter<Double>.share(
    "alpha", default: 0.99, "Share of the old squares in the mean square.")
  static let epsilonParameter = Parameter<Double>.atLeast(
    0, "epsilon", default: 1e-8, "Number added to the divisor.")
  static let momentumParameter = Parameter<Double>.atLeast(
    0, "momentum", default: 0, "Share of the last step's direction that is kept.")
  static let centeredParameter = Parameter<Bool>.any(
    "centered", default: false, "Whether the divisor is a standard deviation.")
  static let weightDecayParameter = CommonParameters.weightDecay()
  private static let square = "square_avg"
  private static let mean = "grad_avg"
  private static let buffer = "momentum_buffer"

  /// What is known about the rule.
  public static let about = OptimizerDescription(
    name: "rmsprop", title: "RMSprop",
    summary: "Divides the gradient by a running root mean square of it.",
    formula: "v ← alpha · v + (1 − alpha) · g²;  θ ← θ − η g / (√v + epsilon)",
    source: "Hinton, lecture 6, 2012",
    parameters: [
      learningRateParameter.description, alphaParameter.description, epsilonParameter.description,
      momentumParameter.description, centeredParameter.description, weightDecayParameter.description,
    ],
    slots: [square, mean, buffer])

  /// The length of a step.
  public var learningRate: Double
  /// The share of the old squares in the mean square.
  public let alpha: Double
  /// The number added to the divisor.
  public let epsilon: Double
  /// The share of the last step's direction that is kept.
  public let momentum: Double
  /// Whether the divisor is a standard deviation.
  public let centered: Bool
  /// The pull of the parameters towards zero.
  public let weightDecay: Double

  /// Creates the rule.
  ///
  /// - Throws: `OptionError` where a value breaks its rule.
  public init(
    learningRate: Double = 1e-2, alpha: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0,
    centered: Bool = false, weightDecay: Double = 0
  ) throws(OptionError) {
    let name = Self.about.name
    self.learningRate = try Self.learningRateParameter.checked(learningRate, for: name)
    self.alpha = try Self.alphaParameter.checked(alpha, for: name)
    self.epsilon = try Self.epsilonParameter.checked(epsilon, for: name)
    self.momentum = try Self.momentumParameter.checked(momentum, for: name)
    self.centered = centered
    self.weightDecay = try Self.weightDecayParameter.checked(weightDecay, for: name)
  }

  /// Creates the rule from named options.
  public init(options: Options) throws(OptionError) {
    try self.init(
      learningRate: options.value(of: Self.learningRateParameter),
      alpha: options.value(of: Self.alphaParameter), epsilon: options.value(of: Self.epsilonParameter),
      momentum: options.value(of: Self.momentumParameter),
      centered: options.value(of: Self.centeredParameter),
      weightDecay: options.value(of: Self.weightDecayParameter))
  }

  /// The hyperparameters as named options.
  public var options: [String: OptionValue] {
    [
      "learning_rate": .number(learningRate), "alpha": .number(alpha), "epsilon": .number(epsilon),
      "momentum": .number(momentum), "centered": .bool(centered), "weight_decay": .number(weightDecay),
    ]
  }

  /// Takes one step.
  public func update(_ parameter: Tensor, gradient: Tensor, state: inout ParameterState) {
    let gradient = decayed(gradient, of: parameter, by: weightDecay)
    let divisor = divisor(of: parameter, gradient, state: &state)
    guard momentum > 0 else {
      parameter.addQuotientInPlace(gradient, divisor, scaledBy: -learningRate)
      return
    }
    let buffer = state.slot(Self.buffer) { parameter.zerosLike() }
    buffer.multiplyInPlace(momentum).addQuotientInPlace(gradient, divisor)
    parameter.addInPlace(buffer, scaledBy: -learningRate)
  }

  /// √v + epsilon after taking in the gradient.
  private func divisor(of parameter: Tensor, _ gradient: Tensor, state: inout ParameterState) -> Tensor {
    let square = state.slot(Self.square) { parameter.zerosLike() }
    square.multiplyInPlace(alpha).addProductInPlace(gradient, gradient, scaledBy: 1 - alpha)
    guard centered else { return square.sqrt().addInPlace(epsilon) }
    let mean = state.slot(Self.mean) { parameter.zerosLike() }
    mean.interpolateInPlace(towards: gradient, weight: 1 - alpha)
    let variance = square.clone().addProductInPlace(mean, mean, scaledBy: -1)
    return variance.sqrtInPlace().addInPlace(epsilon)
  }
}
