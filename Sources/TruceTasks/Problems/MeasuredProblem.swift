import Torch
import TruceData
import TruceOptions
import TruceRun

/// A problem whose tasks are judged by further metrics beside their own.
public struct MeasuredProblem: Problem {
  /// The tasks with all their metrics.
  public let tasks: [any ProblemTask]
  /// The data of the problem.
  public let data: ProblemData

  /// Adds metrics to the tasks whose answers they can judge.
  ///
  /// A value that a task's own metrics give under the same name stands for both.
  ///
  /// - Parameters:
  ///   - base: The problem.
  ///   - metrics: The metrics, each of which must suit a task.
  /// - Throws: ``TaskError/incompatible(reason:help:)`` that names a metric which suits none.
  public init(_ base: any Problem, with metrics: [MetricEntry]) throws(TaskError) {
    for metric in metrics where !base.tasks.contains(where: metric.suits) {
      let kinds = metric.about.suits.map(\.rawValue).joined(separator: ", ")
      throw .incompatible(
        reason: "the metric '\(metric.about.name)' judges \(kinds), and no task of these gives such answers",
        help: "`truce metrics` says what each metric judges")
    }
    data = base.data
    tasks = base.tasks.map { task in MeasuredTask(base: task, further: metrics.filter { $0.suits(task) }) }
  }
}

extension ProblemTask {
  /// The task judged by some metrics instead of its own.
  ///
  /// - Throws: ``TaskError/incompatible(reason:help:)`` that names a metric which cannot judge its answers.
  public func measured(by metrics: [MetricEntry]) throws(TaskError) -> any ProblemTask {
    if let metric = metrics.first(where: { !$0.suits(self) }) {
      let kinds = metric.about.suits.map(\.rawValue).joined(separator: ", ")
      throw .incompatible(
        reason:
          "the metric '\(metric.about.name)' judges \(kinds), and the task '\(name)' gives no such answers",
        help: "`truce metrics` says what each metric judges")
    }
    return RemeasuredTask(base: self, metrics: metrics)
  }
}

/// A task with other metrics.
private struct RemeasuredTask: WrappedTask {
  let base: any ProblemTask
  let metrics: [MetricEntry]

  func makeMetrics() -> [any Metric] { metrics.map { $0.make() } }
}

extension MetricEntry {
  fileprivate func suits(_ task: any ProblemTask) -> Bool {
    task.answerKind.map(about.suits.contains) ?? false
  }
}

/// A task with further metrics.
private struct MeasuredTask: WrappedTask {
  let base: any ProblemTask
  let further: [MetricEntry]

  func makeMetrics() -> [any Metric] {
    let own = base.makeMetrics()
    let names = Set(own.flatMap(\.records).map(\.name))
    return own + further.map { $0.make() }.filter { names.isDisjoint(with: $0.records.map(\.name)) }
  }
}
