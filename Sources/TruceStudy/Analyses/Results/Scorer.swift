import Truce
public import TruceRun

/// A single-task network's metrics: what a task reaches alone.
public struct TaskBaseline: Sendable, Equatable {
  /// The task.
  public let task: String
  /// The metrics at the best configuration, means over seeds.
  public let values: [MetricValue]
  /// The optimizer of the best configuration.
  public let optimizer: String
  /// The learning rate of the best configuration.
  public let learningRate: Double
  /// The number of seeds.
  public let seedCount: Int
  /// The folder of the run with the lowest seed.
  public let firstRun: RunDirectory
}

/// Turns records into scores: finds the metrics, the baselines and each run's values.
///
/// The score of a run is Δm against the single-task baselines. Where there are none, or one of their metrics is zero,
/// choices are made by the same formula against the median over all runs, and no Δm is reported.
struct Scorer {
  let columns: [MetricColumn]
  let baselines: [TaskBaseline]
  private let rule: ReportingRule
  private let split: String
  private let selectionSplit: String
  private let selectionReference: ScoreReference
  /// For each task the median of the runs of it alone, on the split of selection.
  private let aloneReferences: [String: ScoreReference]
  private let reportedReference: [MetricValue]
  /// The metrics of the baselines that nothing can be relative to, since they are zero.
  let zeroBaselines: [MetricValue]
  /// The metrics of the median run for which the same holds.
  var zeroMedians: [MetricValue] { reportedReference.isEmpty ? selectionReference.zeros : [] }

  init(records: [RunRecord], rule: ReportingRule, split: String, selectionSplit: String) {
    let trials = records.filter { !$0.isBaseline }
    let alone = records.filter { $0.isBaseline && $0.isFinished }
    self.rule = rule
    self.split = split
    self.selectionSplit = selectionSplit
    columns = Self.columns(of: trials)

    let chosen = Self.bestBaselines(among: alone, rule: rule, split: split, selectionSplit: selectionSplit)
    baselines = chosen.map(\.baseline)
    aloneReferences = Dictionary(grouping: alone) { $0.configuration.tasks?.first ?? "" }.mapValues {
      let rows = $0.map { $0.metrics(split: selectionSplit) }
      return ScoreReference(Self.medians(of: rows), peers: rows)
    }
    let tasks = Set(columns.map(\.task))
    let isComplete = !tasks.isEmpty && tasks.isSubset(of: baselines.map(\.task))
    let rows = trials.filter(\.isFinished).map { $0.metrics(split: selectionSplit) }
    let alike = ScoreReference(
      chosen.flatMap { Self.meanMetrics(of: $0.records, split: selectionSplit) }, peers: rows)
    let reported = trials.filter(\.isFinished).map { $0.metrics(split: split) }
    zeroBaselines = ScoreReference(baselines.flatMap(\.values), peers: reported).zeros
    let isKnown = isComplete && zeroBaselines.isEmpty
    reportedReference = isKnown ? baselines.flatMap(\.values) : []
    selectionReference =
      isKnown && alike.zeros.isEmpty
      ? alike : ScoreReference(Self.medians(of: rows), peers: rows)
  }

  /// The run's values and scores; nil where a metric is missing or not finite.
  func score(_ record: RunRecord, variant: Variant) -> ScoredRun? {
    let measured = rule.metrics(of: record, split: split) { epoch in
      selectionScore(of: record, epoch: epoch)
    }
    let values = columns.compactMap { column in
      measured.first { $0.task == column.task && $0.name == column.name }?.value
    }
    guard values.count == columns.count, !values.isEmpty, values.allSatisfy(\.isFinite) else { return nil }
    let selected = rule.metrics(of: record, split: selectionSplit) { selectionScore(of: record, epoch: $0) }
    return ScoredRun(
      record: record, variant: variant, seed: record.configuration.seed, values: values,
      deltaM: reportedReference.isEmpty ? nil : TruceRun.deltaM(measured, baseline: reportedReference),
      selectionScore: selectionReference.score(of: selected) ?? .infinity,
      seconds: record.summary?.seconds ?? 0)
  }

