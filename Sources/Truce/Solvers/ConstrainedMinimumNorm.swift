import RealModule

/// The shortest combination of a point of the hull of some vectors and a multiple of one more.
///
/// For vectors `Fᵢ`, a vector `q` and a number φ it minimises `½ |Σ λᵢ Fᵢ + ν q|² − ν φ |q|²` over the
/// simplex and `ν ≥ 0`. The combination `d` found is the dual of a descent problem: `−d` lowers the worst
/// of the `Fᵢ` as far as a step can that also has `q · d ≥ φ |q|²`.
///
/// For a fixed ν the best λ is the nearest point of the hull to `−ν q`, which moves along straight pieces
/// as ν grows, so `q · d − φ |q|²` is a rising piecewise linear function of ν and its root is found piece
/// by piece. A common coordinate orthogonal to `q` is added to the `Fᵢ` first: it changes no minimiser and
/// leaves no vector of length 0.
///
/// The `Fᵢ` should be of comparable length, as unit vectors are: lengths six orders of magnitude apart cost
/// digits. The length of `q` does not matter.
///
/// - Source: F. Ye et al., "A First-Order Multi-Gradient Algorithm for Multi-Objective Bi-Level
///   Optimization", ECAI 2024, arXiv 2401.09257.
struct ConstrainedMinimumNorm {
  /// The weights λ on the vectors.
  let weights: [Double]
  /// The multiple ν of `q`.
  let multiplier: Double
  /// The largest violation of the optimality conditions, relative to the largest value each could have.
  let residual: Double

  /// Finds the combination.
  ///
  /// - Parameters:
  ///   - gramian: the inner products of the vectors `Fᵢ` and, as its last row and column, `q`.
  ///   - slope: the number φ.
  /// - Complexity: O(K²) for each vector that enters or leaves the active set.
  init(gramian: Gramian, slope: Double) {
    let count = gramian.taskCount - 1
    let vectors = gramian.restricted(to: Array(0..<count))
    let length = Double.sqrt(max(gramian[count, count], 0))
    let products = (0..<count).map { gramian[$0, count] }
    if gramian[count, count] < .leastNormalMagnitude {
      weights = MinimumNormPoint(of: vectors).weights
      multiplier = 0
    } else {
      var search = MultiplierSearch(
        vectors: vectors, cosines: products.map { $0 / length }, target: slope * length)
      search.run()
      weights = search.weights
      multiplier = search.reach / length
    }
    residual = Self.residual(
      of: weights, multiplier, vectors: vectors, products: products, length: length, slope: slope)
  }

  /// Returns the largest violation: `Fᵢ · d` at its least where `λᵢ > 0`, `q · d = φ |q|²` where `ν > 0`.
  private static func residual(
    of weights: [Double], _ multiplier: Double, vectors: Gramian, products: [Double], length: Double,
    slope: Double
  ) -> Double {
    let descents = zip(vectors.applied(to: weights), products).map { $0 + multiplier * $1 }
    let level = dot(weights, descents)
    let size = SolverAccuracy.reach(of: weights, in: vectors) + multiplier * length
    let longest = vectors.norms.max() ?? 0
    var worst = 0.0
    for (weight, descent) in zip(weights, descents) {
      let violation = weight > 0 ? (descent - level).magnitude : level - descent
      worst = max(worst, SolverAccuracy.relative(violation, length: longest, reach: size))
    }
    let gap = slope * length * length - dot(weights, products) - multiplier * length * length
    let violation = multiplier > 0 ? gap.magnitude : gap
    return max(
      worst, SolverAccuracy.relative(violation, length: length, reach: size + slope * length))
  }
}

/// The search for the multiple of `q`, in units of its length.
private struct MultiplierSearch {
  private let unit: UnitGramian
  private let mass: [Double]
  private let slope: [Double]
  private let target: Double
  private let longest: Double
  private var problem: SimplexQuadratic
  private var path: SimplexPath
  private var t = 0.0

  /// Prepares the search; `cosines` are the products of the vectors with `q` of unit length.
  init(vectors: Gramian, cosines: [Double], target: Double) {
    let largest = vectors.diagonal.max() ?? 0
    let lift = largest > 0 ? largest : 1
    unit = UnitGramian(Gramian(taskCount: vectors.taskCount) { vectors[$0, $1] + lift })
    let shortest = unit.lengths[unit.shortest]
    mass = unit.lengths.map { shortest / $0 }
    slope = zip(cosines, unit.lengths).map { $0 / $1 }
    self.target = target / shortest
    longest = Double.sqrt(largest) / shortest
    problem = SimplexQuadratic(
      cosines: unit.cosines, mass: mass, slope: slope, slopeReach: 1)
    path = problem.minimize(at: 0)
  }

  /// The weights on the vectors.
  var weights: [Double] { zip(problem.point, mass).map { $0 * $1 } }

  /// The multiple of the unit vector along `q`.
  var reach: Double { t * unit.lengths[unit.shortest] }

  /// How far the constraint is exceeded.
  private var excess: Double { dot(problem.point, slope) + t - target }

  mutating func run() {
    guard excess < 0 else { return }
    var (low, high) = (0.0, target + longest)
    for _ in 0..<200 {
      let root = self.root()
      let next = root > low && root <= high ? root : 0.5 * (low + high)
      if (next - t).magnitude <= 2 * .ulpOfOne * high { return }
      t = next
      path = problem.minimize(at: t)
      if excess < 0 { low = max(low, t) } else { high = min(high, t) }
    }
  }

  /// Where the constraint is met on the present piece of the path; not finite where it never is.
  private func root() -> Double {
    let slopes = path.members.map { slope[$0] }
    return (target - dot(path.offset, slopes)) / (1 + dot(path.rate, slopes))
  }
}
