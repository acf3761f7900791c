import RealModule

/// IMTL-L, the loss balance of impartial multi-task learning: learned scales bring all losses to one size.
///
/// The total loss is `Σ e^{sᵢ} Lᵢ − sᵢ`, so `wᵢ = e^{sᵢ}` and `∂/∂sᵢ = e^{sᵢ} Lᵢ − 1`: at the optimum every
/// scaled loss is 1. The scales start at 0 and descend with Adam beside the network; a step uses the values
/// from before its own update.
///
/// - Note: In front of IMTL-G this is the full method IMTL.
/// - Source: L. Liu et al., "Towards Impartial Multi-task Learning", ICLR 2021
///   (openreview.net/forum?id=IMPnRXEWpvr).
public struct IMTLL: LossWeighting {
  static let learningRate = Parameter<WeightLearningRate>.learningRate(default: .model)

  /// The learning rate of the scales.
  public let learningRate: WeightLearningRate

  /// Creates the weighting.
  ///
  /// - Throws: `OptionError` where the rate is negative.
  public init(learningRate: WeightLearningRate = .model) throws(OptionError) {
    self.learningRate = try Self.learningRate.checked(learningRate, for: Self.about.name)
  }

  /// Creates the weighting from named options.
  public init(options: Options) throws(OptionError) {
    learningRate = try options.value(of: Self.learningRate)
  }

  /// Scales of 0.
  public func initialState(taskCount: Int) -> LearnedValues {
    LearnedValues([Double](repeating: 0, count: taskCount))
  }

  /// Returns `e^{sᵢ}` and moves the scales one step.
  ///
  /// - Complexity: O(K).
  public func weights(
    context: StepContext, state: inout LearnedValues, using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    try context.requireFiniteLosses()
    let weights = state.values.map { Double.exp($0) }
    let slopes = zip(weights, context.losses).map { $0 * $1 - 1 }
    let rate = try learningRate.rate(in: context, for: Self.about.name)
    state.descend(along: slopes, learningRate: rate)
    return weights
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "imtl-l",
    title: "IMTL-L",
    summary: "Learns a scale for each task that brings all losses to one size.",
    kind: .lossWeighting,
    paper: Citation(
      authors: "Liu et al.",
      title: "Towards Impartial Multi-task Learning",
      year: 2021, venue: "ICLR", address: "https://openreview.net/forum?id=IMPnRXEWpvr"),
    formula: "wᵢ = exp(sᵢ), sᵢ learned by minimising Σ exp(sᵢ) Lᵢ − sᵢ",
    parameters: [learningRate.description],
    cost: .lossWeighting,
    state: "a scale for each task with its Adam moments",
    properties: [.permutationEquivariant, .nonNegativeWeights, .deterministic])
}
