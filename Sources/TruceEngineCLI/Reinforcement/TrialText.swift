import TruceEnvironments
import TruceRun
import TruceShell
import TruceTraining

/// The result of a trial for people: a table, with what it was measured on above it.
struct TrialText {
  private let result: TrialResult

  init(_ result: TrialResult) {
    self.result = result
  }

  /// The text.
  func text(on terminal: Terminal) -> String {
    var table = TextTable([
      ("task", .left), ("success", .right), ("95 %", .right), ("episodes", .right),
      ("first success", .right), ("return", .right),
    ])
    for task in result.tasks { table.append(row(task)) }
    table.append(cells("all", result.success) + ["", ""])
    return "\(heading)\n\n\(table.plain(on: terminal))\n"
  }

  private var heading: String {
    let packages = result.versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let who = "policy \(result.policy.rawValue)" + (result.checkpoint.map { ", checkpoint \($0)" } ?? "")
    let facts = [result.problem, who, goals, TrialConditions(result.conditions).text]
    return (facts + packages).joined(separator: ", ")
  }

  private var goals: String {
    result.goalSeed.map { "goals of seed \($0)" } ?? "goals of the run"
  }

  private func row(_ task: TrialResult.Task) -> [String] {
    let steps = task.firstSuccesses.sorted()
    let median = steps.isEmpty ? "never" : "step \(steps[steps.count / 2])"
    return cells(task.name, task.success) + [median, NumberText.short(task.meanReturn)]
  }

  private func cells(_ name: String, _ rate: SuccessRate) -> [String] {
    let bounds = [rate.interval.lowerBound, rate.interval.upperBound].map { NumberText.fixed($0, 2) }
    return [
      name, NumberText.fixed(rate.share, 2), bounds.joined(separator: "…"), "\(rate.episodes)",
    ]
  }
}
