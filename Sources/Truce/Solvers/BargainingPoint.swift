import RealModule

/// The positive weights with `gᵢ · d = kᵢ wᵢ^(-p)`, where `d = Σ wⱼ gⱼ`.
///
/// The common equation of the bargaining and fairness methods: `p = 1` is Nash's solution, `p = 1/α`
/// α-fairness. It is where the strictly convex function `½ |d|² − Σ kᵢ wᵢ^(1−p) / (1−p)` (a logarithm for
/// `p = 1`) is least, and is found by damped Newton steps on the relative changes of the weights, whose
/// matrix stays well scaled however long the gradients are.
///
/// Degenerate inputs have these answers:
/// - A task with a zero gradient cannot bargain: its weight is 0 and the others solve the equation among
///   themselves.
/// - At a Pareto-stationary point no weights satisfy the equation, as no `d` helps all tasks: all weights
///   are 0.
///
/// - Source: A. Navon et al., "Multi-Task Learning as a Bargaining Game", ICML 2022, arXiv 2202.01017,
///   equation 3; H. Ban and K. Ji, "Fair Resource Allocation in Multi-Task Learning", ICML 2024, arXiv
///   2402.15638, equation 5.
public struct BargainingPoint: Equatable, Sendable {
  /// The weights.
  public let weights: [Double]
  /// Whether no direction improves all tasks, up to rounding, so that all weights are 0.
  public let isStationary: Bool
  /// The largest mismatch of the two sides of the equation, relative to the largest value they could have.
  public let residual: Double

  /// Solves the equation.
  ///
  /// - Parameters:
  ///   - gramian: The Gramian of the task gradients.
  ///   - demands: The positive numbers `kᵢ`.
  ///   - exponent: The positive number `p`.
  /// - Complexity: O(K³) for each of about ten Newton steps.
  public init(of gramian: Gramian, demands: [Double], exponent: Double) {
    let tasks = (0..<gramian.taskCount).filter { gramian[$0, $0] >= .leastNormalMagnitude }
    var weights = [Double](repeating: 0, count: gramian.taskCount)
    guard !tasks.isEmpty else {
      self.init(weights: weights, isStationary: true, residual: 0)
      return
    }
    var problem = BargainingProblem(
      gramian: gramian.restricted(to: tasks), demands: tasks.map { demands[$0] }, exponent: exponent)
    problem.solve()
    if problem.isStationary {
      self.init(weights: weights, isStationary: true, residual: 0)
    } else {
      for (task, weight) in zip(tasks, problem.weights) { weights[task] = weight }
      self.init(weights: weights, isStationary: false, residual: problem.residual)
    }
  }

  private init(weights: [Double], isStationary: Bool, residual: Double) {
    self.weights = weights
    self.isStationary = isStationary
    self.residual = residual
  }
}

/// The equation in weights relative to those of each task alone, `wᵢ = sᵢ yᵢ` with `|gᵢ|² sᵢ = kᵢ sᵢ^(-p)`.
private struct BargainingProblem {
  private let exponent: Double
  /// The weight of each task alone.
  private let scales: [Double]
  /// `sᵢ (gᵢ · gⱼ) sⱼ`, relative to the largest entry.
  private let matrix: RowMatrix
  private var point: [Double]
  private var product: [Double]

  init(gramian: Gramian, demands: [Double], exponent: Double) {
    self.exponent = exponent
    scales = zip(demands, gramian.diagonal).map { Double.pow($0 / $1, 1 / (1 + exponent)) }
    let scaled = gramian.scaled(by: scales)
    let largest = scaled.diagonal.max() ?? 1
    matrix = RowMatrix(count: scales.count, elements: scaled.elements.map { $0 / largest })
    point = scales.map { _ in 1 }
    product = matrix.applied(to: point)
    begin()
  }

  /// Takes the best of all points in the direction of the weights of each task alone.
  private mutating func begin() {
    let length = dot(point, product)
    guard length > 0 else { return }
    let demanded = matrix.diagonal.reduce(0, +)
    let factor = Double.pow(demanded / length, 1 / (1 + exponent))
    point = point.map { $0 * factor }
    product = product.map { $0 * factor }
  }

