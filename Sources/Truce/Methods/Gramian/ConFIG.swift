import RealModule

/// ConFIG: the direction with equal projections on all gradients, as long as their sum along it.
///
/// The unit direction `u` solves `gᵢ · u / |gᵢ| = pᵢ / const` in the least-norm sense, and
/// `d = (Σ gᵢ · u) u`. With the cosines `C` between the gradients, `u ∝ Σ aᵢ gᵢ / |gᵢ|` where `C a = p`.
/// The direction is IMTL-G's, the length adapts to the gradients.
///
/// A task with a zero gradient gets weight 0. Where no direction has such projections the nearest one is
/// taken, by the pseudoinverse of the definition, and its projections differ; where it is zero, as for opposite
/// gradients, all weights are 0.
///
/// - Source: Q. Liu et al., "ConFIG: Towards Conflict-free Training of Physics Informed Neural Networks",
///   ICLR 2025, arXiv 2408.11104, equation 2; tum-pbs/ConFIG.
public struct ConFIG: GramianMethod {
  static let preference = Parameter<TaskValues?>.preference("preference")

  /// The wanted projections relative to each other, or nil for equal ones.
  public private(set) var preference: TaskValues?

  /// Creates the method.
  ///
  /// - Throws: `OptionError` where a preference is
  ///   negative.
  public init(preference: TaskValues? = nil) throws(OptionError) {
    self.preference = try Self.preference.checked(preference, for: Self.about.name)
  }

  /// Returns the method with the preferences of some tasks.
  public func restricted(to tasks: [Int]) -> Self {
    var copy = self
    copy.preference = preference?.chosen(tasks)
    return copy
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    preference = try options.value(of: Self.preference)
  }

  /// Returns the weights of the direction times its length.
  ///
  /// - Complexity: O(K³).
  public func weights(
    gramian: Gramian, context: StepContext, state: inout Stateless,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    let taskCount = gramian.taskCount
    let unit = UnitGramian(gramian)
    let wanted = try preference.preference(taskCount: taskCount, otherwise: 1)
    let projections = unit.tasks.map { wanted[$0] }
    let shares = unit.combination(withProjections: projections).shares
    let reached = unit.cosines.applied(to: shares)
    // As no eigenvalue of the cosines exceeds K, smaller shares mean that rounding is all there is.
    let size = shares.reduce(0) { max($0, $1.magnitude) } * Double(taskCount)
    guard size > 1e-12 * (projections.max() ?? 0), dot(shares, reached) > 0 else {
      return [Double](repeating: 0, count: taskCount)
    }
    let factor = dot(unit.lengths, reached) / dot(shares, reached)
    let weights = zip(shares, unit.lengths).map { $0 / $1 * factor }
    return unit.spread(weights, taskCount: taskCount)
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "config",
    title: "ConFIG",
    summary: "Takes the direction with equal projections on all gradients, as long as their sum along it.",
    kind: .gramian,
    paper: Citation(
      authors: "Liu et al.",
      title: "ConFIG: Towards Conflict-free Training of Physics Informed Neural Networks",
      year: 2025, venue: "ICLR", address: "https://arxiv.org/abs/2408.11104"),
    formula: "u ∝ pinv([gᵢ/|gᵢ|]) 1, d = (Σ gᵢ·u) u",
    parameters: [preference.description],
    cost: .gradientRows,
    properties: [
      .permutationEquivariant, .taskScaleInvariant, .homogeneous, .linearUnderScaling, .deterministic,
    ],
    notes: [
      "A zero gradient gets weight 0; opposite gradients give a zero update.",
      "Where no direction has equal projections, the nearest one in least squares is taken.",
    ])
}
