import TruceRun

/// The metrics of a table by their tasks.
struct TaskGroups {
  private let order: [Int]
  private let counts: [Int]
  private let higherIsBetter: [Bool]

  /// Groups metrics by their tasks, in the order in which tasks appear.
  init(_ metrics: [ResultMetric]) {
    var tasks: [String] = []
    for metric in metrics where !tasks.contains(metric.task) { tasks.append(metric.task) }
    let groups = tasks.map { task in metrics.indices.filter { metrics[$0].task == task } }
    order = groups.flatMap { $0 }
    counts = groups.map(\.count)
    higherIsBetter = order.map { metrics[$0].higherIsBetter }
  }

  /// Whether Δm by tasks says something else than Δm by metrics: there are several tasks, and not all have as many metrics.
  var matters: Bool { Set(counts).count > 1 }

  /// Δm by tasks, in percent; lower is better.
  func deltaM(_ values: [Double], baseline: [Double]) -> Double {
    taskLevelDeltaM(
      order.map { values[$0] }, baseline: order.map { baseline[$0] }, higherIsBetter: higherIsBetter,
      metricCounts: counts)
  }
}
