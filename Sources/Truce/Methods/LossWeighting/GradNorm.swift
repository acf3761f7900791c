import RealModule

/// GradNorm: learned weights bring the weighted gradient lengths to a common size, larger for slower tasks.
///
/// With `w = K softmax(p)` the length of a weighted gradient is `nᵢ = wᵢ |gᵢ|`. Its target is `n̄ rᵢ^α`,
/// where n̄ is the mean length and `rᵢ` the loss ratio `Lᵢ/Lᵢ(0)` over the mean ratio. The logits p descend
/// with Adam along the gradient of `Σ |nᵢ − n̄ rᵢ^α|` with the targets held constant. A step uses the
/// weights from before its own update.
///
/// - Note: `Lᵢ(0)` is the loss of the first step as in the paper, or with `initial_losses` = first_epoch
///   the mean over the first epoch, with all weights 1, as in LibMTL. Losses all 0 count as equal rates.
/// - Source: Z. Chen et al., "GradNorm: Gradient Normalization for Adaptive Loss Balancing in Deep Multitask
///   Networks", ICML 2018, arXiv 1711.02257, equations 1 and 2; the softmax from LibMTL 1.1.5.
public struct GradNorm: LossWeighting {
  static let alpha = Parameter<Double>.finite(
    "alpha", default: 1.5, "Strength of the pull towards a common training rate.")
  static let initialLosses = Parameter<InitialLosses>.any(
    "initial_losses", default: .firstStep, "The losses that training rates are measured against.")
  static let learningRate = Parameter<WeightLearningRate>.learningRate(default: .model)

  /// The losses that training rates are measured against.
  public enum InitialLosses: String, ParameterValue, CaseIterable {
    /// Those of the first step.
    case firstStep = "first_step"
    /// The means over the first epoch.
    case firstEpoch = "first_epoch"
  }

  /// The strength α of the pull towards a common training rate.
  public let alpha: Double
  /// The losses that training rates are measured against.
  public let initialLosses: InitialLosses
  /// The learning rate of the logits.
  public let learningRate: WeightLearningRate

  /// Creates the weighting.
  ///
  /// - Throws: `OptionError` where a value breaks its
  ///   rule.
  public init(
    alpha: Double = 1.5, initialLosses: InitialLosses = .firstStep,
    learningRate: WeightLearningRate = .model
  ) throws(OptionError) {
    self.alpha = try Self.alpha.checked(alpha, for: Self.about.name)
    self.initialLosses = initialLosses
    self.learningRate = try Self.learningRate.checked(learningRate, for: Self.about.name)
  }

  /// Creates the weighting from named options.
  public init(options: Options) throws(OptionError) {
    alpha = try options.value(of: Self.alpha)
    initialLosses = try options.value(of: Self.initialLosses)
    learningRate = try options.value(of: Self.learningRate)
  }

  /// The logits and the losses that rates are measured against.
  public struct Balance: Codable, Equatable, Sendable {
    var logits: LearnedValues
    var initialLosses: [Double]?
  }

  /// Logits of 1.
  public func initialState(taskCount: Int) -> Balance {
    Balance(logits: LearnedValues([Double](repeating: 1, count: taskCount)))
  }

  /// Returns `K softmax(p)` and moves the logits one step.
  ///
  /// - Throws: ``MethodError/notApplicable(method:reason:)`` where the gradient lengths are not given,
  ///   ``MethodError/lossOutOfDomain(method:task:rule:received:)`` where a loss is negative or an initial
  ///   loss 0.
  /// - Complexity: O(K).
  public func weights(
    context: StepContext, state: inout Balance, using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    let lengths = try gradientLengths(in: context)
    if initialLosses == .firstStep, state.initialLosses == nil { state.initialLosses = context.losses }
    let weights = softmax(state.logits.values).map { Double(lengths.count) * $0 }
    guard let initial = state.initialLosses else { return weights }
    let rates = try relativeRates(losses: context.losses, initial: initial)
    let slopes = slopes(weights: weights, lengths: lengths, rates: rates)
    let rate = try learningRate.rate(in: context, for: Self.about.name)
    state.logits.descend(along: slopes, learningRate: rate)
    return weights
  }

  /// Takes the mean losses of the first epoch where rates are measured against them.
  public func endEpoch(meanLosses: [Double], state: inout Balance) throws(MethodError) {
    if state.initialLosses == nil { state.initialLosses = meanLosses }
  }

  /// Returns the gradient lengths after checking them and the losses.
  private func gradientLengths(in context: StepContext) throws(MethodError) -> [Double] {
    try context.requireFiniteLosses()
    guard let lengths = context.gradientNorms, lengths.count == context.losses.count else {
      throw .notApplicable(
        method: Self.about.name, reason: "the step does not tell the lengths of the task gradients")
    }
    if let task = lengths.firstIndex(where: { !$0.isFinite }) {
      throw .nonFinite(task: task, what: "gradient")
    }
    return lengths
  }

  /// Returns `rᵢ`: each loss over its initial value, divided by the mean of these ratios.
  private func relativeRates(losses: [Double], initial: [Double]) throws(MethodError) -> [Double] {
    var ratios: [Double] = []
    for (task, loss) in losses.enumerated() {
      guard loss >= 0, initial[task] > 0 else {
        let isInitial = initial[task] <= 0
        throw .lossOutOfDomain(
          method: Self.about.name, task: task, rule: isInitial ? "greater than 0 at first" : "at least 0",
          received: isInitial ? initial[task] : loss)
      }
      ratios.append(loss / initial[task])
    }
    let mean = ratios.reduce(0, +) / Double(ratios.count)
    return mean > 0 ? ratios.map { $0 / mean } : ratios.map { _ in 1 }
  }

  /// Returns the derivative of `Σ |nᵢ − n̄ rᵢ^α|` with respect to the logits, the targets held constant.
  func slopes(weights: [Double], lengths: [Double], rates: [Double]) -> [Double] {
    let weighted = zip(weights, lengths).map { $0 * $1 }
    let mean = weighted.reduce(0, +) / Double(weights.count)
    let byWeight = weights.indices.map { task in
      let excess = weighted[task] - mean * Double.pow(rates[task], alpha)
      return excess == 0 ? 0 : (excess > 0 ? lengths[task] : -lengths[task])
    }
    let shared = dot(weights, byWeight) / Double(weights.count)
    return zip(weights, byWeight).map { $0 * ($1 - shared) }
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "gradnorm",
    title: "GradNorm",
    summary: "Learns weights that bring the task gradients to lengths fit to their training rates.",
    kind: .lossWeighting,
    paper: Citation(
      authors: "Chen et al.",
      title: """
        GradNorm: Gradient Normalization for Adaptive Loss Balancing in Deep Multitask Networks
        """,
      year: 2018, venue: "ICML", address: "https://arxiv.org/abs/1711.02257"),
    formula: "w = K softmax(p), p learned by minimising Σ |wᵢ |gᵢ| − n̄ rᵢ^α|",
    parameters: [alpha.description, initialLosses.description, learningRate.description],
    needs: [.gradientNorms, .epochEnds],
    cost: .gradientRows,
    state: "a logit for each task with its Adam moments, and the initial losses",
    properties: [.permutationEquivariant, .nonNegativeWeights, .deterministic])
}
