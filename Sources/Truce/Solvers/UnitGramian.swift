import RealModule

/// A Gramian taken apart into lengths and cosines, without the tasks whose gradient is zero.
///
/// The solvers work on cosines: a Gramian of rows with lengths from 10⁻⁶ to 10⁶ spans 24 orders of
/// magnitude, its cosines none.
struct UnitGramian {
  /// The tasks with a gradient, in order; row `i` of the cosines is task `tasks[i]`.
  let tasks: [Int]
  /// The lengths of their gradients.
  let lengths: [Double]
  /// The cosines between them, with ones on the diagonal.
  let cosines: RowMatrix

  /// The number of tasks with a gradient.
  var count: Int { tasks.count }

  /// The row with the shortest gradient.
  var shortest: Int { lengths.indices.min { lengths[$0] < lengths[$1] } ?? 0 }

  init(_ gramian: Gramian) {
    let tasks = (0..<gramian.taskCount).filter { gramian[$0, $0] >= .leastNormalMagnitude }
    let lengths = tasks.map { Double.sqrt(gramian[$0, $0]) }
    var elements = [Double](repeating: 1, count: tasks.count * tasks.count)
    for i in tasks.indices {
      for j in 0..<i {
        let cosine = gramian[tasks[i], tasks[j]] / (lengths[i] * lengths[j])
        elements[i * tasks.count + j] = min(max(cosine, -1), 1)
        elements[j * tasks.count + i] = elements[i * tasks.count + j]
      }
    }
    self.tasks = tasks
    self.lengths = lengths
    self.cosines = RowMatrix(count: tasks.count, elements: elements)
  }

  /// Returns a list over all K tasks from one over the tasks with a gradient, with zeros between.
  func spread(_ values: [Double], taskCount: Int) -> [Double] {
    var all = [Double](repeating: 0, count: taskCount)
    for (task, value) in zip(tasks, values) { all[task] = value }
    return all
  }
}

/// A combination of unit gradients, found for wanted projections on them.
struct UnitCombination {
  /// The share of each unit gradient.
  let shares: [Double]
  /// Whether it has the wanted projections; else it is the one that comes nearest.
  let isExact: Bool
}

extension UnitGramian {
  /// The part of the projections that may be missed by rounding where gradients depend on each other.
  private static let missedShare = 1e-6

  /// Returns the least-norm `y` with `C y = projections`: the combination of unit gradients with these
  /// projections on them.
  ///
  /// Where no combination has them, the one that comes nearest, which says so.
  ///
  /// - Complexity: O(K³), with a larger factor where gradients depend on each other.
  func combination(withProjections projections: [Double]) -> UnitCombination {
    var factor = GrowingCholesky(capacity: count)
    for i in 0..<count {
      guard factor.append(diagonal: 1, cross: { cosines[i, $0] }) else {
        return nearestCombination(to: projections)
      }
    }
    return UnitCombination(shares: factor.solved(projections), isExact: true)
  }

  private func nearestCombination(to projections: [Double]) -> UnitCombination {
    let eigen = SymmetricEigen(cosines)
    let limit = negligible(of: eigen)
    let shares = eigen.applying({ $0 > limit ? 1 / $0 : 0 }, to: projections)
    let missed = eigen.applying({ $0 > limit ? 0 : 1 }, to: projections)
    let allowed = Self.missedShare * Self.missedShare
    return UnitCombination(
      shares: shares, isExact: dot(missed, missed) <= allowed * dot(projections, projections))
  }

  /// Returns the combination of unit gradients that vanishes and is nearest to `shares`; all zeros where gradients do not
  /// depend on each other, or where the nearest one is rounding.
  ///
  /// - Complexity: O(K³).
  func vanishingCombination(nearest shares: [Double]) -> [Double] {
    let eigen = SymmetricEigen(cosines)
    let limit = negligible(of: eigen)
    let nearest = eigen.applying({ $0 > limit ? 0 : 1 }, to: shares)
    let share = SolverAccuracy.negligibleShare(taskCount: count)
    return dot(nearest, nearest) > share * share * dot(shares, shares) ? nearest : shares.map { _ in 0 }
  }

  /// The size below which an eigenvalue of the cosines is rounding; what the factor refuses, this refuses too.
  private func negligible(of eigen: SymmetricEigen) -> Double {
    max(eigen.negligible, Double(count) * GrowingCholesky.pivotTolerance)
  }
}
