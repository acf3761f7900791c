import Foundation
import TruceRun

/// The single-task runs of one task, as one: their mean, since they differ in nothing but the seed.
struct Baseline {
  /// The task.
  let task: TaskRecord
  /// Values by `MetricKey`, averaged.
  let values: [String: Double]
  /// Seconds a step, averaged.
  let secondsPerStep: Double?
  /// The folders of two runs that differ in more than the seed; nil where none do.
  let differing: (String, String)?

  /// Averages runs of one task.
  ///
  /// - Parameter measured: The values of a run that count.
  init(_ records: [RunRecord], of task: TaskRecord, values measured: (RunRecord) -> [String: Double]) {
    self.task = task
    differing = Self.difference(records)
    let ended = differing == nil ? records.filter { $0.summary != nil } : []
    secondsPerStep = Self.mean(ended.compactMap { $0.summary?.secondsPerStep })
    var columns: [String: [Double]] = [:]
    for (key, value) in ended.flatMap(measured) { columns[key, default: []].append(value) }
    // What only some of the runs have measured is no mean of them all.
    values = columns.compactMapValues { $0.count == ended.count ? Self.mean($0) : nil }
  }

  private static func difference(_ records: [RunRecord]) -> (String, String)? {
    guard let first = records.first else { return nil }
    let other = records.first { $0.configuration.withoutSeed != first.configuration.withoutSeed }
    return other.map { (first.directory.url.relativePath, $0.directory.url.relativePath) }
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.sorted().reduce(0, +) / Double(values.count)
  }
}

extension RunConfiguration {
  /// What decides a run's result but chance.
  fileprivate var withoutSeed: RunConfiguration {
    var other = self
    (other.seed, other.device, other.threads) = (0, "auto", 0)
    (other.logEvery, other.checkpointEvery, other.checkpointEverySteps) = (1, 1, nil)
    (other.tensorBoard, other.updatesEvery) = (false, nil)
    return other
  }
}
