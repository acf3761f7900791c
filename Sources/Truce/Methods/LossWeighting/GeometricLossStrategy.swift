import RealModule

/// Geometric loss strategy: the total loss is the geometric mean of the task losses.
///
/// `L = (Π Lᵢ)^{1/K}`, so `wᵢ = L/(K Lᵢ)`: every task's relative change counts alike.
///
/// - Note: LibMTL reports `Lᵢ/(K Π Lⱼ)` as the weights, which is not the derivative of its total; its
///   gradient is that of the formula above.
/// - Source: S. Chennupati et al., "MultiNet++: Multi-Stream Feature Aggregation and Geometric Loss Strategy
///   for Multi-Task Learning", CVPR workshops 2019, arXiv 1904.08492.
public struct GeometricLossStrategy: LossWeighting {
  /// Creates the weighting.
  public init() {}

  /// Creates the weighting; it has no options.
  public init(options: Options) throws(OptionError) {}

  /// Returns `(Π Lⱼ)^{1/K} / (K Lᵢ)`.
  ///
  /// - Throws: ``MethodError/lossOutOfDomain(method:task:rule:received:)`` where a loss is not positive.
  /// - Complexity: O(K).
  public func weights(
    context: StepContext, state: inout Stateless, using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    try context.requireLosses(above: 0, for: Self.about.name)
    let mean = total(context.losses)
    return context.losses.map { mean / $0 / Double(context.losses.count) }
  }

  /// The geometric mean, computed through logarithms so that no product overflows.
  func total(_ losses: [Double]) -> Double {
    Double.exp(losses.reduce(0) { $0 + Double.log($1) } / Double(losses.count))
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "gls",
    title: "GLS",
    summary: "Minimises the geometric mean of the task losses.",
    kind: .lossWeighting,
    paper: Citation(
      authors: "Chennupati et al.",
      title: """
        MultiNet++: Multi-Stream Feature Aggregation and Geometric Loss Strategy for Multi-Task Learning
        """,
      year: 2019, venue: "CVPR workshops", address: "https://arxiv.org/abs/1904.08492"),
    formula: "L = (Π Lᵢ)^(1/K), so wᵢ = L/(K Lᵢ)",
    cost: .lossWeighting,
    properties: [.permutationEquivariant, .homogeneous, .nonNegativeWeights, .deterministic])
}
