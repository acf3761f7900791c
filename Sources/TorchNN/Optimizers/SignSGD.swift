public import Torch

/// Steps of equal length in every coordinate, against the sign of the averaged gradient.
///
/// With g the gradient plus weightDecay · θ: m ← momentum · m + (1 − momentum) · g, then
/// θ ← θ − η · sign(m). Where momentum is zero this is signSGD, otherwise Signum.
///
/// - Source: J. Bernstein et al., "signSGD: Compressed Optimisation for Non-Convex Problems", 2018,
///   algorithms 1 and 2 (arXiv 1802.04434).
/// - Note: The paper has no weight decay; it enters the gradient here, as in the authors' MXNet `Signum`.
public struct SignSGD: UpdateRule {
  static let learningRateParameter = CommonParameters.learningRate(default: 1e-4)
  static let momentumParameter = Parameter<Double>.share(
    "momentum", default: 0.9, "Share of the old gradients in the average.")
  static let weightDecayParameter = CommonParameters.weightDecay()
  private static let average = "exp_avg"

  /// What is known about the rule.
  public static let about = OptimizerDescription(
    name: "signsgd", title: "signSGD", summary: "Takes steps of equal length in every coordinate.",
    formula: "m ← momentum · m + (1 − momentum) · g;  θ ← θ − η sign(m)",
    source: "Bernstein et al., ICML 2018",
    parameters: [
      learningRateParameter.description, momentumParameter.description, weightDecayParameter.description,
    ],
    slots: [average])

  /// The length of a step in each coordinate.
  public var learningRate: Double
  /// The share of the old gradients in the average.
  public let momentum: Double
  /// The pull of the parameters towards zero.
  public let weightDecay: Double

  /// Creates the rule.
  ///
  /// - Throws: `OptionError` where a value breaks its rule.
  public init(
    learningRate: Double = 1e-4, momentum: Double = 0.9, weightDecay: Double = 0
  ) throws(OptionError) {
    let name = Self.about.name
    self.learningRate = try Self.learningRateParameter.checked(learningRate, for: name)
    self.momentum = try Self.momentumParameter.checked(momentum, for: name)
    self.weightDecay = try Self.weightDecayParameter.checked(weightDecay, for: name)
  }

  /// Creates the rule from named options.
  public init(options: Options) throws(OptionError) {
    try self.init(
      learningRate: options.value(of: Self.learningRateParameter),
      momentum: options.value(of: Self.momentumParameter),
      weightDecay: options.value(of: Self.weightDecayParameter))
  }

  /// The hyperparameters as named options.
  public var options: [String: OptionValue] {
    [
      "learning_rate": .number(learningRate), "momentum": .number(momentum),
      "weight_decay": .number(weightDecay),
    ]
  }

  /// Takes one step.
  public func update(_ parameter: Tensor, gradient: Tensor, state: inout ParameterState) {
    let gradient = decayed(gradient, of: parameter, by: weightDecay)
    guard momentum != 0 else {
      parameter.addInPlace(gradient.sign(), scaledBy: -learningRate)
      return
    }
    let average = state.slot(Self.average) { parameter.zerosLike() }
    average.multiplyInPlace(momentum).addInPlace(gradient, scaledBy: 1 - momentum)
    parameter.addInPlace(average.sign(), scaledBy: -learningRate)
  }
}
