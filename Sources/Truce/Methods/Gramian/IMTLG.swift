/// IMTL-G: an update with equal projections on all task gradients.
///
/// `w` solves `gᵢ · d / |gᵢ| = gⱼ · d / |gⱼ|` for all pairs, with `Σ wᵢ = 1`. With the cosines `C` between
/// the gradients, `w ∝ y / |g|` where `C y = 1`; weights may be negative. A rescaled task gets the same
/// update.
///
/// A task with a zero gradient has no projection: it gets weight 0 and the others share. Where gradients
/// depend on each other and `C y = 1` has solutions, the one of least norm is taken. Where it has none, zero is
/// the only projection that all can have: the weights are then those of a combination that vanishes, as in the
/// closed form of the paper. Where the weights cannot sum to 1 because they cancel, all are 0.
///
/// - Note: Public implementations add 10⁻⁸ or 10⁻⁶ to the diagonal of a singular system, or take the nearest
///   solution of one that has none, whose projections differ.
/// - Source: L. Liu et al., "Towards Impartial Multi-task Learning", ICLR 2021, equation 5
///   (https://openreview.net/forum?id=IMPnRXEWpvr).
public struct IMTLG: GramianMethod {
  /// Creates the method.
  public init() {}

  /// Creates the method; it has no options.
  public init(options: Options) throws(OptionError) {}

  /// Returns the weights with equal projections.
  ///
  /// - Complexity: O(K³), O(1) for K = 2.
  public func weights(
    gramian: Gramian, context: StepContext, state: inout Stateless,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    Self.weights(of: gramian)
  }

  static func weights(of gramian: Gramian) -> [Double] {
    if gramian.taskCount == 2, gramian[0, 0] > 0, gramian[1, 1] > 0 {
      let (a, b) = (gramian[0, 0].squareRoot(), gramian[1, 1].squareRoot())
      return [b / (a + b), a / (a + b)]
    }
    let unit = UnitGramian(gramian)
    let shares = zip(equalProjections(unit), unit.lengths).map { $0 / $1 }
    let total = shares.reduce(0, +)
    let size = shares.reduce(0) { $0 + $1.magnitude }
    guard total.magnitude > 1e-12 * size else { return [Double](repeating: 0, count: gramian.taskCount) }
    return unit.spread(shares.map { $0 / total }, taskCount: gramian.taskCount)
  }

  /// The combination of unit gradients with equal projections on all of them, up to a factor.
  private static func equalProjections(_ unit: UnitGramian) -> [Double] {
    let equal = unit.combination(withProjections: unit.tasks.map { _ in 1 })
    if equal.isExact { return equal.shares }
    // Of the combinations that vanish, the one whose weights sum to 1 with the least norm.
    let shortest = unit.lengths[unit.shortest]
    return unit.vanishingCombination(nearest: unit.lengths.map { shortest / $0 })
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "imtl-g",
    title: "IMTL-G",
    summary: "Finds the update with equal projections on all task gradients.",
    kind: .gramian,
    paper: Citation(
      authors: "Liu et al.", title: "Towards Impartial Multi-task Learning",
      year: 2021, venue: "ICLR", address: "https://openreview.net/forum?id=IMPnRXEWpvr"),
    formula: "gᵢ·d / |gᵢ| equal for all i, Σ wᵢ = 1",
    cost: .gradientRows,
    properties: [.permutationEquivariant, .taskScaleInvariant, .homogeneous, .deterministic],
    notes: [
      "Weights may be negative.",
      "A zero gradient gets weight 0; of several solutions the one of least norm is taken.",
      "Dependent gradients may have none but a zero update, as three in a plane often do.",
    ])
}
