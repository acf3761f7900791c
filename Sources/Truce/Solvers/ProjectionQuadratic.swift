/// Minimises `½ (u + x)ᵀC (u + x) − hᵀx` over `x ≥ 0`, where `C` holds cosines.
///
/// `d = Σ (uᵢ + xᵢ) gᵢ / |gᵢ|` is then the nearest vector to `Σ uᵢ gᵢ / |gᵢ|` with `gᵢ · d / |gᵢ| ≥ hᵢ`,
/// and `x` holds the multipliers. A demand of minus infinity asks nothing of a task.
///
/// Lawson and Hanson's active set. A gradient that depends on those inside cannot enter beside them; where
/// its demand is not met all the same, it takes the place of the first member that it drives to zero, and
/// where it drives none the demands contradict each other.
///
/// - Source: C. Lawson and R. Hanson, "Solving Least Squares Problems", 1974, chapter 23; for dependent
///   gradients D. Goldfarb and A. Idnani, "A numerically stable dual method for solving strictly convex
///   quadratic programs", Mathematical Programming 27, 1983.
struct ProjectionQuadratic {
  private var active: ActiveFactor
  private let start: [Double]
  private let demands: [Double]
  /// The multipliers `x`.
  private(set) var additions: [Double]
  /// Whether some vector meets all demands.
  private(set) var isFeasible = true

  private static let entryTolerance = 1e-13

  init(cosines: RowMatrix, start: [Double], demands: [Double]? = nil) {
    self.active = ActiveFactor(cosines: cosines)
    self.start = start
    self.demands = demands ?? start.map { _ in 0 }
    self.additions = start.map { _ in 0 }
  }

  /// The tasks with a multiplier, in the order in which they entered.
  var members: [Int] { active.members }

  /// Solves `C x = values` over the members.
  func solved(_ values: [Double]) -> [Double] { active.solved(values) }

  private var combination: [Double] { zip(start, additions).map { $0 + $1 } }

  private var reach: Double {
    let demanded = demands.reduce(0) { max($0, $1.isFinite ? $1.magnitude : 0) }
    return combination.reduce(demanded) { $0 + $1.magnitude }
  }

  mutating func minimize() {
    begin()
    var refused = [Bool](repeating: false, count: start.count)
    for _ in 0..<(10 * start.count + 100) where isFeasible {
      guard let newest = enterWorst(refused: &refused) else { return }
      settle()
      if additions[newest] > 0 { refused = refused.map { _ in false } } else { refused[newest] = true }
    }
  }

  /// Finds a set of tasks to begin with.
  ///
  /// All tasks that are on the wrong side change it at once, for as long as that makes them fewer. Most of
  /// the final set is found in a few solves that way instead of task by task. Whatever set is left then
  /// loses those with a negative multiplier, until none has one.
  ///
  /// - Source: J. Júdice and F. Pires, "A block principal pivoting algorithm for large-scale strictly
  ///   monotone linear complementarity problems", Computers & Operations Research 21, 1994.
  private mutating func begin() {
    let products = active.cosines.applied(to: start)
    var fewest = start.count + 1
    var chances = 3
    while chances > 0 {
      let leaving = active.members.filter { additions[$0] <= 0 }
      let entering = missed(by: Self.entryTolerance * reach)
      let wrong = leaving.count + entering.count
      if wrong == 0 { return }
      chances = wrong < fewest ? 3 : chances - 1
      fewest = min(fewest, wrong)
      if chances > 0 { take(active.members.filter { additions[$0] > 0 } + entering, products: products) }
    }
    dropNegative(products: products)
  }

  /// The tasks outside whose demand is missed by more than a limit.
  private func missed(by limit: Double) -> [Int] {
    var gaps = zip(demands, active.cosines.applied(to: combination)).map { $0 - $1 }
    for member in active.members { gaps[member] = 0 }
    return gaps.indices.filter { gaps[$0] > limit }
  }

