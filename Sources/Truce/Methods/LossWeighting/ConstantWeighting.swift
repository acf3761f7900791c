/// Constant weighting: each loss has a weight chosen by hand.
///
/// `wᵢ = aᵢ`. Kept fixed over the whole training, it is the weighted sum that a grid search would tune.
///
/// - Source: O. Sener and V. Koltun, "Multi-Task Learning as Multi-Objective Optimization", NeurIPS 2018,
///   arXiv 1810.04650, equation 1; D. Xin et al., "Do Current Multi-Task Optimization Methods in Deep
///   Learning Even Help?", NeurIPS 2022, arXiv 2209.11379.
public struct ConstantWeighting: LossWeighting {
  static let taskWeights = Parameter<TaskValues>.finite(
    "weights", default: 1, "The weight of each loss, or one number for all.")

  /// The weight of each loss.
  public let taskWeights: TaskValues

  /// Creates the weighting.
  ///
  /// - Throws: `OptionError` where a weight is not
  ///   finite.
  public init(weights: TaskValues) throws(OptionError) {
    taskWeights = try Self.taskWeights.checked(weights, for: Self.about.name)
  }

  /// Creates the weighting from named options.
  public init(options: Options) throws(OptionError) {
    taskWeights = try options.value(of: Self.taskWeights)
  }

  /// Returns the weights as chosen.
  ///
  /// - Throws: ``MethodError/wrongCount(what:expected:received:)`` where there is not one for each task.
  /// - Complexity: O(K).
  public func weights(
    context: StepContext, state: inout Stateless, using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    try context.requireFiniteLosses()
    return try taskWeights.values(taskCount: context.losses.count, what: "loss weights")
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "constant",
    title: "Constant",
    summary: "Adds the task losses with weights chosen by hand.",
    kind: .lossWeighting,
    paper: Citation(
      authors: "Xin et al.",
      title: "Do Current Multi-Task Optimization Methods in Deep Learning Even Help?",
      year: 2022, venue: "NeurIPS", address: "https://arxiv.org/abs/2209.11379"),
    formula: "wᵢ = aᵢ",
    parameters: [taskWeights.description],
    cost: .lossWeighting,
    properties: [.permutationEquivariant, .homogeneous, .linearUnderScaling, .deterministic])
}
