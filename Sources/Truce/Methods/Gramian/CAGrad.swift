import RealModule

/// CAGrad: maximises the worst task's improvement in a ball around the average gradient.
///
/// `d = argmax minᵢ gᵢ · d` over `|d - g₀| ≤ c |g₀|`, with `g₀ = (1/K) Σ gᵢ`. In terms of weights
/// `1/K + λ w`, where `w` minimises `g_w · g₀ + c |g₀| |g_w|` over the simplex and `λ = c |g₀| / |g_w|`.
/// With `c = 0` it is the average gradient; as `c` grows it turns towards MGDA's.
///
/// - Note: The authors' code minimises the dual with SLSQP and adds small constants under its roots; here the
///   minimiser is exact. It then divides by `1 + c²` (`rescale: .squared`) and multiplies by K
///   (`reduction: .sum`); later repositories clip to a length of 1 besides (`maximumNorm: 1`). The default is
///   the paper's formula.
/// - Source: B. Liu et al., "Conflict-Averse Gradient Descent for Multi-task Learning", NeurIPS 2021,
///   arXiv 2110.14048, Algorithm 1.
public struct CAGrad: GramianMethod {
  /// By what the result is divided.
  public enum Rescale: String, ParameterValue, CaseIterable, Codable {
    /// By nothing.
    case none
    /// By `1 + c²`.
    case squared
    /// By `1 + c`.
    case linear
  }

  static let radius = Parameter<Double>.atLeast(
    0, "c", default: 0.4, "The radius of the ball around the average gradient, relative to its length.")
  static let rescale = Parameter<Rescale>.any(
    "rescale", default: Rescale.none, "Whether the result is divided by 1 + c² or by 1 + c.")
  static let reduction = Parameter<Reduction>.any(
    "reduction", default: .mean, "Whether the result stands for the average of the tasks or their sum.")
  static let maximumNorm = Parameter<Double?>.maximumNorm

  /// The radius of the ball relative to the length of the average gradient, `c`.
  public let radius: Double
  /// By what the result is divided.
  public let rescale: Rescale
  /// Whether the result stands for the average of the tasks or their sum.
  public let reduction: Reduction
  /// The length to which a longer result is cut, or nil.
  public let maximumNorm: Double?

  /// Creates the method.
  ///
  /// - Throws: `OptionError` where `c < 0`.
  public init(
    c radius: Double = 0.4, rescale: Rescale = .none, reduction: Reduction = .mean,
    maximumNorm: Double? = nil
  ) throws(OptionError) {
    self.radius = try Self.radius.checked(radius, for: Self.about.name)
    self.rescale = rescale
    self.reduction = reduction
    self.maximumNorm = try Self.maximumNorm.checked(maximumNorm, for: Self.about.name)
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    try self.init(
      c: try options.value(of: Self.radius), rescale: try options.value(of: Self.rescale),
      reduction: try options.value(of: Self.reduction),
      maximumNorm: try options.value(of: Self.maximumNorm))
  }

  /// 0, or nil where the update is cut to a length.
  public var scalePower: Double? { maximumNorm == nil ? 0 : nil }

  /// Returns the weights `1/K + λ w`, rescaled.
  ///
  /// - Throws: ``MethodError/solverDidNotConverge(method:residual:tolerance:)``.
  /// - Complexity: O(1) for K = 2, else a few active-set solves.
  public func weights(
    gramian: Gramian, context: StepContext, state: inout Stateless,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    try weights(gramian: gramian, center: nil, taskCount: gramian.taskCount)
  }

  /// Returns the weights for a ball around another vector than the average gradient.
  ///
  /// `taskCount` is the number of tasks that the gradients stand for.
  func weights(gramian: Gramian, center: [Double]?, taskCount: Int) throws(MethodError) -> [Double] {
    let point = ConflictAversePoint(of: gramian, center: center, radius: radius)
    try SolverAccuracy.require(point.residual, for: Self.about.name)
    let factor = rescaling * (reduction == .sum ? Double(taskCount) : 1)
    let weights = point.weights.map { $0 * factor }
    return maximumNorm.map { gramian.clipped(weights, to: $0) } ?? weights
  }

  private var rescaling: Double {
    switch rescale {
    case .none: 1
    case .squared: 1 / (1 + radius * radius)
    case .linear: 1 / (1 + radius)
    }
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "cagrad",
    title: "CAGrad",
    summary: "Maximises the worst task's improvement in a ball around the average gradient.",
    kind: .gramian,
    paper: Citation(
      authors: "Liu et al.",
      title: "Conflict-Averse Gradient Descent for Multi-task Learning",
      year: 2021, venue: "NeurIPS", address: "https://arxiv.org/abs/2110.14048"),
    formula: "d = argmax minᵢ gᵢ·d over |d − g₀| ≤ c |g₀|, g₀ = (1/K) Σ gᵢ",
    parameters: [
      radius.description, rescale.description, reduction.description, maximumNorm.description,
    ],
    cost: .gradientRows,
    properties: [.permutationEquivariant, .homogeneous, .nonNegativeWeights, .deterministic],
    notes: [
      "The default is the paper's formula; the authors' code uses rescale=squared and reduction=sum.",
      "Where the best worst case is 0, the d nearest to g₀ among the optimal ones is taken.",
      "With c ≥ 1 the update conflicts with no task; convergence to a minimum of the average needs c < 1.",
    ])
}
