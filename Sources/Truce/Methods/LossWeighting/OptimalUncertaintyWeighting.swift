/// Uncertainty weighting with the variance at its optimum: each loss is divided by its own value.
///
/// Minimising the uncertainty-weighted total over the variance has a closed form. Of a Gaussian likelihood
/// `L/(2σ²) + log σ` remains the weight `1/(2L)`, of a Laplace likelihood `L/σ + log σ` the weight `1/L`;
/// the loss in the denominator is held constant. The update does not change when a task's loss is
/// multiplied by a positive number.
///
/// - Source: L. Kirchdorfer et al., "Analytical Uncertainty-Based Loss Weighting in Multi-Task Learning",
///   GCPR 2024, arXiv 2408.07985, section 3.
public struct OptimalUncertaintyWeighting: LossWeighting {
  static let likelihood = Parameter<Likelihood>.any(
    "likelihood", default: .gaussian, "The likelihood whose optimal variance divides the loss.")

  /// The likelihood whose optimal variance divides the loss.
  public enum Likelihood: String, ParameterValue, CaseIterable {
    /// `L/(2σ²) + log σ`, which gives the weight `1/(2L)`.
    case gaussian
    /// `L/σ + log σ`, which gives the weight `1/L`.
    case laplace
  }

  /// The likelihood whose optimal variance divides the loss.
  public let likelihood: Likelihood

  /// Creates the weighting.
  public init(likelihood: Likelihood = .gaussian) {
    self.likelihood = likelihood
  }

  /// Creates the weighting from named options.
  public init(options: Options) throws(OptionError) {
    self.init(likelihood: try options.value(of: Self.likelihood))
  }

  /// Returns `1/(2Lᵢ)`, or `1/Lᵢ`.
  ///
  /// - Throws: ``MethodError/lossOutOfDomain(method:task:rule:received:)`` where a loss is not positive.
  /// - Complexity: O(K).
  public func weights(
    context: StepContext, state: inout Stateless, using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    try context.requireLosses(above: 0, for: Self.about.name)
    let numerator = likelihood == .gaussian ? 0.5 : 1
    return context.losses.map { numerator / $0 }
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "uw-o",
    title: "UW-O",
    summary: "Divides each loss by its own value, the optimum of uncertainty weighting.",
    kind: .lossWeighting,
    paper: Citation(
      authors: "Kirchdorfer et al.",
      title: "Analytical Uncertainty-Based Loss Weighting in Multi-Task Learning",
      year: 2024, venue: "GCPR", address: "https://arxiv.org/abs/2408.07985"),
    formula: "wᵢ = 1/(2 Lᵢ)",
    parameters: [likelihood.description],
    cost: .lossWeighting,
    properties: [
      .permutationEquivariant, .taskScaleInvariant, .commonScaleInvariant, .nonNegativeWeights,
      .deterministic,
    ])
}
