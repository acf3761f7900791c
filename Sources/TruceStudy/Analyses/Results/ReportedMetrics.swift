public import TruceRun

/// The metrics of each run that count under a study's rule, single-task runs included.
public struct ReportedMetrics: Sendable {
  /// Which measurement of a run counts.
  public let rule: ReportingRule
  /// The split that is reported.
  public let split: String
  private let scorer: Scorer

  /// Prepares the rule for runs of one problem, whose medians and baselines decide the best epoch.
  ///
  /// - Parameters:
  ///   - records: Runs of one problem; those of other problems are passed over.
  ///   - problem: The problem.
  ///   - rule: Which measurement counts.
  ///   - split: The split that is reported; nil for `test`, or the only one that was measured.
  public init(_ records: [RunRecord], problem: String, rule: ReportingRule, split: String? = nil) {
    let results = StudyResults(records, problem: problem, rule: rule, split: split)
    self.rule = rule
    self.split = results.split
    scorer = Scorer(
      records: results.records, rule: rule, split: results.split, selectionSplit: results.selectionSplit)
  }

  /// The metrics that count of a run; empty where it has not been measured as the rule asks.
  public func metrics(of record: RunRecord) -> [MetricValue] { scorer.reported(of: record) }
}
