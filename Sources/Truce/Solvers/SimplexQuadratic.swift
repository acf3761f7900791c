/// Minimises `½ yᵀC y + t bᵀy` over `aᵀy = 1, y ≥ 0`, for one `t` after another.
///
/// `C` holds cosines and `aᵢ` is the smallest length divided by length `i`, so that `y` is a point of the
/// simplex in units of each task's own length. With `t = 0` the minimiser is the min-norm point of
/// the hull of the gradients; with `bᵢ` the cosine to a vector `g₀` it is the nearest point of the
/// hull to `-t g₀`.
///
/// The method is Wolfe's: a set of tasks whose gradients are independent, and at most one more that
/// depends on them, which makes the hull of the set contain the foot of the perpendicular.
///
/// - Source: P. Wolfe, "Finding the nearest point in a polytope", Mathematical Programming 11, 1976;
///   C. Lawson and R. Hanson, "Solving Least Squares Problems", 1974, chapter 23.
struct SimplexQuadratic {
  private let mass: [Double]
  private let slope: [Double]
  /// The largest length the vector behind the slope could have had, relative to its length.
  private let slopeReach: Double
  private var active: ActiveFactor
  /// A member that depends on the others.
  private var dependent: Int?
  /// The minimiser.
  private(set) var point: [Double]

  private static let entryTolerance = 1e-13

  init(cosines: RowMatrix, mass: [Double], slope: [Double]? = nil, slopeReach: Double = 0) {
    self.mass = mass
    self.slope = slope ?? mass.map { _ in 0 }
    self.slopeReach = slopeReach
    self.active = ActiveFactor(cosines: cosines)
    self.point = [Double](repeating: 0, count: cosines.count)
  }

  /// Whether the hull of the members contains the point sought itself, so that nothing is left to minimise.
  var isInside: Bool { dependent != nil }

  private var members: [Int] { active.members + (dependent.map { [$0] } ?? []) }

  /// Finds the minimiser for one `t`, starting from the last one.
  ///
  /// - Complexity: O(K³) for a set to begin with, then O(K²) for each task that enters or leaves.
  mutating func minimize(at t: Double) -> SimplexPath {
    begin(at: t)
    var refused = [Bool](repeating: false, count: point.count)
    var newest: Int?
    for _ in 0..<(10 * point.count + 100) {
      let path = self.path()
      let move = move(to: path.point(at: t), members: path.members)
      if let leaving = move.leaving {
        if leaving == newest { refused[leaving] = true }
        remove(leaving)
        continue
      }
      if newest != nil { refused = refused.map { _ in false } }
      newest = enterBest(at: t, multiplier: path.multiplier(at: t), refused: &refused)
      if newest == nil { return path }
    }
    return path()
  }

  /// Finds a set of tasks to begin with, from the last one or at first from all.
  ///
  /// All tasks that are on the wrong side change it at once, for as long as that makes them fewer. Most of
  /// the final set is found in a few solves that way instead of task by task. Whatever set is left then
  /// loses those with a negative weight, until none has one.
  ///
  /// - Source: J. Júdice and F. Pires, "A block principal pivoting algorithm for large-scale strictly
  ///   monotone linear complementarity problems", Computers & Operations Research 21, 1994.
  private mutating func begin(at t: Double) {
    if active.members.isEmpty { active.replaceMembers(by: Array(point.indices)) }
    dependent = nil
    var fewest = point.count + 1
    var chances = 3
    while chances > 0 {
      let path = takePoint(at: t)
      let leaving = active.members.filter { point[$0] <= 0 }
      var gains = self.gains(at: t, multiplier: path.multiplier(at: t))
      for member in active.members { gains[member] = 0 }
      let entering = gains.indices.filter { gains[$0] > 0 }
      let wrong = leaving.count + entering.count
      if wrong == 0 { return }
      chances = wrong < fewest ? 3 : chances - 1
      fewest = min(fewest, wrong)
      if chances > 0 { active.replaceMembers(by: active.members.filter { point[$0] > 0 } + entering) }
    }
    dropNegative(at: t)
  }

  /// Takes the tasks with a weight that is not positive out until there are none.
  private mutating func dropNegative(at t: Double) {
    while true {
      let positive = active.members.filter { point[$0] > 0 }
      if positive.count == active.members.count { return }
      active.replaceMembers(by: positive)
      _ = takePoint(at: t)
    }
  }

