import Truce
public import TruceRun

/// The runs of a study on one problem, sorted out and scored: what every analysis reads.
///
/// Runs of all tasks together are compared; runs of a single task are the baselines of Δm. Only finished runs are
/// scored; the others are listed with their reasons.
public struct StudyResults: Sendable {
  /// The problem.
  public let problem: String
  /// Which measurement of a run counts.
  public let rule: ReportingRule
  /// The split that is reported, such as `test`.
  public let split: String
  /// The split on which learning rates, and epochs under ``ReportingRule/bestEpoch``, are chosen.
  public let selectionSplit: String
  /// What is measured, in the order of the tasks.
  public let metrics: [MetricColumn]
  /// The single-task baselines; empty where the study has none.
  public let baselines: [TaskBaseline]
  /// The titles of the baselines' metrics that are zero, so that no change is relative to them.
  public let zeroBaselines: [String]
  /// The titles of the metrics whose median is zero, where scores are relative to the median run.
  public let zeroMedians: [String]
  /// The finished runs of all tasks, sorted by variant and seed.
  public let runs: [ScoredRun]
  /// The finished, failed and unfinished records of the problem, baselines included.
  public let records: [RunRecord]
  /// The runs that are not scored, with their reasons.
  public let unscored: [UnscoredRun]

  /// Scores some records.
  ///
  /// - Parameters:
  ///   - records: Runs of one problem; those of other problems are passed over.
  ///   - problem: The problem.
  ///   - rule: Which measurement counts.
  ///   - split: The split that is reported; nil for `test`, or the only one that was measured.
  ///   - selectionSplit: The split on which choices are made; nil for `validation` where it was measured, else the
  ///     reported one.
  public init(
    _ records: [RunRecord], problem: String, rule: ReportingRule = .last, split: String? = nil,
    selectionSplit: String? = nil
  ) {
    let records = records.filter { $0.configuration.problem == problem }
    let splits = Set(records.flatMap(\.measuredSplits))
    self.problem = problem
    self.records = records
    self.rule = rule
    let reported = split ?? (splits.contains("test") ? "test" : splits.sorted().first ?? "test")
    self.split = reported
    let chosen = selectionSplit ?? (splits.contains("validation") ? "validation" : reported)
    self.selectionSplit = chosen

    let trials = records.filter { !$0.isBaseline }
    let scorer = Scorer(records: records, rule: rule, split: reported, selectionSplit: chosen)
    metrics = scorer.columns
    baselines = scorer.baselines
    zeroBaselines = scorer.zeroBaselines.map { "\($0.task) \($0.name)" }
    zeroMedians = scorer.zeroMedians.map { "\($0.task) \($0.name)" }
    let labels = VariantLabels(trials.map(\.configuration))
    let scored = trials.map { record in
      (
        record,
        record.isFinished ? scorer.score(record, variant: labels.variant(of: record.configuration)) : nil
      )
    }
    runs = scored.compactMap(\.1).sorted {
      $0.variant == $1.variant ? $0.seed < $1.seed : $0.variant < $1.variant
    }
    unscored =
      scored.compactMap { record, run in
        run == nil ? UnscoredRun(record, variant: labels.variant(of: record.configuration)) : nil
      }
      + records.filter { $0.isBaseline && !$0.isFinished }.map {
        UnscoredRun($0, variant: labels.variant(of: $0.configuration))
      }
  }

  /// The problems of some records, in alphabetical order.
  public static func problems(in records: [RunRecord]) -> [String] {
    Set(records.map(\.configuration.problem)).sorted()
  }
}

// MARK: What the analyses share

extension StudyResults {
  /// Whether every task has a baseline.
  public var hasBaselines: Bool {
    !metrics.isEmpty && metrics.allSatisfy { column in baselines.contains { $0.task == column.task } }
  }

  /// Whether Δm is known: every task has a baseline, and none of their metrics is zero.
  public var hasDeltaM: Bool { hasBaselines && zeroBaselines.isEmpty }

  /// All runs of all tasks, whether they are scored or not, with what they compare.
  public var trials: [(record: RunRecord, variant: Variant)] {
    runs.map { ($0.record, $0.variant) }
      + unscored.filter { !$0.record.isBaseline }.map { ($0.record, $0.variant) }
  }

  /// Whether choices are made on the very data that is reported.
  public var selectsOnReportedSplit: Bool { selectionSplit == split }

  /// The optimizers, in alphabetical order.
  public var optimizers: [String] { Set(runs.map(\.variant.optimizer)).sorted() }

  /// The methods in the order of the catalogue.
  public var methods: [String] {
    var seen: Set<String> = []
    return runs.map(\.variant.method).filter { seen.insert($0).inserted }
  }

  /// The learning rates, ascending.
  public var learningRates: [Double] { Set(runs.map(\.variant.learningRate)).sorted() }

  /// The seeds, ascending.
  public var seeds: [Int] { Set(runs.map(\.seed)).sorted() }

  /// The directions of the metrics.
  public var higherIsBetter: [Bool] { metrics.map(\.higherIsBetter) }

  /// The baselines' values in the order of ``metrics``; nil where one is missing.
  public var baselineValues: [Double]? {
    let values = metrics.compactMap { column in
      baselines.first { $0.task == column.task }?.values.first { $0.name == column.name }?.value
    }
    return values.count == metrics.count && !metrics.isEmpty ? values : nil
  }
}

/// A metric of a task, as a column of a table.
public struct MetricColumn: Hashable, Sendable, Codable {
  /// The task.
  public let task: String
  /// The metric.
  public let name: String
  /// Whether a larger value is a better one.
  public let higherIsBetter: Bool

  /// The task and the metric.
  public var title: String { "\(task) \(name)" }
}

/// A finished run with the values that count.
public struct ScoredRun: Sendable {
  /// The run.
  public let record: RunRecord
  /// What it compares.
  public let variant: Variant
  /// The seed.
  public let seed: Int
  /// The values in the order of ``StudyResults/metrics``.
  public let values: [Double]
  /// Δm in percent against the single-task baselines, lower is better; nil without baselines.
  public let deltaM: Double?
  /// The score on the split of selection, lower is better: Δm there, or against the median run where there are no
  /// baselines.
  public let selectionScore: Double
  /// Seconds of training.
  public let seconds: Double

  /// The variant and the seed in words.
  public var name: String {
    "\(variant.setup), lr \(String(shortest: variant.learningRate)), seed \(seed)"
  }
}

/// A run that is not scored, and why.
public struct UnscoredRun: Sendable {
  /// The run.
  public let record: RunRecord
  /// What it compares.
  public let variant: Variant
  /// How it ended; nil while it runs or waits.
  public let status: RunStatus?
  /// Why, as the run says.
  public let reason: String?

  init(_ record: RunRecord, variant: Variant) {
    self.record = record
    self.variant = variant
    status = record.summary?.status
    reason =
      record.damage ?? record.summary?.reason
      ?? (record.isFinished ? "it measured no metric on the reported split, or an infinite one" : nil)
  }
}

extension RunRecord {
  /// Whether the run trains a single task of several, as a baseline.
  var isBaseline: Bool { configuration.tasks?.count == 1 }

  /// Whether all epochs are done.
  var isFinished: Bool { summary?.status == .finished }
}

extension String {
  /// A number with no more digits than it needs, and no decimals where it is whole.
  init(shortest value: Double) {
    self = NumberText.exact(value)
  }
}
