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

/// Returns each row's mean rank: its rank among the rows, from 1 for the best, averaged over the metrics.
///
/// Tied values (see ``Meaning/areTied(_:_:size:)``) share the mean of their ranks.
///
/// - Parameters:
///   - rows: One row of M metrics for each method.
///   - higherIsBetter: Each metric's direction.
/// - Complexity: O(M·N²) for N rows.
public func meanRanks(_ rows: [[Double]], higherIsBetter: [Bool]) -> [Double] {
  rows.map { row in
    let ranks = row.indices.map { j in
      let equal = rows.count { Meaning.areTied($0[j], row[j]) }
      let better = rows.count {
        !Meaning.areTied($0[j], row[j]) && (higherIsBetter[j] ? $0[j] > row[j] : $0[j] < row[j])
      }
      return Double(better) + Double(equal + 1) / 2
    }
    return ranks.reduce(0, +) / Double(ranks.count)
  }
}
