import RealModule

/// FAMO, fast adaptive multitask optimisation: all losses shall fall at the same rate.
///
/// With `z = softmax(ξ)` and `Dᵢ = Lᵢ − bᵢ + 10⁻⁸` the total loss is `c Σ zᵢ log Dᵢ` with `c = 1/Σ(zᵢ/Dᵢ)`
/// held constant, so `wᵢ = c zᵢ/Dᵢ` and the weights add up to 1. After the optimizer's step the losses of
/// the same batch give `δᵢ = log Dᵢ(before) − log Dᵢ(after)`, and ξ takes one Adam step along `(∂z/∂ξ)ᵀ δ`:
/// tasks that fell most lose weight.
///
/// - Note: The authors' code clips gradients before its backward pass, which has no effect on that step; here
///   clipping is the step's convention (``GradientConvention/maximumNorm``), for weightings as for gradient
///   methods, and off by default. Its weight decay is 10⁻⁵ by default and 10⁻³ in the paper
///   (the default here).
/// - Source: B. Liu et al., "FAMO: Fast Adaptive Multitask Optimization", NeurIPS 2023, arXiv 2306.03792,
///   Algorithm 2.
public struct FAMO: LossWeighting {
  static let learningRate = Parameter<Double>.atLeast(
    0, "lr", default: 0.025, "Learning rate of the task logits.")
  static let weightDecay = Parameter<Double>.atLeast(
    0, "weight_decay", default: 1e-3, "Weight decay of the task logits.")
  static let minimumLosses = Parameter<TaskValues>.finite(
    "min_losses", default: 0, "Lower bounds subtracted from the losses.")

  /// The learning rate of the task logits.
  public let learningRate: Double
  /// The weight decay of the task logits.
  public let weightDecay: Double
  /// The lower bounds subtracted from the losses.
  public let minimumLosses: TaskValues

  /// Creates the weighting.
  ///
  /// - Throws: `OptionError` where a value breaks its
  ///   rule.
  public init(
    learningRate: Double = 0.025, weightDecay: Double = 1e-3, minimumLosses: TaskValues = 0
  ) throws(OptionError) {
    self.learningRate = try Self.learningRate.checked(learningRate, for: Self.about.name)
    self.weightDecay = try Self.weightDecay.checked(weightDecay, for: Self.about.name)
    self.minimumLosses = try Self.minimumLosses.checked(minimumLosses, for: Self.about.name)
  }

  /// Creates the weighting from named options.
  public init(options: Options) throws(OptionError) {
    learningRate = try options.value(of: Self.learningRate)
    weightDecay = try options.value(of: Self.weightDecay)
    minimumLosses = try options.value(of: Self.minimumLosses)
  }

  /// The task logits, and the logarithms of the losses before the step under way.
  public struct Logits: Codable, Equatable, Sendable {
    var logits: LearnedValues
    var logarithmsBefore: [Double]?
  }

  /// Logits of 0.
  public func initialState(taskCount: Int) -> Logits {
    Logits(logits: LearnedValues([Double](repeating: 0, count: taskCount)))
  }

  /// Returns `c zᵢ/Dᵢ`, which add up to 1.
  ///
  /// - Throws: ``MethodError/lossOutOfDomain(method:task:rule:received:)`` where a loss lies below its bound.
  /// - Complexity: O(K).
  public func weights(
    context: StepContext, state: inout Logits, using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    try context.requireFiniteLosses()
    let logarithms = try logarithms(of: context.losses)
    state.logarithmsBefore = logarithms
    let shares = softmax(state.logits.values)
    // z/D over its sum, in logarithms: losses of very different size would overflow the quotients.
    return softmax(zip(shares, logarithms).map { Double.log($0) - $1 })
  }

  /// Moves the logits by what each loss has gained in the step.
  ///
  /// - Throws: ``MethodError/notApplicable(method:reason:)`` where no step is under way.
  public func observe(lossesAfterStep losses: [Double], state: inout Logits) throws(MethodError) {
    guard let before = state.logarithmsBefore, before.count == losses.count else {
      throw .notApplicable(method: Self.about.name, reason: "losses after a step that has not begun")
    }
    let gains = zip(before, try logarithms(of: losses)).map { $0 - $1 }
    let slopes = softmaxSlopes(at: softmax(state.logits.values), along: gains)
    state.logits.descend(along: slopes, learningRate: learningRate, weightDecay: weightDecay)
    state.logarithmsBefore = nil
  }

  /// Returns `log Dᵢ`.
  private func logarithms(of losses: [Double]) throws(MethodError) -> [Double] {
    let bounds = try minimumLosses.values(taskCount: losses.count, what: "minimum losses")
    var logarithms: [Double] = []
    for (task, loss) in losses.enumerated() {
      guard loss >= bounds[task] else {
        throw .lossOutOfDomain(
          method: Self.about.name, task: task, rule: "at least \(OptionValue.text(of: bounds[task]))",
          received: loss)
      }
      logarithms.append(Double.log(loss - bounds[task] + 1e-8))
    }
    return logarithms
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "famo",
    title: "FAMO",
    summary: "Learns weights that make all losses fall at the same rate.",
    kind: .lossWeighting,
    paper: Citation(
      authors: "Liu et al.",
      title: "FAMO: Fast Adaptive Multitask Optimization",
      year: 2023, venue: "NeurIPS", address: "https://arxiv.org/abs/2306.03792"),
    formula: "wᵢ = c zᵢ/Lᵢ, z = softmax(ξ), ξ learned from log Lᵢ(before) − log Lᵢ(after)",
    parameters: [learningRate.description, weightDecay.description, minimumLosses.description],
    needs: .secondForward,
    cost: .lossWeighting,
    state: "a logit for each task with its Adam moments",
    properties: [.permutationEquivariant, .nonNegativeWeights, .convexWeights, .deterministic])
}
