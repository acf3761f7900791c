import RealModule

/// NTKMTL: weighs the tasks so that their neural tangent kernels have equal top eigenvalues.
///
/// `wᵢ = √(mean λ / λᵢ)`, where `λᵢ` is the largest eigenvalue of task i's kernel, which sets how fast the
/// task learns. For one batch taken as a whole (n = 1 in the paper) `λᵢ = |gᵢ|²`. With gradients taken with
/// respect to the shared features this is NTKMTL-SR.
///
/// A zero gradient gets weight 0 and does not count in the mean.
///
/// - Source: X. Qin et al., "NTKMTL: Mitigating Task Imbalance in Multi-Task Learning from Neural Tangent
///   Kernel Perspective", NeurIPS 2025, arXiv 2510.18258.
public struct NTKMTL: GramianMethod {
  /// Creates the method.
  public init() {}

  /// Creates the method; it has no options.
  public init(options: Options) throws(OptionError) {}

  /// Returns the weights that balance the eigenvalues.
  ///
  /// - Complexity: O(K).
  public func weights(
    gramian: Gramian, context: StepContext, state: inout Stateless,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    let eigenvalues = gramian.diagonal
    let positive = eigenvalues.filter { $0 > 0 }
    let mean = positive.reduce(0, +) / Double(max(positive.count, 1))
    return eigenvalues.map { $0 > 0 ? Double.sqrt(mean / $0) : 0 }
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "ntkmtl",
    title: "NTKMTL",
    summary: "Weighs the tasks so that their neural tangent kernels have equal top eigenvalues.",
    kind: .gramian,
    paper: Citation(
      authors: "Qin et al.",
      title:
        "NTKMTL: Mitigating Task Imbalance in Multi-Task Learning from Neural Tangent Kernel Perspective",
      year: 2025, venue: "NeurIPS", address: "https://arxiv.org/abs/2510.18258"),
    formula: "wᵢ = √(mean λ / λᵢ), λᵢ = |gᵢ|²",
    cost: .gradientRows,
    properties: [
      .permutationEquivariant, .taskScaleInvariant, .homogeneous, .nonNegativeWeights, .deterministic,
    ],
    notes: [
      "The form for one batch taken as a whole (n = 1).",
      "With gradients with respect to the shared features this is NTKMTL-SR.",
    ])
}
