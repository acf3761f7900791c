import RealModule

/// Uncertainty weighting: each loss is divided by a learned variance of its task.
///
/// With the log-variances `sᵢ = log σᵢ²` the total loss is `Σ ½ e^{−sᵢ} Lᵢ + ½ sᵢ`, so `wᵢ = ½ e^{−sᵢ}`.
/// The log-variances descend along `∂/∂sᵢ = ½ − ½ e^{−sᵢ} Lᵢ` with Adam, beside the network; a step uses
/// the values from before its own update.
///
/// - Note: The public implementations differ in two settings. `learning_rate` is 0.025 and `log_variance` 0
///   in the Nash-MTL and FAMO repositories (the defaults here); LibMTL and MTAN train with the network's
///   rate from −0.5.
/// - Source: A. Kendall, Y. Gal and R. Cipolla, "Multi-Task Learning Using Uncertainty to Weigh Losses for
///   Scene Geometry and Semantics", CVPR 2018, arXiv 1705.07115, equation 7.
public struct UncertaintyWeighting: LossWeighting {
  static let logVariance = Parameter<TaskValues>.finite(
    "log_variance", default: 0, "Log-variances before the first step.")
  static let learningRate = Parameter<WeightLearningRate>.learningRate(default: 0.025)

  /// The log-variances before the first step.
  public let logVariance: TaskValues
  /// The learning rate of the log-variances.
  public let learningRate: WeightLearningRate

  /// Creates the weighting.
  ///
  /// - Throws: `OptionError` where a value is not finite
  ///   or the rate negative.
  public init(
    logVariance: TaskValues = 0, learningRate: WeightLearningRate = 0.025
  ) throws(OptionError) {
    self.logVariance = try Self.logVariance.checked(logVariance, for: Self.about.name)
    self.learningRate = try Self.learningRate.checked(learningRate, for: Self.about.name)
  }

  /// Creates the weighting from named options.
  public init(options: Options) throws(OptionError) {
    logVariance = try options.value(of: Self.logVariance)
    learningRate = try options.value(of: Self.learningRate)
  }

  /// The log-variances before the first step.
  public func initialState(taskCount: Int) -> LearnedValues {
    LearnedValues(logVariance.spread(over: taskCount))
  }

  /// Returns `½ e^{−sᵢ}` and moves the log-variances one step.
  ///
  /// - Complexity: O(K).
  public func weights(
    context: StepContext, state: inout LearnedValues, using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    try context.requireFiniteLosses()
    let variances = try TaskValues.each(state.values)
      .values(taskCount: context.losses.count, what: "log-variances")
    let slopes = Self.gradient(logVariances: variances, losses: context.losses)
    let rate = try learningRate.rate(in: context, for: Self.about.name)
    state.descend(along: slopes, learningRate: rate)
    return variances.map { 0.5 * Double.exp(-$0) }
  }

  /// The derivative of the total with respect to each log-variance, `½ − ½ e^{−sᵢ} Lᵢ`.
  static func gradient(logVariances: [Double], losses: [Double]) -> [Double] {
    zip(logVariances, losses).map { 0.5 - 0.5 * Double.exp(-$0) * $1 }
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "uw",
    title: "UW",
    summary: "Divides each loss by a learned variance of its task.",
    kind: .lossWeighting,
    paper: Citation(
      authors: "Kendall et al.",
      title: "Multi-Task Learning Using Uncertainty to Weigh Losses for Scene Geometry and Semantics",
      year: 2018, venue: "CVPR", address: "https://arxiv.org/abs/1705.07115"),
    formula: "wᵢ = ½ exp(−sᵢ), sᵢ learned by minimising Σ ½ exp(−sᵢ) Lᵢ + ½ sᵢ",
    parameters: [logVariance.description, learningRate.description],
    cost: .lossWeighting,
    state: "a log-variance for each task with its Adam moments",
    properties: [.permutationEquivariant, .nonNegativeWeights, .deterministic])
}
