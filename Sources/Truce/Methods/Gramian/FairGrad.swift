/// FairGrad: shares the improvement among the tasks by α-fairness.
///
/// The weights satisfy `gᵢ · d = wᵢ^(-1/α)`. With `α = 0` all weights are 1, with `α = 1` the method is
/// Nash-MTL, and as α grows all tasks improve by the same amount.
///
/// A zero gradient gets weight 0; at a Pareto-stationary point all weights are 0 (``BargainingPoint``).
///
/// - Note: The authors' code solves the equation by bounded least squares, multiplies the update by K
///   (`reduction: .sum`) and clips it to a length of 1 (`maximumNorm: 1`); here the solution is exact and
///   the update is `Σ wᵢ gᵢ`. For `α = 0` TorchJD's weights are 1/K, the limit of the equation is 1.
/// - Source: H. Ban and K. Ji, "Fair Resource Allocation in Multi-Task Learning", ICML 2024, arXiv
///   2402.15638, equation 5.
public struct FairGrad: GramianMethod {
  static let alpha = Parameter<Double>.atLeast(
    0, "alpha", default: 1, "The kind of fairness: 0 the sum, 1 proportional, large the worst task first.")
  static let reduction = Parameter<Reduction>.any(
    "reduction", default: .mean, "Whether the result is multiplied by K (sum) or not (mean).")
  static let maximumNorm = Parameter<Double?>.maximumNorm

  /// The kind of fairness, `α`.
  public let alpha: Double
  /// Whether the result is multiplied by K.
  public let reduction: Reduction
  /// The length to which a longer update is cut, or nil.
  public let maximumNorm: Double?

  /// Creates the method.
  ///
  /// - Throws: `OptionError`.
  public init(
    alpha: Double = 1, reduction: Reduction = .mean, maximumNorm: Double? = nil
  ) throws(OptionError) {
    self.alpha = try Self.alpha.checked(alpha, for: Self.about.name)
    self.reduction = reduction
    self.maximumNorm = try Self.maximumNorm.checked(maximumNorm, for: Self.about.name)
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    alpha = try options.value(of: Self.alpha)
    reduction = try options.value(of: Self.reduction)
    maximumNorm = try options.value(of: Self.maximumNorm)
  }

  /// `−2α / (1 + α)`, or nil where the update is cut to a length.
  public var scalePower: Double? { maximumNorm == nil ? -2 * alpha / (1 + alpha) : nil }

  /// Returns the fair weights.
  ///
  /// - Throws: ``MethodError/solverDidNotConverge(method:residual:tolerance:)``.
  /// - Complexity: O(K³) for each of about ten Newton steps.
  public func weights(
    gramian: Gramian, context: StepContext, state: inout Stateless,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    let ones = [Double](repeating: 1, count: gramian.taskCount)
    let weights = alpha == 0 ? ones : try fairWeights(gramian, demands: ones)
    return gramian.finished(weights, reduction: reduction, maximumNorm: maximumNorm)
  }

  private func fairWeights(_ gramian: Gramian, demands: [Double]) throws(MethodError) -> [Double] {
    let point = BargainingPoint(of: gramian, demands: demands, exponent: 1 / alpha)
    try SolverAccuracy.require(point.residual, for: Self.about.name)
    return point.weights
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "fairgrad",
    title: "FairGrad",
    summary: "Shares the improvement among the tasks by α-fairness.",
    kind: .gramian,
    paper: Citation(
      authors: "Ban & Ji", title: "Fair Resource Allocation in Multi-Task Learning",
      year: 2024, venue: "ICML", address: "https://arxiv.org/abs/2402.15638"),
    formula: "gᵢ·d = wᵢ^(−1/α), w > 0",
    parameters: [alpha.description, reduction.description, maximumNorm.description],
    cost: .gradientRows,
    properties: [.permutationEquivariant, .nonConflicting, .nonNegativeWeights, .deterministic],
    notes: [
      "The weights are exact; the authors' code multiplies by K and clips: reduction=sum, max_norm=1.",
      "The authors' experiments use alpha=2; their class and LibMTL default to 1.",
      "A zero gradient gets weight 0; at a Pareto-stationary point all weights are 0.",
    ])
}
