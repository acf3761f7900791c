public import Torch

/// Steps divided by the root of all squared gradients so far.
///
/// With g the gradient plus weightDecay · θ and t the number of the step from one: s ← s + g²,
/// θ ← θ − η / (1 + (t − 1) · learningRateDecay) · g / (√s + epsilon). As PyTorch's `Adagrad`.
///
/// - Source: J. Duchi, E. Hazan, Y. Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic
///   Optimization", 2011.
public struct Adagrad: UpdateRule {
  static let learningRateParameter = CommonParameters.learningRate(default: 1e-2)
  static let learningRateDecayParameter = Parameter<Double>.atLeast(
    0, "learning_rate_decay", default: 0, "Growth of the learning rate's divisor a step.")
  static let initialAccumulatorParameter = Parameter<Double>.atLeast(
    0, "initial_accumulator", default: 0, "Sum of squares before the first step.")
  static let epsilonParameter = Parameter<Double>.atLeast(
    0, "epsilon", default: 1e-10, "Number added to the divisor.")
  static let weightDecayParameter = CommonParameters.weightDecay()
  private static let sum = "sum"

  /// What is known about the rule.
  public static let about = OptimizerDescription(
    name: "adagrad", title: "Adagrad",
    summary: "Divides the gradient by the root of all squared gradients so far.",
    formula: "s ← s + g²;  θ ← θ − η / (1 + (t − 1) · learning_rate_decay) · g / (√s + epsilon)",
    source: "Duchi, Hazan and Singer, JMLR 2011",
    parameters: [
      learningRateParameter.description, learningRateDecayParameter.description,
      initialAccumulatorParameter.description, epsilonParameter.description,
      weightDecayParameter.description,
    ],
    slots: [sum])

  /// The length of a step.
  public var learningRate: Double
  /// The growth of the learning rate's divisor a step.
  public let learningRateDecay: Double
  /// The sum of squares before the first step.
  public let initialAccumulator: Double
  /// The number added to the divisor.
  public let epsilon: Double
  /// The pull of the parameters towards zero.
  public let weightDecay: Double

  /// Creates the rule.
  ///
  /// - Throws: `OptionError` where a value breaks its rule.
  public init(
    learningRate: Double = 1e-2, learningRateDecay: Double = 0, initialAccumulator: Double = 0,
    epsilon: Double = 1e-10, weightDecay: Double = 0
  ) throws(OptionError) {
    let name = Self.about.name
    self.learningRate = try Self.learningRateParameter.checked(learningRate, for: name)
    self.learningRateDecay = try Self.learningRateDecayParameter.checked(learningRateDecay, for: name)
    self.initialAccumulator = try Self.initialAccumulatorParameter.checked(initialAccumulator, for: name)
    self.epsilon = try Self.epsilonParameter.checked(epsilon, for: name)
    self.weightDecay = try Self.weightDecayParameter.checked(weightDecay, for: name)
  }

  /// Creates the rule from named options.
  public init(options: Options) throws(OptionError) {
    try self.init(
      learningRate: options.value(of: Self.learningRateParameter),
      learningRateDecay: options.value(of: Self.learningRateDecayParameter),
      initialAccumulator: options.value(of: Self.initialAccumulatorParameter),
      epsilon: options.value(of: Self.epsilonParameter),
      weightDecay: options.value(of: Self.weightDecayParameter))
  }

  /// The hyperparameters as named options.
  public var options: [String: OptionValue] {
    [
      "learning_rate": .number(learningRate), "learning_rate_decay": .number(learningRateDecay),
      "initial_accumulator": .number(initialAccumulator), "epsilon": .number(epsilon),
      "weight_decay": .number(weightDecay),
    ]
  }

  /// Takes one step.
  public func update(_ parameter: Tensor, gradient: Tensor, state: inout ParameterState) {
    let gradient = decayed(gradient, of: parameter, by: weightDecay)
    let rate = learningRate / (1 + Double(state.step - 1) * learningRateDecay)
    let sum = state.slot(Self.sum) { parameter.fullLike(initialAccumulator) }
    sum.addProductInPlace(gradient, gradient)
    parameter.addQuotientInPlace(gradient, sum.sqrt().addInPlace(epsilon), scaledBy: -rate)
  }
}
