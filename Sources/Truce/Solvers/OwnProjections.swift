/// The projections of each task's own gradient on the dual cone of all, one after the other.
///
/// `gₖ` times a factor is projected on `{d : gᵢ · d ≥ 0}` for every `k`: K problems that differ in their linear term only.
/// Where few gradients must be added, a problem is solved by these, as in ``DualConeProjection``. Where most of
/// them must, it is solved from the other side, by the few products `gᵢ · d` that stay above zero; for that the
/// cosines are inverted once for all tasks.
///
/// - Note: Each problem begins with no members. To begin with those of the task before was tried and takes longer: unrelated
///   gradients share few members, and where all share most of them a few solves find these from nothing, since all tasks on
///   the wrong side change it at once (``ProjectionQuadratic``). Beginning elsewhere costs one solve more, of a set that is then
///   changed.
struct OwnProjections {
  private let unit: UnitGramian
  private let factors: [Double]
  /// The number of tasks whose gradients the last projection added.
  private var lastCount = 0
  private lazy var products = ProductQuadratic(cosines: unit.cosines)

  /// From so many tasks on, the inverse pays.
  private static let manyTasks = 8

  /// - Parameters:
  ///   - unit: The tasks with a gradient.
  ///   - factors: For each of these, what its gradient is multiplied by.
  init(_ unit: UnitGramian, factors: [Double]) {
    self.unit = unit
    self.factors = factors
  }

  /// Projects the gradient of the task in a row of the cosines.
  ///
  /// - Returns: What is added to each of the tasks with a gradient, in units of its own length, and how well the
  ///   conditions hold.
  mutating func projection(of row: Int) -> ConeAdditions {
    let share = factors[row] * unit.lengths[row]
    let found = fromProducts(row, share) ?? plain(row, share)
    lastCount = found.values.count { $0 > 0 }
    return found
  }

  private mutating func fromProducts(_ row: Int, _ share: Double) -> ConeAdditions? {
    guard unit.count >= Self.manyTasks, 2 * lastCount > unit.count else { return nil }
    return products?.additions(to: share, of: row)
  }

  private func plain(_ row: Int, _ share: Double) -> ConeAdditions {
    var start = [Double](repeating: 0, count: unit.count)
    start[row] = share
    var problem = ProjectionQuadratic(cosines: unit.cosines, start: start)
    problem.minimize()
    return ConeAdditions(values: problem.additions, residual: problem.residual)
  }
}

/// What a projection on the dual cone adds to each unit gradient, none of it negative.
struct ConeAdditions {
  let values: [Double]
  /// The largest relative violation of the optimality conditions.
  let residual: Double
}
