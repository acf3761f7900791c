/// MGDA: steps along the shortest vector in the convex hull of the task gradients.
///
/// `w = argmin |Σ wᵢ ĝᵢ|²` over the simplex, where `ĝᵢ = sᵢ gᵢ` is the gradient after an optional
/// normalisation, and the update is `d = Σ wᵢ ĝᵢ`. It improves every task, or is zero at a
/// Pareto-stationary point.
///
/// - Note: The authors' code stops its search after a number of iterations; here the point is exact. It
///   finds the weights on normalised gradients and then applies them to the raw losses, which
///   `combine: .raw` reproduces; LibMTL combines the normalised gradients, as is done by default.
/// - Source: J.-A. Désidéri, "Multiple-gradient descent algorithm (MGDA)", Comptes Rendus Mathématique
///   350, 2012; O. Sener and V. Koltun, "Multi-Task Learning as Multi-Objective Optimization", NeurIPS
///   2018, arXiv 1810.04650, equation 3; normalisations from isl-org/MultiObjectiveOptimization.
public struct MGDA: GramianMethod {
  /// How gradients are scaled before the search.
  public enum Normalization: String, ParameterValue, CaseIterable, Codable {
    /// Not at all.
    case none
    /// To unit length.
    case l2
    /// By one over the loss.
    case loss
    /// By one over the loss times the length.
    case lossAndLength = "loss+"
  }

  /// What the weights found are applied to.
  public enum Combination: String, ParameterValue, CaseIterable, Codable {
    /// The normalised gradients.
    case normalized
    /// The gradients as they are.
    case raw
  }

  static let normalization = Parameter<Normalization>.any(
    "normalization", default: Normalization.none, "How gradients are scaled before the search.")
  static let combine = Parameter<Combination>.any(
    "combine", default: .normalized, "Whether the weights apply to the normalised or the raw gradients.")

  /// How gradients are scaled before the search.
  public let normalization: Normalization
  /// What the weights found are applied to.
  public let combine: Combination

  /// Creates the method.
  public init(normalization: Normalization = .none, combine: Combination = .normalized) {
    self.normalization = normalization
    self.combine = combine
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    self.init(
      normalization: try options.value(of: Self.normalization),
      combine: try options.value(of: Self.combine))
  }

  /// 0, or −1 where gradients of length 1 are combined.
  public var scalePower: Double? {
    let combinesUnits = combine == .normalized && (normalization == .l2 || normalization == .lossAndLength)
    return combinesUnits ? -1 : 0
  }

  /// Returns the weights of the min-norm point.
  ///
  /// - Throws: ``MethodError/lossOutOfDomain(method:task:rule:received:)`` where a loss to divide by is not
  ///   positive.
  /// - Complexity: O(1) for K = 2, else O(K²) for each task that enters or leaves the active set.
  public func weights(
    gramian: Gramian, context: StepContext, state: inout Stateless,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    guard normalization != .none else { return try Self.weights(of: gramian) }
    let factors = try factors(gramian: gramian, context: context)
    let weights = try Self.weights(of: gramian.scaled(by: factors))
    return combine == .raw ? weights : zip(weights, factors).map { $0 * $1 }
  }

  private static func weights(of gramian: Gramian) throws(MethodError) -> [Double] {
    let point = MinimumNormPoint(of: gramian)
    try SolverAccuracy.require(point.residual, for: about.name)
    return point.weights
  }

  private func factors(gramian: Gramian, context: StepContext) throws(MethodError) -> [Double] {
    // A gradient of length zero stays as it is.
    let lengths = gramian.norms.map { $0 > 0 ? $0 : 1 }
    if normalization == .l2 { return lengths.map { 1 / $0 } }
    try context.requireLosses(count: gramian.taskCount)
    try context.requireLosses(above: 0, for: Self.about.name)
    if normalization == .loss { return context.losses.map { 1 / $0 } }
    return zip(context.losses, lengths).map { 1 / ($0 * $1) }
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "mgda",
    title: "MGDA",
    summary: "Steps along the shortest vector in the convex hull of the task gradients.",
    kind: .gramian,
    paper: Citation(
      authors: "Sener & Koltun", title: "Multi-Task Learning as Multi-Objective Optimization",
      year: 2018, venue: "NeurIPS", address: "https://arxiv.org/abs/1810.04650"),
    formula: "w = argmin |Σ wᵢ gᵢ|² over the simplex, d = Σ wᵢ gᵢ",
    parameters: [normalization.description, combine.description],
    needs: .losses,
    cost: .gradientRows,
    properties: [
      .permutationEquivariant, .nonConflicting, .homogeneous, .nonNegativeWeights, .convexWeights,
      .deterministic,
    ],
    notes: [
      "The losses are read only with normalization=loss or loss+.",
      "The solution is exact; the authors' code stops after a number of iterations.",
      "The authors apply the weights to the raw losses: combine=raw.",
    ])
}
