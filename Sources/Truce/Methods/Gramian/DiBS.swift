/// DiBS: the sum of the unit gradients.
///
/// `wᵢ = 1 / |gᵢ|`: every task pulls with the same force, whatever the scale of its loss. A zero gradient
/// gets weight 0.
///
/// - Note: In the bargaining solution each unit gradient is multiplied by the distance to the task's own
///   optimum; for networks, where that is unknown, all distances are taken as equal.
/// - Source: S. Murthy et al., "DiBS-MTL: Transformation-Invariant Multitask Learning with Direction
///   Oracles", 2025, arXiv 2509.23948.
public struct DiBS: GramianMethod {
  /// Creates the method.
  public init() {}

  /// Creates the method; it has no options.
  public init(options: Options) throws(OptionError) {}

  /// Returns one over each gradient's length.
  ///
  /// - Complexity: O(K).
  public func weights(
    gramian: Gramian, context: StepContext, state: inout Stateless,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    gramian.norms.map { $0 > 0 ? 1 / $0 : 0 }
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "dibs",
    title: "DiBS",
    summary: "Adds the unit gradients, so that every task pulls with the same force.",
    kind: .gramian,
    paper: Citation(
      authors: "Murthy et al.",
      title: "DiBS-MTL: Transformation-Invariant Multitask Learning with Direction Oracles",
      year: 2025, venue: "arXiv", address: "https://arxiv.org/abs/2509.23948"),
    formula: "wᵢ = 1 / |gᵢ|",
    cost: .gradientRows,
    properties: [
      .permutationEquivariant, .taskScaleInvariant, .commonScaleInvariant, .nonNegativeWeights,
      .deterministic,
    ],
    notes: ["The distances to the tasks' own optima, unknown for networks, are taken as equal."])
}