  /// Takes the tasks with a multiplier that is not positive out until there are none.
  private mutating func dropNegative(products: [Double]) {
    while true {
      let positive = active.members.filter { additions[$0] > 0 }
      if positive.count == active.members.count { return }
      take(positive, products: products)
    }
  }

  /// Makes these tasks the members and sets their multipliers to the minimiser, whatever its signs.
  private mutating func take(_ tasks: [Int], products: [Double]) {
    active.replaceMembers(by: tasks)
    for task in additions.indices { additions[task] = 0 }
    let multipliers = active.solved(active.members.map { demands[$0] - products[$0] })
    for (task, multiplier) in zip(active.members, multipliers) { additions[task] = multiplier }
  }

  /// Lets in the task whose demand is missed most, or returns nil where none is missed by more than rounding.
  private mutating func enterWorst(refused: inout [Bool]) -> Int? {
    let limit = Self.entryTolerance * reach
    var gaps = zip(demands, active.cosines.applied(to: combination)).map { $0 - $1 }
    for member in active.members { gaps[member] = 0 }
    while true {
      var worst: Int?
      for task in gaps.indices where !refused[task] && gaps[task] > limit {
        if worst.map({ gaps[task] > gaps[$0] }) ?? true { worst = task }
      }
      guard let worst else { return nil }
      if active.insert(worst) { return worst }
      if gaps[worst] > 1e-9 * reach { return exchange(worst) }
      refused[worst] = true
    }
  }

  /// Lets a dependent gradient take a member's place: `x` moves along the dependence until the member is at
  /// zero.
  private mutating func exchange(_ task: Int) -> Int? {
    let members = active.members
    let shares = active.solved(members.map { active.cosines[task, $0] })
    var leaving: (length: Double, position: Int)?
    for (position, share) in shares.enumerated() where share > 1e-12 {
      let length = additions[members[position]] / share
      if leaving.map({ length < $0.length }) ?? true { leaving = (length, position) }
    }
    guard let leaving else {
      isFeasible = false
      return nil
    }
    for (member, share) in zip(members, shares) {
      additions[member] = max(additions[member] - leaving.length * share, 0)
    }
    additions[task] += leaving.length
    additions[members[leaving.position]] = 0
    active.remove(at: leaving.position)
    return active.insert(task) ? task : nil
  }

  /// Moves to the minimiser over the members, dropping those that would fall below zero on the way.
  private mutating func settle() {
    while !active.members.isEmpty {
      let members = active.members
      let goals = active.solved(members.map { demands[$0] - active.cosines.row($0, dot: start) })
      guard let stop = firstStop(towards: goals) else {
        for (task, goal) in zip(members, goals) { additions[task] = goal }
        return
      }
      for (task, goal) in zip(members, goals) {
        additions[task] = max(additions[task] + stop.length * (goal - additions[task]), 0)
      }
      additions[members[stop.position]] = 0
      active.remove(at: stop.position)
    }
  }

  private func firstStop(towards goals: [Double]) -> (length: Double, position: Int)? {
    var stop: (length: Double, position: Int)?
    for (position, goal) in goals.enumerated() where goal <= 0 {
      let current = additions[active.members[position]]
      let length = current <= 0 ? 0 : current / (current - goal)
      if stop.map({ length < $0.length }) ?? true { stop = (length, position) }
    }
    return stop
  }

  /// The largest relative violation of the optimality conditions.
  var residual: Double {
    let products = active.cosines.applied(to: combination)
    return Self.residual(additions, gaps: zip(demands, products).map { $0 - $1 }, reach: reach)
  }

  /// The largest relative violation where the products miss the demands by `gaps`: none may be positive, and none other
  /// than zero where there is a multiplier.
  static func residual(_ additions: [Double], gaps: [Double], reach: Double) -> Double {
    zip(additions, gaps).reduce(0) { worst, each in
      let violation = each.0 > 0 ? each.1.magnitude : each.1
      return max(worst, SolverAccuracy.relative(violation, length: 1, reach: reach))
    }
  }
}