  /// The metrics of a run that count, of several tasks or of one alone.
  func reported(of record: RunRecord) -> [MetricValue] {
    rule.metrics(of: record, split: split) { epoch in
      guard record.isBaseline else { return selectionScore(of: record, epoch: epoch) }
      return aloneReferences[record.configuration.tasks?.first ?? ""]?
        .score(of: record.metrics(split: selectionSplit, atEpoch: epoch))
    }
  }

  private func selectionScore(of record: RunRecord, epoch: Int) -> Double? {
    selectionReference.score(of: record.metrics(split: selectionSplit, atEpoch: epoch))
  }

  private static func columns(of records: [RunRecord]) -> [MetricColumn] {
    var seen: Set<MetricColumn> = []
    return records.flatMap { record in
      (record.beginning?.tasks ?? []).flatMap { task in
        task.metrics.map { MetricColumn(task: task.name, name: $0.name, higherIsBetter: $0.higherIsBetter) }
      }
    }.filter { seen.insert($0).inserted }
  }
}

// MARK: Baselines

extension Scorer {
  private static func bestBaselines(
    among records: [RunRecord], rule: ReportingRule, split: String, selectionSplit: String
  ) -> [(baseline: TaskBaseline, records: [RunRecord])] {
    let byTask = Dictionary(grouping: records) { $0.configuration.tasks?.first ?? "" }
    return byTask.sorted { $0.key < $1.key }.compactMap { task, records in
      let rows = records.map { $0.metrics(split: selectionSplit) }
      let reference = ScoreReference(medians(of: rows), peers: rows)
      let labels = VariantLabels(records.map(\.configuration))
      let candidates = Dictionary(grouping: records) { labels.variant(of: $0.configuration) }
      let scored = candidates.compactMap { variant, records in
        reference.score(of: meanMetrics(of: records, split: selectionSplit))
          .map { (variant: variant, records: records, score: $0) }
      }
      let ranks = Score.ranks(of: scored.map(\.score))
      // Tied scores are settled by the variant, so that the choice does not depend on the order of files.
      let first = scored.indices.min {
        (ranks[$0], scored[$0].variant) < (ranks[$1], scored[$1].variant)
      }
      guard let best = first.map({ scored[$0] }) else { return nil }
      let values = means(
        of: best.records.map { record in
          rule.metrics(of: record, split: split) { epoch in
            reference.score(of: record.metrics(split: selectionSplit, atEpoch: epoch))
          }
        })
      let earliest = best.records.min { $0.configuration.seed < $1.configuration.seed }
      guard let earliest, !values.isEmpty else { return nil }
      let baseline = TaskBaseline(
        task: task, values: values, optimizer: best.variant.optimizer,
        learningRate: best.variant.learningRate, seedCount: best.records.count,
        firstRun: earliest.directory)
      return (baseline, best.records)
    }
  }

  private static func meanMetrics(of records: [RunRecord], split: String) -> [MetricValue] {
    means(of: records.map { $0.metrics(split: split) })
  }

  private static func medians(of rows: [[MetricValue]]) -> [MetricValue] {
    combined(rows) { percentile(50, of: $0) }
  }

  private static func means(of rows: [[MetricValue]]) -> [MetricValue] {
    combined(rows) { SampleSummary($0)?.mean }
  }

  /// Combines the finite values of each metric; metrics without one are left out.
  private static func combined(
    _ rows: [[MetricValue]], by combine: ([Double]) -> Double?
  ) -> [MetricValue] {
    let groups = Dictionary(grouping: rows.joined().filter(\.value.isFinite), by: \.key)
    let order = rows.max { $0.count < $1.count } ?? []
    return order.compactMap { column in
      guard let value = combine((groups[column.key] ?? []).map(\.value)) else { return nil }
      var combined = column
      combined.value = value
      return combined
    }
  }
}
