import RealModule

/// GO4Align: tasks with similar risks are grouped, and each group shares a weight.
///
/// Every step `sᵢ = Σⱼ Lⱼ / Lᵢ` brings the losses to one scale and `pᵢ ← pᵢ exp(−η Lᵢ)`, renormalised from
/// 1/K on, follows their history. The risks `aᵢ = sᵢ pᵢ` are clustered into M groups, and each task's
/// weight is the mean of its group.
///
/// - Note: The authors cluster with k-means from a random start; the risks are numbers on a line, where the
///   best grouping can be found exactly, so it depends on no random source. With fewer tasks than groups
///   every task is its own group.
/// - Source: J. Shen et al., "GO4Align: Group Optimization for Multi-Task Alignment", NeurIPS 2024, arXiv
///   2404.06486.
public struct GO4Align: LossWeighting {
  static let groupCount = Parameter<Int>.atLeast(
    1, "num_groups", default: 2, "Number of groups M; the authors use 2 for NYUv2 and 5 for QM9.")
  static let stepSize = Parameter<Double>.atLeast(
    0, "robust_step_size", default: 1e-4, "Step size η with which the history of the losses is followed.")

  /// The number of groups M.
  public let groupCount: Int
  /// The step size η.
  public let stepSize: Double

  /// Creates the weighting.
  ///
  /// - Throws: `OptionError` where a value breaks its
  ///   rule.
  public init(groupCount: Int = 2, stepSize: Double = 1e-4) throws(OptionError) {
    self.groupCount = try Self.groupCount.checked(groupCount, for: Self.about.name)
    self.stepSize = try Self.stepSize.checked(stepSize, for: Self.about.name)
  }

  /// Creates the weighting from named options.
  public init(options: Options) throws(OptionError) {
    groupCount = try options.value(of: Self.groupCount)
    stepSize = try options.value(of: Self.stepSize)
  }

  /// The logarithms of p.
  public struct History: Codable, Equatable, Sendable {
    var logarithms: [Double]
  }

  /// The logarithms of 1/K, up to a common constant.
  public func initialState(taskCount: Int) -> History {
    History(logarithms: [Double](repeating: 0, count: taskCount))
  }

  /// Returns for each task the mean risk of its group.
  ///
  /// - Throws: ``MethodError/lossOutOfDomain(method:task:rule:received:)`` where a loss is not positive.
  /// - Complexity: O(M K²).
  public func weights(
    context: StepContext, state: inout History, using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    try context.requireLosses(above: 0, for: Self.about.name)
    let losses = context.losses
    let moved = zip(state.logarithms, losses).map { $0 - stepSize * $1 }
    // Only differences matter; the largest is kept at 0 so that a long run does not drift away.
    let largest = moved.max() ?? 0
    state.logarithms = moved.map { $0 - largest }
    let sum = losses.reduce(0, +)
    let risks = zip(softmax(state.logarithms), losses).map { $0 * (sum / $1) }
    return clusterMeans(of: risks, groupCount: groupCount)
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "go4align",
    title: "GO4Align",
    summary: "Groups tasks of similar risk and gives each group one weight.",
    kind: .lossWeighting,
    paper: Citation(
      authors: "Shen et al.",
      title: "GO4Align: Group Optimization for Multi-Task Alignment",
      year: 2024, venue: "NeurIPS", address: "https://arxiv.org/abs/2404.06486"),
    formula: "aᵢ = pᵢ Σⱼ Lⱼ/Lᵢ, pᵢ ← pᵢ exp(−η Lᵢ); wᵢ = mean of a over the group of task i",
    parameters: [groupCount.description, stepSize.description],
    cost: .lossWeighting,
    state: "one number for each task",
    properties: [.permutationEquivariant, .nonNegativeWeights, .deterministic])
}
