/// Projects multiples of single gradients on the dual cone by the products that stay above zero.
///
/// For `u = λ eₖ` over unit gradients with cosines `C`, the projection `u + x` and its products `w = C (u + x)` with the
/// gradients have `x ≥ 0`, `w ≥ 0` and `xᵀw = 0`. With `H = (C + ε)⁻¹` and `b = H C u = u − ε H u` that is, for
/// `ε = 0`, the minimiser of `½ wᵀH w − bᵀw` over `w ≥ 0`, whose slopes `H w − b` are `x`: a problem with a variable for each
/// task that needs no addition, solved by the same active set. A small `ε` makes it one where gradients depend on each other
/// too; once the set is known, `C` itself corrects what `ε` and the rounding of `H` have changed.
struct ProductQuadratic {
  private let cosines: RowMatrix
  /// `H` with rows and columns scaled to ones on the diagonal.
  private let inverse: RowMatrix
  /// The roots of the diagonal of `H`.
  private let roots: [Double]

  /// What is added to the diagonal of the cosines.
  private static let shift = 1e-8
  /// A residual that no correction makes smaller, but for rounding.
  private static let bestGoal = 1e-15
  /// What is not as good as this after all corrections is left to the plain solver.
  private static let goal = 1e-13
  private static let mostCorrections = 3

  /// Inverts the cosines; nil where they have no inverse even with `ε`.
  ///
  /// - Complexity: O(K³).
  init?(cosines: RowMatrix) {
    self.cosines = cosines
    guard let inverse = Self.inverse(of: cosines) else { return nil }
    let roots = inverse.diagonal.map { $0.squareRoot() }
    self.roots = roots
    self.inverse = inverse.scaled(by: roots.map { 1 / $0 })
  }

  private static func inverse(of cosines: RowMatrix) -> RowMatrix? {
    let count = cosines.count
    let scale = 1 / (1 + shift)
    var triangle = cosines.upperTriangle(of: Array(0..<count)).map { $0 * scale }
    for task in 0..<count { triangle[task * count + task] = 1 }
    var factor = GrowingCholesky(capacity: count)
    guard factor.replaceRows(by: &triangle, count: count).count == count else { return nil }
    var elements = [Double](repeating: 0, count: count * count)
    var column = [Double](repeating: 0, count: count)
    for i in 0..<count {
      column[i] = scale
      let solved = factor.solved(column)
      column[i] = 0
      for j in i..<count {
        elements[i * count + j] = solved[j]
        elements[j * count + i] = solved[j]
      }
    }
    return RowMatrix(count: count, elements: elements)
  }

  /// Returns what is to be added to `share` times one unit gradient; nil where it is not found well enough.
  ///
  /// - Complexity: O(K²), and O(n²) more for each of the n products above zero.
  func additions(to share: Double, of row: Int) -> ConeAdditions? {
    let slope = slope(of: share, row)
    var problem = ProjectionQuadratic(
      cosines: inverse, start: slope.map { _ in 0 }, demands: slope)
    problem.minimize()
    let steps = zip(inverse.applied(to: problem.additions), slope).map { $0 - $1 }
    var values = [Double](repeating: 0, count: slope.count)
    advance(&values, by: steps, without: problem.members)
    for round in 0...Self.mostCorrections {
      var combination = values
      combination[row] += share
      let products = cosines.applied(to: combination)
      let residual = ProjectionQuadratic.residual(
        values, gaps: products.map { -$0 }, reach: combination.reduce(0, +))
      let isLast = round == Self.mostCorrections
      if residual <= (isLast ? Self.goal : Self.bestGoal) {
        return ConeAdditions(values: values, residual: residual)
      }
      if !isLast { correct(&values, products: products, of: problem) }
    }
    return nil
  }

  /// `b` in units of the roots.
  private func slope(of share: Double, _ row: Int) -> [Double] {
    var slope = inverse.row(row).map { $0 * -Self.shift * share * roots[row] }
    slope[row] += share / roots[row]
    return slope
  }

  /// Takes the products of those that are added to zero.
  private func correct(_ values: inout [Double], products: [Double], of problem: ProjectionQuadratic) {
    var missed = zip(products, roots).map { $0 * $1 }
    for member in problem.members { missed[member] = 0 }
    let pull = inverse.applied(to: missed)
    var answer = [Double](repeating: 0, count: pull.count)
    for (member, value) in zip(problem.members, problem.solved(problem.members.map { pull[$0] })) {
      answer[member] = value
    }
    let steps = zip(inverse.applied(to: answer), pull).map { $0 - $1 }
    advance(&values, by: steps, without: problem.members)
  }

  /// Moves the additions by steps in units of the roots; the members have none, and none is negative.
  private func advance(_ values: inout [Double], by steps: [Double], without members: [Int]) {
    for task in values.indices { values[task] = max(values[task] + roots[task] * steps[task], 0) }
    for member in members { values[member] = 0 }
  }
}
