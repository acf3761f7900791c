public import Torch

/// Stochastic gradient descent, with momentum where asked for.
///
/// With g the gradient plus weightDecay · θ: b ← momentum · b + (1 − dampening) · g, where b = g on the first
/// step; then θ ← θ − η b, or θ ← θ − η (g + momentum · b) after Nesterov. These are the steps of PyTorch's
/// `SGD`, whose first step is not dampened.
///
/// - Source: I. Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013.
public struct SGD: UpdateRule {
  static let learningRateParameter = CommonParameters.learningRate(default: 1e-3)
  static let momentumParameter = Parameter<Double>.atLeast(
    0, "momentum", default: 0, "Share of the last step's direction that is kept.")
  static let dampeningParameter = Parameter<Double>.finite(
    "dampening", default: 0, "Share of the gradient that momentum leaves out.")
  static let nesterovParameter = Parameter<Bool>.any(
    "nesterov", default: false, "Whether the gradient is taken ahead, after Nesterov.")
  static let weightDecayParameter = CommonParameters.weightDecay()
  private static let buffer = "momentum_buffer"

  /// What is known about the rule.
  public static let about = OptimizerDescription(
    name: "sgd", title: "SGD", summary: "Goes against the gradient, with momentum where asked for.",
    formula: "b ← momentum · b + (1 − dampening) · g;  θ ← θ − η b",
    source: "Sutskever et al., ICML 2013",
    parameters: [
      learningRateParameter.description, momentumParameter.description, dampeningParameter.description,
      nesterovParameter.description, weightDecayParameter.description,
      CommonParameters.fused.description,
    ],
    slots: [buffer])

  /// The length of a step.
  public var learningRate: Double
  /// The share of the last step's direction that is kept.
  public let momentum: Double
  /// The share of the gradient that momentum leaves out.
  public let dampening: Double
  /// Whether the gradient is taken ahead.
  public let nesterov: Bool
  /// The pull of the parameters towards zero.
  public let weightDecay: Double
  /// Whether libtorch updates all parameters in one call.
  public let fused: Bool

  /// Creates the rule.
  ///
  /// - Throws: `OptionError` where a value breaks its rule, or Nesterov is asked for without momentum or
  ///   with dampening.
  public init(
    learningRate: Double = 1e-3, momentum: Double = 0, dampening: Double = 0, nesterov: Bool = false,
    weightDecay: Double = 0, fused: Bool = true
  ) throws(OptionError) {
    let name = Self.about.name
    self.learningRate = try Self.learningRateParameter.checked(learningRate, for: name)
    self.momentum = try Self.momentumParameter.checked(momentum, for: name)
    self.dampening = try Self.dampeningParameter.checked(dampening, for: name)
    self.nesterov = nesterov
    self.weightDecay = try Self.weightDecayParameter.checked(weightDecay, for: name)
    self.fused = fused
    guard !nesterov || (momentum > 0 && dampening == 0) else {
      throw .invalidOption(
        owner: name, option: Self.nesterovParameter.name,
        rule: "false unless momentum is greater than 0 and dampening is 0",
        received: "true with momentum \(momentum) and dampening \(dampening)")
    }
  }

  /// Creates the rule from named options.
  public init(options: Options) throws(OptionError) {
    try self.init(
      learningRate: options.value(of: Self.learningRateParameter),
      momentum: options.value(of: Self.momentumParameter),
      dampening: options.value(of: Self.dampeningParameter),
      nesterov: options.value(of: Self.nesterovParameter),
      weightDecay: options.value(of: Self.weightDecayParameter),
      fused: options.value(of: CommonParameters.fused))
  }

  /// The hyperparameters as named options.
  public var options: [String: OptionValue] {
    [
      "learning_rate": .number(learningRate), "momentum": .number(momentum),
      "dampening": .number(dampening), "nesterov": .bool(nesterov), "weight_decay": .number(weightDecay),
      "fused": .bool(fused),
    ]
  }

  /// Takes one step.
  public func update(_ parameter: Tensor, gradient: Tensor, state: inout ParameterState) {
    let gradient = decayed(gradient, of: parameter, by: weightDecay)
    let direction = momentum == 0 ? gradient : withMomentum(gradient, state: &state)
    parameter.addInPlace(direction, scaledBy: -learningRate)
  }

  /// Takes the gradient into the buffer and returns the direction of the step.
  private func withMomentum(_ gradient: Tensor, state: inout ParameterState) -> Tensor {
    let old = state.slots[Self.buffer]
    old?.multiplyInPlace(momentum).addInPlace(gradient, scaledBy: 1 - dampening)
    let buffer = state.slot(Self.buffer) { gradient.clone() }
    return nesterov ? gradient + buffer * momentum : buffer
  }

  /// Takes one step of several parameters, in one call where ``fused`` asks for it and they allow it.
  ///
  /// A buffer that holds nothing yet starts as the gradient, so parameters that take their first step are
  /// written out.
  public func update(
    _ parameters: [Tensor], gradients: [Tensor], states: inout [ParameterState]
  ) throws(TorchError) {
    let buffers = momentum == 0 ? [] : states.compactMap { $0.slots[Self.buffer] }
    let isComplete = momentum == 0 || buffers.count == parameters.count
    guard fused && isComplete && canFuse(parameters) else {
      return updateEach(parameters, gradients: gradients, states: &states)
    }
    try FusedOptimizer.sgd(
      parameters, gradients: gradients.map { $0.contiguous() }, buffers: momentum == 0 ? nil : buffers,
      isFirstStep: false, settings: settings)
  }

  private var settings: FusedOptimizer.SGDSettings {
    FusedOptimizer.SGDSettings(
      learningRate: learningRate, momentum: momentum, dampening: dampening, weightDecay: weightDecay,
      isNesterov: nesterov)
  }
}

/// The gradient with the pull towards zero added: gradient + decay · parameter.
func decayed(_ gradient: Tensor, of parameter: Tensor, by decay: Double) -> Tensor {
  decay == 0 ? gradient : gradient + parameter * decay
}