  /// Whether the combination vanishes up to rounding, so that its weights show the hull to hold the origin.
  var isStationary: Bool {
    var reach = 0.0
    for i in point.indices { reach += point[i] * Double.sqrt(matrix[i, i]) }
    return dot(point, product) <= SolverAccuracy.negligibleShare(taskCount: point.count) * reach * reach
  }

  var weights: [Double] { zip(scales, point).map { $0 * $1 } }

  mutating func solve() {
    var best = (residual: residual, point: point, product: product)
    var stalls = 0
    for _ in 0..<300 where stalls < 3 && best.residual > 0 {
      if isStationary { return }
      guard let change = newtonChange() else { break }
      move(by: change)
      let residual = residual
      // Once quadratic convergence has reached rounding, further steps only shuffle digits.
      stalls = residual < 0.5 * best.residual ? 0 : (best.residual < 1e-9 ? stalls + 1 : 0)
      if residual < best.residual { best = (residual, point, product) }
    }
    (point, product) = (best.point, best.product)
  }

  /// What task `i` asks for, times its weight.
  private func demand(_ i: Int, at weight: Double) -> Double {
    matrix[i, i] * (exponent == 1 ? 1 : Double.pow(weight, 1 - exponent))
  }

  /// The relative change `δ` of a Newton step: `(Y A Y + p diag(m y^(1−p))) δ = m y^(1−p) − y ∘ A y`.
  private func newtonChange() -> [Double]? {
    var factor = GrowingCholesky(capacity: point.count)
    var rightHandSide = point
    for i in point.indices {
      let demand = demand(i, at: point[i])
      let weight = point[i]
      let diagonal = weight * matrix[i, i] * weight + exponent * demand
      guard factor.append(diagonal: diagonal, cross: { weight * matrix[i, $0] * point[$0] }) else {
        return nil
      }
      rightHandSide[i] = demand - point[i] * product[i]
    }
    return factor.solved(rightHandSide)
  }

  /// Takes the step, shortened far from the solution so that weights stay positive and the function falls.
  private mutating func move(by change: [Double]) {
    let largest = change.reduce(0) { max($0, $1.magnitude) }
    var length = 1.0
    if largest > 0.1 {
      let fall = change.reduce(0) { min($0, $1) }
      if fall < -0.9 { length = 0.9 / -fall }
      let step = zip(change, point).map { $0 * $1 }
      let stepProduct = matrix.applied(to: step)
      let slope = slope(along: change)
      for _ in 0..<40 where !falls(by: length, change, step, stepProduct, slope: slope) { length /= 2 }
    }
    for i in point.indices { point[i] *= 1 + length * change[i] }
    product = matrix.applied(to: point)
  }

  private func slope(along change: [Double]) -> Double {
    point.indices.reduce(0) { $0 + change[$1] * (point[$1] * product[$1] - demand($1, at: point[$1])) }
  }

  /// Whether the function falls by at least a tenth of what its slope promises.
  private func falls(
    by length: Double, _ change: [Double], _ step: [Double], _ stepProduct: [Double], slope: Double
  ) -> Bool {
    var difference = length * dot(step, product) + length * length / 2 * dot(step, stepProduct)
    for i in point.indices {
      let growth = Double.log(onePlus: length * change[i])
      let demand = demand(i, at: point[i])
      let exponent = 1 - exponent
      difference -= demand * (exponent == 0 ? growth : Double.expMinusOne(exponent * growth) / exponent)
    }
    return difference <= 0.1 * length * slope
  }

  /// The largest mismatch, relative to the sum of what is added up and what is asked for.
  var residual: Double {
    var worst = 0.0
    for i in point.indices {
      let demand = demand(i, at: point[i])
      var reach = demand
      for j in point.indices { reach += (point[i] * matrix[i, j] * point[j]).magnitude }
      worst = max(worst, (point[i] * product[i] - demand).magnitude / reach)
    }
    return worst.isNaN ? .infinity : worst
  }
}
