import TruceRun

/// Which runs no other run dominates.
///
/// A run dominates another if it is at least as good in all metrics and better in one, by more than rounding
/// (`Meaning.areTied(_:_:size:)`). Runs with equal metrics do not dominate each other. All runs of a problem are pooled: every method, optimizer, learning rate and seed.
///
/// Source: Section 3.3 and Table 2 of Elich et al., arXiv 2311.04698.
public struct ParetoFront: Sendable {
  /// For each run of ``StudyResults/runs``, the positions of the runs that dominate it; empty for Pareto-optimal runs.
  public let dominators: [[Int]]

  /// Compares rows of metrics with each other.
  ///
  /// - Complexity: O(N²·M) for N rows of M metrics.
  public init(_ rows: [[Double]], higherIsBetter: [Bool]) {
    dominators = rows.map { row in
      rows.indices.filter { Self.dominates(rows[$0], row, higherIsBetter: higherIsBetter) }
    }
  }

  /// Whether one row is at least as good as another everywhere and better somewhere.
  public static func dominates(_ a: [Double], _ b: [Double], higherIsBetter: [Bool]) -> Bool {
    var isBetterSomewhere = false
    for j in a.indices where !Meaning.areTied(a[j], b[j]) {
      // A value that is not a number is better than nothing, and nothing is better than it.
      guard higherIsBetter[j] ? a[j] > b[j] : a[j] < b[j] else { return false }
      isBetterSomewhere = true
    }
    return isBetterSomewhere
  }

  /// Whether no run dominates the run at a position.
  public func isOptimal(_ run: Int) -> Bool { dominators[run].isEmpty }

  /// The positions of the Pareto-optimal runs.
  public var optimal: [Int] { dominators.indices.filter(isOptimal) }

  /// The runs of a group that no run of another group dominates.
  ///
  /// - Parameters:
  ///   - group: The group, such as an optimizer.
  ///   - other: The group against which it is held.
  ///   - groups: The group of each run.
  public func optimal(_ group: String, against other: String, groups: [String]) -> [Int] {
    dominators.indices.filter { run in
      groups[run] == group && !dominators[run].contains { groups[$0] == other }
    }
  }
}

/// How many Pareto-optimal runs each optimizer and method has.
public struct ParetoCount: Sendable {
  /// An optimizer's counts.
  public struct Row: Sendable {
    /// The optimizer.
    public let optimizer: String
    /// All its runs.
    public let runs: Int
    /// Its runs that no run of the pool dominates.
    public let fullPool: Int
    /// By another optimizer, its runs that no run of that one dominates.
    public let against: [String: Int]
    /// By method, its runs that no run of the pool dominates.
    public let fullPoolByMethod: [String: Int]
  }

  /// One row for each optimizer.
  public let rows: [Row]
}

extension StudyResults {
  /// The Pareto front of all finished runs, by position in ``runs``.
  public func paretoFront() -> ParetoFront {
    ParetoFront(runs.map(\.values), higherIsBetter: higherIsBetter)
  }

  /// Counts Pareto-optimal runs in the full pool and against each other optimizer.
  public func paretoCount() -> ParetoCount {
    let front = paretoFront()
    let groups = runs.map(\.variant.optimizer)
    let rows = optimizers.map { optimizer in
      let optimal = front.optimal.filter { groups[$0] == optimizer }
      let others = optimizers.filter { $0 != optimizer }.map { other in
        (other, front.optimal(optimizer, against: other, groups: groups).count)
      }
      return ParetoCount.Row(
        optimizer: optimizer, runs: groups.count { $0 == optimizer }, fullPool: optimal.count,
        against: Dictionary(uniqueKeysWithValues: others),
        fullPoolByMethod: Dictionary(grouping: optimal) { runs[$0].variant.method }.mapValues(\.count))
    }
    return ParetoCount(rows: rows)
  }
}
