/// MoDo: the weights take one projected step a training step, along a product of two independent batches.
///
/// `w ← Proj(w − γ (M w + ρ w))` with `M = G₁ G₂ᵀ`. Because the two batches are independent the step is an
/// unbiased estimate of the gradient of `½ |Σ wᵢ gᵢ|² + ½ ρ |w|²`, which one batch alone does not give.
///
/// - Note: `gamma` is 0.1 in TorchJD (the default here) and 0.001 in LibMTL. The weights apply to a third
///   batch, as in LibMTL; the paper's basic form applies them to the mean of both.
/// - Source: L. Chen et al., "Three-Way Trade-Off in Multi-Objective Learning: Optimization, Generalization
///   and Conflict-Avoidance", NeurIPS 2023 and JMLR 25, 2024, arXiv 2305.20057, Algorithm 1.
public struct MoDo: CrossGramianMethod {
  static let gamma = Parameter<Double>.positive(
    "gamma", default: 0.1, "Step size of the weights.")
  static let rho = Parameter<Double>.atLeast(
    0, "rho", default: 0.1, "Strength of the pull towards equal weights.")

  /// The step size of the weights.
  public let gamma: Double
  /// The strength of the pull towards equal weights.
  public let rho: Double

  /// Creates the method.
  ///
  /// - Throws: `OptionError` where a value breaks its
  ///   rule.
  public init(gamma: Double = 0.1, rho: Double = 0.1) throws(OptionError) {
    self.gamma = try Self.gamma.checked(gamma, for: Self.about.name)
    self.rho = try Self.rho.checked(rho, for: Self.about.name)
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    gamma = try options.value(of: Self.gamma)
    rho = try options.value(of: Self.rho)
  }

  /// Weights of 1/K.
  public func initialState(taskCount: Int) -> SimplexWeights { SimplexWeights(taskCount: taskCount) }

  /// Returns the weights after their step.
  ///
  /// - Complexity: O(K²).
  public func weights(
    crossGramian: CrossGramian, context: StepContext, state: inout SimplexWeights,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    let products = crossGramian.applied(to: state.weights)
    state.weights = projectedOntoSimplex(
      zip(state.weights, products).map { $0 - gamma * ($1 + rho * $0) })
    return state.weights
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "modo",
    title: "MoDo",
    summary: "Moves the weights along an unbiased estimate from two independent batches.",
    kind: .crossGramian,
    paper: Citation(
      authors: "Chen et al.",
      title: """
        Three-Way Trade-Off in Multi-Objective Learning: Optimization, Generalization and Conflict-Avoidance
        """,
      year: 2023, venue: "NeurIPS", address: "https://arxiv.org/abs/2305.20057"),
    formula: "w ← Proj(w − γ (M w + ρ w)), M = G₁ G₂ᵀ",
    parameters: [gamma.description, rho.description],
    needs: .extraBatches,
    cost: MethodCost(backwardPasses: "3K", memory: "2·K·P"),
    state: "a weight for each task",
    properties: [.permutationEquivariant, .nonNegativeWeights, .convexWeights, .deterministic])
}
