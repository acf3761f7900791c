/// Returns Δm, the mean relative change of the metrics against a baseline, in percent; lower is better.
///
/// `Δm = (100/M) Σⱼ (−1)^{lⱼ} (Mⱼ − Bⱼ)/|Bⱼ|` with `lⱼ = 1` where higher is better, over all metrics of all
/// tasks, so a task with more metrics counts more.
///
/// - Parameters:
///   - values: The M metrics.
///   - baseline: The same metrics of the baseline, usually one network a task.
///   - higherIsBetter: Each metric's direction.
/// - Returns: The change in percent; not a number where there are no metrics, not finite where a baseline is zero.
/// - Precondition: The three arrays have the same length.
/// - Note: The source divides by `Bⱼ`, which is the same for the positive metrics it has in mind; with a loss below zero a
///   worse value would count as a better one.
/// - Source: K.-K. Maninis et al., "Attentive Single-Tasking of Multiple Tasks", CVPR 2019, in the form of
///   B. Liu et al., "Conflict-Averse Gradient Descent for Multi-task Learning", NeurIPS 2021.
public func deltaM(_ values: [Double], baseline: [Double], higherIsBetter: [Bool]) -> Double {
  precondition(values.count == baseline.count && values.count == higherIsBetter.count)
  let changes = values.indices.map { j in
    (higherIsBetter[j] ? -1 : 1) * (values[j] - baseline[j]) / baseline[j].magnitude
  }
  return 100 * changes.reduce(0, +) / Double(changes.count)
}

/// Returns Δm with each task counting the same: the mean over the tasks of Δm over the metrics of each.
///
/// It can differ from the mean over all metrics in sign, where one task has most of them: CAGrad's published row for
/// NYUv2, with five metrics of normals out of nine, is +0.19 by metrics and -4.33 by tasks. LibMTL reports the same
/// number as a share and with the other sign.
///
/// - Parameters:
///   - values: The M metrics, those of a task together.
///   - baseline: The same metrics of the baseline.
///   - higherIsBetter: Each metric's direction.
///   - metricCounts: The number of metrics of each task, in order.
/// - Returns: The change in percent; not a number where there are no tasks or one has no metric.
/// - Precondition: The three arrays have the same length, to which the counts add up.
public func taskLevelDeltaM(
  _ values: [Double], baseline: [Double], higherIsBetter: [Bool], metricCounts: [Int]
) -> Double {
  precondition(metricCounts.reduce(0, +) == values.count)
  var start = 0
  let changes = metricCounts.map { count in
    let range = start..<(start + count)
    start += count
    return deltaM(
      Array(values[range]), baseline: Array(baseline[range]), higherIsBetter: Array(higherIsBetter[range]))
  }
  return changes.reduce(0, +) / Double(changes.count)
}

/// Returns Δm of measured metrics against a baseline's metrics of the same tasks and names.
///
/// - Returns: The change in percent (see ``deltaM(_:baseline:higherIsBetter:)``); nil where a metric has no
///   counterpart, where there is none at all, and where a baseline is zero, so that no change is relative to it.
public func deltaM(_ values: [MetricValue], baseline: [MetricValue]) -> Double? {
  let partners = values.compactMap { value in
    baseline.first { $0.task == value.task && $0.name == value.name }
  }
  guard partners.count == values.count, !values.isEmpty else { return nil }
  guard zip(values, partners).allSatisfy({ Meaning.isDenominator($1.value, among: [$0.value]) }) else {
    return nil
  }
  let change = deltaM(
    values.map(\.value), baseline: partners.map(\.value), higherIsBetter: values.map(\.higherIsBetter))
  return change.isFinite ? change : nil
}

/// What rank tied values get.
public enum TiedRanks: String, Codable, Sendable {
  /// They share the mean of their places: 1.5, 1.5, 3.
  case average
  /// They share the best place: 1, 1, 3.
  case competition
}

/// Returns each row's rank for each metric, from 1 for the best; the values of `ties` decide between equals
/// (see ``Meaning/areTied(_:_:size:)``).
///
/// - Parameters:
///   - rows: One row of M metrics for each method.
///   - higherIsBetter: Each metric's direction.
///   - ties: What rank tied values get.
/// - Complexity: O(M·N²) for N rows.
public func metricRanks(
  _ rows: [[Double]], higherIsBetter: [Bool], ties: TiedRanks = .average
) -> [[Double]] {
  rows.map { row in
    row.indices.map { j in
      let equal = rows.count { Meaning.areTied($0[j], row[j]) }
      let better = rows.count {
        !Meaning.areTied($0[j], row[j]) && (higherIsBetter[j] ? $0[j] > row[j] : $0[j] < row[j])
      }
      return Double(better) + (ties == .average ? Double(equal + 1) / 2 : 1)
    }
  }
}

/// Returns each row's mean rank: its rank among the rows, from 1 for the best, averaged over the metrics.
///
/// - Parameters:
///   - rows: One row of M metrics for each method.
///   - higherIsBetter: Each metric's direction.
///   - ties: What rank tied values (see ``Meaning/areTied(_:_:size:)``) get.
/// - Complexity: O(M·N²) for N rows.
public func meanRanks(
  _ rows: [[Double]], higherIsBetter: [Bool], ties: TiedRanks = .average
) -> [Double] {
  metricRanks(rows, higherIsBetter: higherIsBetter, ties: ties).map {
    $0.reduce(0, +) / Double($0.count)
  }
}
