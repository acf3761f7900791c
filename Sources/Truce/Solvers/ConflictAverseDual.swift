import RealModule

// How the dual is minimised: a formula for two tasks, a path over active sets for more.

extension ConflictAverseDual {
  /// Two tasks: with `w = (x, 1 - x)`, `F` is a line plus `c |g₀| √(A (x - x₀)² + q)`.
  func pairSolution() -> Solution {
    let (a, b, cross) = (gramian[0, 0], gramian[1, 1], gramian[0, 1])
    let spread = a + b - 2 * cross
    guard spread > 4 * .ulpOfOne * (a + b) else { return solution(dualWeights: [0.5, 0.5]) }
    let foot = [(b - cross) / spread, (a - cross) / spread]
    let distance = max(a <= b ? foot[0] * a + foot[1] * cross : foot[0] * cross + foot[1] * b, 0)
    let pull = radius * centerLength
    let slope = slopes[0] - slopes[1]
    let curvature = pull * pull * spread - slope * slope
    guard curvature > 0 else { return solution(dualWeights: slope < 0 ? [1, 0] : [0, 1]) }
    let shift = -slope * Double.sqrt(distance / (spread * curvature))
    return solution(dualWeights: inSegment([foot[0] + shift, foot[1] - shift]))
  }

  private func inSegment(_ weights: [Double]) -> [Double] {
    if weights[0] <= 0 { return [0, 1] }
    return weights[1] <= 0 ? [1, 0] : weights
  }

  /// Any number of tasks.
  func generalSolution() -> Solution {
    let unit = UnitGramian(gramian)
    var path = ConflictAversePath(unit: unit, dual: self)
    let hasOrigin = unit.count < gramian.taskCount || path.isAtOrigin
    if hasOrigin {
      let projection = DualConeProjection(of: center, in: gramian, unit: unit)
      if reaches(projection) {
        let dualWeights = unit.count < gramian.taskCount ? zeroRowWeights(unit) : path.dualWeights
        return Solution(dualWeights: dualWeights, weights: projection.weights, level: 0, isFree: true)
      }
    }
    path.findRadius()
    let dualWeights = unit.spread(path.dualWeights, taskCount: gramian.taskCount)
    return solution(dualWeights: dualWeights, level: path.level)
  }

  private func zeroRowWeights(_ unit: UnitGramian) -> [Double] {
    let zeros = gramian.taskCount - unit.count
    var weights = [Double](repeating: 1 / Double(zeros), count: gramian.taskCount)
    for task in unit.tasks { weights[task] = 0 }
    return weights
  }
}

/// The nearest point of the hull to `-t g₀`, and the search for the `t` where `|g_w| = t c |g₀|`.
///
/// Lengths are in units of the shortest gradient's, `t` in such units over `|g₀|`.
private struct ConflictAversePath {
  private let unit: UnitGramian
  private let radius: Double
  private let centerLength: Double
  private let mass: [Double]
  private var problem: SimplexQuadratic
  private var path: SimplexPath
  private var t = 0.0

  init(unit: UnitGramian, dual: ConflictAverseDual) {
    self.unit = unit
    radius = dual.radius
    centerLength = dual.centerLength
    let shortest = unit.shortest
    mass = unit.lengths.map { unit.lengths[shortest] / $0 }
    let slope = zip(unit.tasks, unit.lengths).map { dual.slopes[$0] / ($1 * dual.centerLength) }
    problem = SimplexQuadratic(
      cosines: unit.cosines, mass: mass, slope: slope,
      slopeReach: dual.centerReach / dual.centerLength)
    path = problem.minimize(at: 0)
  }

  mutating func minimize(at t: Double) {
    self.t = t
    path = problem.minimize(at: t)
  }

  /// The weights on the tasks with a gradient.
  var dualWeights: [Double] { zip(problem.point, mass).map { $0 * $1 } }

  /// The common value of `gᵢ · d` over the tasks with weight.
  var level: Double {
    path.multiplier(at: t) * unit.lengths[unit.shortest] * centerLength / t
  }

  private var squaredNorm: Double {
    let product = unit.cosines.applied(to: problem.point)
    return max(dot(problem.point, product), 0)
  }

  /// Whether the hull holds the origin, up to rounding.
  var isAtOrigin: Bool {
    let reach = problem.point.reduce(0, +)
    let negligible = SolverAccuracy.negligibleShare(taskCount: unit.count)
    return problem.isInside || squaredNorm <= negligible * reach * reach
  }

  /// Finds `t`, starting from the min-norm point.
  ///
  /// `|g_w| / t` falls as `t` grows, so every point visited narrows the bracket.
  mutating func findRadius() {
    var low = isAtOrigin ? 0 : Double.sqrt(squaredNorm) / radius
    var high = (mass.min().map { 1 / $0 } ?? 1) / radius
    for _ in 0..<200 {
      let root = self.root()
      let isInside = root.map { $0 >= low * (1 - 1e-12) && $0 <= high * (1 + 1e-12) } ?? false
      if let root, isInside, (root - t).magnitude <= 4 * .ulpOfOne * t { return }
      let next = isInside ? root ?? high : (low > 0 ? Double.sqrt(low * high) : high / 1024)
      if next == t { return }
      minimize(at: next)
      if Double.sqrt(squaredNorm) > radius * t { low = max(low, t) } else { high = min(high, t) }
    }
  }

  /// The `t` with `|g_w| = t c |g₀|` on the present piece, if there is one.
  ///
  /// With `u = 1/t` the equation is `R + 2 X u + O u² = 0`, and the larger root is the one where `|g_w| / t`
  /// falls as `t` grows.
  private func root() -> Double? {
    let (start, end) = (spread(path.offset), spread(path.rate))
    let product = unit.cosines.applied(to: start)
    let offset = dot(start, product)
    let mixed = dot(end, product)
    let rate = dot(end, unit.cosines.applied(to: end)) - radius * radius
    let discriminant = mixed * mixed - offset * rate
    guard discriminant >= 0 else { return nil }
    let root = Double.sqrt(discriminant)
    let inverse = mixed > 0 ? -rate / (mixed + root) : (root - mixed) / offset
    return inverse > 0 && inverse.isFinite ? 1 / inverse : nil
  }

  private func spread(_ values: [Double]) -> [Double] {
    var all = [Double](repeating: 0, count: unit.count)
    for (member, value) in zip(path.members, values) { all[member] = value }
    return all
  }
}
