/// The point of least length in the convex hull of the task gradients.
///
/// `w = argmin |Σ wᵢ gᵢ|²` over `w ≥ 0, Σ wᵢ = 1`, exactly: by formula for two tasks, by Wolfe's active
/// set on the cosines for more. Where gradients repeat or depend on each other the weights need not be
/// unique; the point is.
///
/// A zero gradient is itself the point: the zero rows then share the weight.
///
/// - Source: J.-A. Désidéri, "Multiple-gradient descent algorithm (MGDA)", Comptes Rendus Mathématique
///   350, 2012; P. Wolfe, "Finding the nearest point in a polytope", Mathematical Programming 11, 1976.
public struct MinimumNormPoint: Equatable, Sendable {
  /// The weights, a point of the simplex.
  public let weights: [Double]
  /// The squared length of the point.
  public let squaredNorm: Double
  /// Whether the point is the origin up to rounding: no direction improves all tasks.
  public let isOrigin: Bool
  /// The largest violation of `gᵢ · d ≥ |d|²`, or of equality where `wᵢ > 0`, relative to `|gᵢ| Σ wⱼ |gⱼ|`.
  public let residual: Double

  /// Finds the point.
  ///
  /// - Complexity: O(1) for K = 2; else O(K²) for each task that enters or leaves the active set.
  public init(of gramian: Gramian) {
    let zeros = (0..<gramian.taskCount).filter { gramian[$0, $0] < .leastNormalMagnitude }
    if !zeros.isEmpty {
      let weights = (0..<gramian.taskCount).map { zeros.contains($0) ? 1 / Double(zeros.count) : 0 }
      self.init(weights: weights, multiplier: 0, gramian: gramian)
    } else if gramian.taskCount == 1 {
      self.init(weights: [1], multiplier: gramian[0, 0], gramian: gramian)
    } else if gramian.taskCount == 2 {
      self.init(ofPair: gramian)
    } else {
      self.init(ofMany: gramian)
    }
  }

  private init(weights: [Double], multiplier: Double, gramian: Gramian) {
    self.weights = weights
    self.squaredNorm = gramian.squaredNorm(of: weights)
    let reach = SolverAccuracy.reach(of: weights, in: gramian)
    let negligible = SolverAccuracy.negligibleShare(taskCount: gramian.taskCount)
    self.isOrigin = squaredNorm <= negligible * reach * reach
    let products = gramian.applied(to: weights)
    var worst = 0.0
    for (task, product) in products.enumerated() {
      let violation = weights[task] > 0 ? (product - multiplier).magnitude : multiplier - product
      let length = gramian[task, task].squareRoot()
      worst = max(worst, SolverAccuracy.relative(violation, length: length, reach: reach))
    }
    self.residual = worst
  }

  /// Two tasks: the foot of the perpendicular from the origin on the segment, or its nearer end.
  private init(ofPair gramian: Gramian) {
    let (a, b, cross) = (gramian[0, 0], gramian[1, 1], gramian[0, 1])
    if cross >= min(a, b) {
      self.init(weights: a <= b ? [1, 0] : [0, 1], multiplier: min(a, b), gramian: gramian)
    } else {
      let spread = a + b - 2 * cross
      let weights = [(b - cross) / spread, (a - cross) / spread]
      let shorter = a <= b ? 0 : 1
      let multiplier = gramian[shorter, 0] * weights[0] + gramian[shorter, 1] * weights[1]
      self.init(weights: weights, multiplier: multiplier, gramian: gramian)
    }
  }

  private init(ofMany gramian: Gramian) {
    let unit = UnitGramian(gramian)
    let shortest = unit.shortest
    let mass = unit.lengths.map { unit.lengths[shortest] / $0 }
    var problem = SimplexQuadratic(cosines: unit.cosines, mass: mass)
    let multiplier = problem.minimize(at: 0).multiplier(at: 0)
    let weights = zip(problem.point, mass).map { $0 * $1 }
    self.init(weights: weights, multiplier: multiplier * gramian[shortest, shortest], gramian: gramian)
  }
}
