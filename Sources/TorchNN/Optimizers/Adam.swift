/// Adam with weight decay added to the gradient; see ``AdaptiveMoments``.
public typealias Adam = AdaptiveMoments<CoupledDecay>

/// Adam with weight decay apart from the gradient; see ``AdaptiveMoments``.
public typealias AdamW = AdaptiveMoments<DecoupledDecay>

/// Steps along the mean gradient, divided by the root of the mean squared gradient.
///
/// With g the gradient and t the number of the step from one: m ← β₁ m + (1 − β₁) g,
/// v ← β₂ v + (1 − β₂) g², θ ← θ − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + epsilon). With `amsgrad` the
/// largest v so far takes the place of v. Weight decay adds weightDecay · θ to g in ``Adam``, and multiplies
/// θ by 1 − η · weightDecay in ``AdamW``. These are the steps of PyTorch's optimizers of the same names.
///
/// - Source: D. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", 2015, algorithm 1; AMSGrad:
///   S. Reddi, S. Kale, S. Kumar, "On the Convergence of Adam and Beyond", 2018, algorithm 2; AdamW:
///   I. Loshchilov and F. Hutter, "Decoupled Weight Decay Regularization", 2019, algorithm 2.
public struct AdaptiveMoments<Decay: AdamDecay>: UpdateRule {
  /// What is known about the rule.
  public static var about: OptimizerDescription { Decay.about }

  /// The length of a step.
  public var learningRate: Double
  /// The share of the old gradients in the mean.
  public let beta1: Double
  /// The share of the old squares in the mean square.
  public let beta2: Double
  /// The number added to the divisor.
  public let epsilon: Double
  /// The pull of the parameters towards zero.
  public let weightDecay: Double
  /// Whether the divisor never shrinks.
  public let amsgrad: Bool
  /// Whether libtorch updates all parameters in one call.
  public let fused: Bool

  /// Creates the rule; AdamW's weight decay is 0.01 unless given.
  ///
  /// - Throws: `OptionError` where a value breaks its rule.
  public init(
    learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = Decay.defaultWeightDecay, amsgrad: Bool = false, fused: Bool = true
  ) throws(OptionError) {
    let name = Self.about.name
    self.learningRate = try AdamParameters.learningRate.checked(learningRate, for: name)
    self.beta1 = try AdamParameters.beta1.checked(beta1, for: name)
    self.beta2 = try AdamParameters.beta2.checked(beta2, for: name)
    self.epsilon = try AdamParameters.epsilon.checked(epsilon, for: name)
    self.weightDecay = try Self.weightDecayParameter.checked(weightDecay, for: name)
    self.amsgrad = amsgrad
    self.fused = fused
  }

  /// Creates the rule from named options.
  public init(options: Options) throws(OptionError) {
    try self.init(
      learningRate: options.value(of: AdamParameters.learningRate),
      beta1: options.value(of: AdamParameters.beta1),
      beta2: options.value(of: AdamParameters.beta2),
      epsilon: options.value(of: AdamParameters.epsilon),
      weightDecay: options.value(of: Self.weightDecayParameter),
      amsgrad: options.value(of: AdamParameters.amsgrad),
      fused: options.value(of: CommonParameters.fused))
  }

  private static var weightDecayParameter: Parameter<Double> {
    CommonParameters.weightDecay(default: Decay.defaultWeightDecay)
  }

  /// The hyperparameters as named options.
  public var options: [String: OptionValue] {
    [
      "learning_rate": .number(learningRate), "beta1": .number(beta1), "beta2": .number(beta2),
      "epsilon": .number(epsilon), "weight_decay": .number(weightDecay), "amsgrad": .bool(amsgrad),
      "fused": .bool(fused),
    ]
  }
}

// MARK: Weight decay

/// How weight decay enters Adam's step.
public protocol AdamDecay: Sendable {
  /// What is known about the rule.
  static var about: OptimizerDescription { get }
  /// The weight decay used where none is given.
  static var defaultWeightDecay: Double { get }
  /// Whether the parameters are pulled towards zero apart from the gradient.
  static var isDecoupled: Bool { get }
}

/// Weight decay that is added to the gradient, as in Adam.
public enum CoupledDecay: AdamDecay {
  /// What is known about Adam.
  public static let about = AdamParameters.describing(
    name: "adam", title: "Adam",
    summary: "Divides the mean gradient by the root of the mean squared gradient.",
    formula: "m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;  θ ← θ − η m̂ / (√v̂ + epsilon)",
    source: "Kingma and Ba, ICLR 2015", weightDecay: defaultWeightDecay)
  /// Zero, as in PyTorch.
  public static let defaultWeightDecay = 0.0
  /// False.
  public static let isDecoupled = false
}

/// Weight decay that is apart from the gradient, as in AdamW.
public enum DecoupledDecay: AdamDecay {
  /// What is known about AdamW.
  public static let about = AdamParameters.describing(
    name: "adamw", title: "AdamW", summary: "Adam with weight decay apart from the gradient.",
    formula: "θ ← (1 − η · weight_decay) θ;  then as Adam", source: "Loshchilov and Hutter, ICLR 2019",
    weightDecay: defaultWeightDecay)
  /// 0.01, as in PyTorch.
  public static let defaultWeightDecay = 0.01
  /// True.
  public static let isDecoupled = true
}

/// The hyperparameters both kinds of decay share.
enum AdamParameters {
  static let learningRate = CommonParameters.learningRate(default: 1e-3)
  static let beta1 = Parameter<Double>.share(
    "beta1", default: 0.9, "Share of the old gradients in the mean.")
  static let beta2 = Parameter<Double>.share(
    "beta2", default: 0.999, "Share of the old squares in the mean square.")
  static let epsilon = Parameter<Double>.atLeast(
    0, "epsilon", default: 1e-8, "Number added to the divisor.")
  static let amsgrad = Parameter<Bool>.any(
    "amsgrad", default: false, "Whether the divisor never shrinks.")

  static func describing(
    name: String, title: String, summary: String, formula: String, source: String, weightDecay: Double
  ) -> OptimizerDescription {
    OptimizerDescription(
      name: name, title: title, summary: summary, formula: formula, source: source,
      parameters: [
        learningRate.description, beta1.description, beta2.description, epsilon.description,
        CommonParameters.weightDecay(default: weightDecay).description, amsgrad.description,
        CommonParameters.fused.description,
      ],
      slots: [AdamSlot.mean, AdamSlot.square, AdamSlot.maximum])
  }
}