  /// Sets the point to the minimiser over the members, whatever its signs.
  private mutating func takePoint(at t: Double) -> SimplexPath {
    let path = self.path()
    for task in point.indices { point[task] = 0 }
    for (task, value) in zip(path.members, path.point(at: t)) { point[task] = value }
    return path
  }

  /// Moves to the target or as far as no entry falls below zero; returns how far and who stopped it.
  private mutating func move(to target: [Double], members: [Int]) -> (length: Double, leaving: Int?) {
    var length = 1.0
    var leaving: Int?
    for (task, goal) in zip(members, target) where goal <= 0 {
      let reach = point[task] <= 0 ? 0 : point[task] / (point[task] - goal)
      if reach < length || leaving == nil { (length, leaving) = (reach, task) }
    }
    for (task, goal) in zip(members, target) {
      point[task] = leaving == nil ? goal : max(point[task] + length * (goal - point[task]), 0)
    }
    if let leaving { point[leaving] = 0 }
    return (length, leaving)
  }

  /// Lets in the task that promises most and returns it, or nil where none promises more than rounding.
  private mutating func enterBest(at t: Double, multiplier: Double, refused: inout [Bool]) -> Int? {
    var gains = self.gains(at: t, multiplier: multiplier)
    for member in members { gains[member] = 0 }
    while true {
      var best: Int?
      for task in gains.indices where gains[task] > 0 && !refused[task] {
        if best.map({ gains[task] > gains[$0] }) ?? true { best = task }
      }
      guard let best else { return nil }
      if enter(best) { return best }
      refused[best] = true
    }
  }

  /// Returns how steeply the objective falls towards each task, or 0 where that is rounding.
  private func gains(at t: Double, multiplier: Double) -> [Double] {
    let reach = point.reduce(t * slopeReach) { $0 + $1.magnitude }
    var gains = active.cosines.applied(to: point)
    for task in gains.indices {
      let pull = multiplier * mass[task]
      let gain = pull - gains[task] - t * slope[task]
      gains[task] = gain > Self.entryTolerance * (pull.magnitude + reach) ? gain : 0
    }
    return gains
  }

  private mutating func enter(_ task: Int) -> Bool {
    if active.insert(task) { return true }
    guard dependent == nil else { return false }
    dependent = task
    return true
  }

  private mutating func remove(_ task: Int) {
    if task == dependent {
      dependent = nil
    } else if let position = active.members.firstIndex(of: task) {
      active.remove(at: position)
      if let last = dependent, active.insert(last) { dependent = nil }
    }
  }

  /// The minimiser over the members, as a function of `t`, whatever its signs.
  private func path() -> SimplexPath {
    let tasks = active.members
    let masses = tasks.map { mass[$0] }
    var response = active.solved(tasks.map { slope[$0] })
    let responseMass = dot(masses, response)
    var direction: [Double]
    var directionMass: Double
    if let dependent {
      direction = active.solved(tasks.map { -active.cosines[dependent, $0] }) + [1]
      directionMass = dot(masses + [mass[dependent]], direction)
      response.append(0)
    } else {
      direction = active.solved(masses)
      directionMass = dot(masses, direction)
    }
    return SimplexPath(
      members: members,
      offset: direction.map { $0 / directionMass },
      rate: zip(direction, response).map { $0 / directionMass * responseMass - $1 },
      multiplierOffset: dependent == nil ? 1 / directionMass : 0,
      multiplierRate: dependent == nil ? responseMass / directionMass : 0)
  }
}

/// The minimiser over a fixed set of tasks as `t` varies: `y(t) = offset + t · rate`.
struct SimplexPath {
  let members: [Int]
  let offset: [Double]
  let rate: [Double]
  fileprivate let multiplierOffset: Double
  fileprivate let multiplierRate: Double

  /// The entries of the members at one `t`.
  func point(at t: Double) -> [Double] {
    zip(offset, rate).map { $0 + t * $1 }
  }

  /// The multiplier of the constraint: `C y + t b = multiplier · a` over the members.
  func multiplier(at t: Double) -> Double { multiplierOffset + t * multiplierRate }
}
