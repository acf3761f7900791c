import RealModule

/// The update that CAGrad takes: the best worst-case improvement in a ball around the average gradient.
///
/// Maximises `minᵢ gᵢ · d` over `|d - g₀| ≤ c |g₀|`, `g₀ = Σ uᵢ gᵢ`, through its dual: minimise
/// `F(w) = g_w · g₀ + c |g₀| |g_w|` over the simplex, then `d = g₀ + (c |g₀| / |g_w|) g_w`.
///
/// For two tasks the dual is solved by formula. For more, the minimiser is the nearest point of the
/// hull to `-t g₀` for the one `t` where `|g_w| = t c |g₀|`. That nearest point moves along straight lines in
/// `t` while the same tasks take part, so the equation for `t` is a quadratic on each piece, and the
/// right piece is found in a few steps, each kept inside a bracket.
///
/// Degenerate inputs have these answers:
/// - `c = 0` or `g₀ = 0`: `d = g₀`.
/// - The minimum is at `g_w = 0`: the best worst case is 0, and many `d` reach it; the one nearest to
///   `g₀` is taken, which is the projection of `g₀` on the dual cone.
///
/// - Source: B. Liu et al., "Conflict-Averse Gradient Descent for Multi-task Learning", NeurIPS 2021,
///   arXiv 2110.14048, equations 3 and 4 and Algorithm 1.
public struct ConflictAversePoint: Equatable, Sendable {
  /// The minimiser `w` of the dual, a point of the simplex.
  public let dualWeights: [Double]
  /// The weights of `d` on the task gradients.
  public let weights: [Double]
  /// The minimum of the dual, which is the best worst-case improvement `minᵢ gᵢ · d`.
  public let dualObjective: Double
  /// The largest violation of `gᵢ · d ≥ F`, or of equality where `wᵢ > 0`, relative to `|gᵢ| Σ |vⱼ| |gⱼ|`
  /// for the weights `v` of `d`.
  public let residual: Double

  /// Finds the update.
  ///
  /// - Parameters:
  ///   - gramian: The Gramian of the task gradients.
  ///   - center: The weights `u` of the vector in the centre of the ball; by default 1/K each.
  ///   - radius: The radius `c ≥ 0` of the ball relative to `|g₀|`.
  /// - Complexity: O(1) for K = 2; else a few active-set solves of O(K²) for each task that enters or leaves.
  public init(of gramian: Gramian, center: [Double]? = nil, radius: Double) {
    let share = 1 / Double(gramian.taskCount)
    let problem = ConflictAverseDual(
      gramian: gramian, center: center ?? [Double](repeating: share, count: gramian.taskCount),
      radius: radius)
    self.init(problem, problem.solution())
  }

  private init(_ problem: ConflictAverseDual, _ solution: ConflictAverseDual.Solution) {
    dualWeights = solution.dualWeights
    weights = solution.weights
    dualObjective = problem.objective(of: solution.dualWeights)
    residual = problem.residual(of: solution)
  }
}

/// The dual problem for one Gramian, with what its parts share.
struct ConflictAverseDual {
  struct Solution {
    /// A point of the simplex.
    var dualWeights: [Double]
    /// The weights of the update.
    var weights: [Double]
    /// The common value of `gᵢ · d` over the tasks with weight, or nil to read it off the shortest of them.
    var level: Double?
    /// Whether the tasks with weight need not have the common value, as where the dual's minimum is at 0.
    var isFree = false
  }

  let gramian: Gramian
  let center: [Double]
  let radius: Double
  /// `gᵢ · g₀` for each task.
  let slopes: [Double]
  /// `|g₀|`, or 0 where it is rounding.
  let centerLength: Double
  /// The largest value `|g₀|` could have.
  let centerReach: Double

  init(gramian: Gramian, center: [Double], radius: Double) {
    self.gramian = gramian
    self.center = center
    self.radius = radius
    slopes = gramian.applied(to: center)
    centerReach = SolverAccuracy.reach(of: center, in: gramian)
    let square = zip(center, slopes).reduce(0) { $0 + $1.0 * $1.1 }
    let negligible = SolverAccuracy.negligibleShare(taskCount: gramian.taskCount)
    centerLength = square <= negligible * centerReach * centerReach ? 0 : Double.sqrt(square)
  }

