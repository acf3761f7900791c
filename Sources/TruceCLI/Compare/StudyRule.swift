import Foundation
import TruceRun
import TruceStudy

/// How the runs of a comparison count: by the rule of the study they belong to, or by their last measurement.
struct StudyRule {
  private struct Rule: Equatable {
    let rule: ReportingRule
    let split: String?
  }

  private let rule: Rule?
  /// What a reader of the table must know of it.
  let note: String

  /// Looks for the study's file two folders above each run.
  init(of runs: [RunDirectory]) {
    var read: [String: Rule?] = [:]
    let rules = runs.map { run -> Rule? in
      let folder = run.url.deletingLastPathComponent().deletingLastPathComponent()
      if let known = read[folder.path] { return known }
      let study = try? StudyFolder(folder).plan().file
      let rule = study.map { Rule(rule: $0.rule, split: $0.split) }
      read[folder.path] = rule
      return rule
    }
    let first = rules.first ?? nil
    let isOne = rules.allSatisfy { $0 == first }
    rule = isOne ? first : nil
    note =
      isOne
      ? Self.note(on: first)
      : "The runs are not all of studies with one rule of reporting: each counts by its last measurement."
  }

  private static func note(on rule: Rule?) -> String {
    guard let rule else { return "Runs count by their last measurement." }
    let split = rule.split.map { $0 == "test" ? "" : ", on the split \($0)" } ?? ""
    return "Runs count by their study's rule: \(rule.rule.text)\(split)."
  }

  /// The values of each run by `MetricKey`, with those on the test data as the rule has them.
  func values(of records: [RunRecord], problem: String) -> (RunRecord) -> [String: Double] {
    guard let rule, rule != Rule(rule: .last, split: nil), rule != Rule(rule: .last, split: "test") else {
      return { $0.summary?.values ?? [:] }
    }
    let reported = ReportedMetrics(records, problem: problem, rule: rule.rule, split: rule.split)
    return { record in
      let measured = record.beginning?.tasks.flatMap { task in
        task.metrics.map { MetricKey.metric($0.name, of: task.name, split: "test") }
      }
      var values = (record.summary?.values ?? [:]).filter { !(measured ?? []).contains($0.key) }
      for metric in reported.metrics(of: record) {
        values[MetricKey.metric(metric.name, of: metric.task, split: "test")] = metric.value
      }
      return values
    }
  }
}
