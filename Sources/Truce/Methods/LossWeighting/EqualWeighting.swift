/// Equal weighting: the total loss is the sum of the task losses.
///
/// `wᵢ = 1`. The plain baseline every other method is measured against; also called linear or unitary
/// scalarisation.
///
/// - Source: V. Kurin et al., "In Defense of the Unitary Scalarization for Deep Multi-Task Learning",
///   NeurIPS 2022, arXiv 2201.04122.
public struct EqualWeighting: LossWeighting {
  static let reduction = Parameter<Reduction>.any(
    "reduction", default: .sum, "Whether the losses are summed or averaged.")

  /// Whether the losses are summed or averaged.
  public let reduction: Reduction

  /// Creates equal weighting.
  public init(reduction: Reduction = .sum) {
    self.reduction = reduction
  }

  /// Creates equal weighting from named options.
  public init(options: Options) throws(OptionError) {
    self.init(reduction: try options.value(of: Self.reduction))
  }

  /// Returns 1 for each task, or 1/K.
  ///
  /// - Complexity: O(K).
  public func weights(
    context: StepContext, state: inout Stateless, using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    let taskCount = context.losses.count
    return [Double](repeating: reduction.factor(taskCount: taskCount), count: taskCount)
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "ew",
    title: "EW",
    summary: "Adds the task losses with equal weights.",
    kind: .lossWeighting,
    paper: Citation(
      authors: "Kurin et al.",
      title: "In Defense of the Unitary Scalarization for Deep Multi-Task Learning",
      year: 2022, venue: "NeurIPS", address: "https://arxiv.org/abs/2201.04122"),
    formula: "wᵢ = 1",
    parameters: [reduction.description],
    cost: .lossWeighting,
    properties: [
      .permutationEquivariant, .homogeneous, .linearUnderScaling, .nonNegativeWeights, .deterministic,
    ])
}

/// Whether what the tasks contribute is summed or averaged.
public enum Reduction: String, ParameterValue, CaseIterable, Codable {
  /// The average over the tasks.
  case mean
  /// The sum over the tasks: K times the average.
  case sum

  /// The factor on each task's contribution: 1 for a sum, 1/K for a mean.
  public func factor(taskCount: Int) -> Double {
    self == .sum ? 1 : 1 / Double(taskCount)
  }

  /// What weights of this reduction add up to: K for a sum, 1 for a mean.
  public func total(taskCount: Int) -> Double {
    self == .sum ? Double(taskCount) : 1
  }
}