  func solution() -> Solution {
    // `g₀` may be rounding and still not exactly 0: then `gᵢ · g₀` is not exactly 0 either.
    if centerLength == 0 { return Solution(dualWeights: center, weights: center, level: slopes.min() ?? 0) }
    if radius == 0 { return flatSolution() }
    return gramian.taskCount == 2 ? pairSolution() : generalSolution()
  }

  /// Without a ball the update is `g₀`, and the dual's minimum is at the task it helps least.
  private func flatSolution() -> Solution {
    let worst = slopes.indices.min { slopes[$0] < slopes[$1] } ?? 0
    let dualWeights = slopes.indices.map { $0 == worst ? 1.0 : 0 }
    return Solution(dualWeights: dualWeights, weights: center, level: slopes[worst])
  }

  /// Returns `F(w) = g_w · g₀ + c |g₀| |g_w|`.
  func objective(of weights: [Double]) -> Double {
    let length = Double.sqrt(gramian.squaredNorm(of: weights))
    return zip(weights, slopes).reduce(radius * centerLength * length) { $0 + $1.0 * $1.1 }
  }

  /// Adds the multiple of `g_w` that reaches the ball's surface, or settles the case `g_w = 0`.
  func solution(dualWeights: [Double], level: Double? = nil) -> Solution {
    let length = Double.sqrt(gramian.squaredNorm(of: dualWeights))
    let reach = SolverAccuracy.reach(of: dualWeights, in: gramian)
    let negligible = SolverAccuracy.negligibleShare(taskCount: gramian.taskCount)
    if length * length <= negligible * reach * reach {
      return projection(dualWeights: dualWeights)
    }
    let factor = radius * centerLength / length
    let weights = zip(center, dualWeights).map { $0 + factor * $1 }
    return Solution(dualWeights: dualWeights, weights: weights, level: level)
  }

  /// The answer where the dual's minimum is at `g_w = 0`.
  func projection(dualWeights: [Double]) -> Solution {
    let projection = DualConeProjection(of: center, in: gramian)
    return Solution(dualWeights: dualWeights, weights: projection.weights, level: 0, isFree: true)
  }

  /// Whether the projection on the dual cone lies in the ball, so that the dual's minimum is at `g_w = 0`.
  func reaches(_ projection: DualConeProjection) -> Bool {
    let distance = gramian.squaredNorm(of: projection.corrections)
    let limit = radius * centerLength
    return distance <= limit * limit * (1 + 1e-12)
  }

  func residual(of solution: Solution) -> Double {
    let products = gramian.applied(to: solution.weights)
    let reach = SolverAccuracy.reach(of: solution.weights, in: gramian)
    let level = solution.level ?? levelOfShortest(solution.dualWeights, products: products)
    let rounding = solution.isFree ? 0 : roundingOfLength(of: solution.dualWeights)
    var worst = 0.0
    for (task, product) in products.enumerated() where gramian[task, task] > 0 {
      let isTied = solution.dualWeights[task] > 0 && centerLength > 0 && !solution.isFree
      let violation = isTied ? (product - level).magnitude : level - product
      let length = gramian[task, task].squareRoot()
      worst = max(
        worst, SolverAccuracy.relative(violation - rounding * length, length: length, reach: reach))
    }
    return worst
  }

  /// How far rounding in `|g_w|`, by which `g_w` is divided, may shift `gᵢ · d` for a gradient of length 1.
  ///
  /// It is negligible unless `g_w` nearly vanishes, as close to stationary points.
  private func roundingOfLength(of dualWeights: [Double]) -> Double {
    let length = Double.sqrt(gramian.squaredNorm(of: dualWeights))
    guard length > 0 else { return 0 }
    let share = SolverAccuracy.reach(of: dualWeights, in: gramian) / length
    return 8 * Double.ulpOfOne * radius * centerLength * share * share
  }

  private func levelOfShortest(_ dualWeights: [Double], products: [Double]) -> Double {
    let members = dualWeights.indices.filter { dualWeights[$0] > 0 }
    let shortest = members.min { gramian[$0, $0] < gramian[$1, $1] }
    return shortest.map { products[$0] } ?? 0
  }
}
