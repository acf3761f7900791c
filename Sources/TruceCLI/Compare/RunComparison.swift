import Foundation
import TruceRun
import TruceShell
import TruceStudy

/// Several runs side by side: losses and metrics by task, Δm, conflict and time.
struct RunComparison {
  private let shared: [RunRecord]
  private let baselines: [RunRecord]
  private let tasks: [TaskRecord]

  /// Sorts the runs into those of several tasks and single-task baselines.
  init(_ records: [RunRecord]) {
    shared = records.filter { ($0.beginning?.tasks.count ?? 0) != 1 }
    baselines = records.filter { $0.beginning?.tasks.count == 1 }
    tasks = shared.compactMap { $0.beginning?.tasks }.first ?? baselines.flatMap { $0.beginning?.tasks ?? [] }
  }

  var table: TextTable {
    var table = TextTable(columns)
    for record in shared { table.append(row(of: record)) }
    if !baselines.isEmpty { table.append(baselineRow) }
    return table
  }

  /// What a reader must know to trust the table.
  var notes: [String] {
    let unfinished = (shared + baselines).filter { $0.summary?.status != .finished }
    var notes = unfinished.map { record in
      "not finished: \(record.directory.url.relativePath) (\(record.summary?.reason ?? "still running or stopped"))"
    }
    if baselines.isEmpty {
      notes.append("Δm needs single-task runs: train each task alone with --tasks <name>")
    }
    return notes
  }

  private var columns: [(String, TextTable.Alignment)] {
    let perTask = tasks.flatMap { task in
      ["\(task.name) train loss"]
        + task.metrics.map { "\(task.name) \($0.name) \($0.higherIsBetter ? "↑" : "↓")" }
    }
    return [("method", .left)] + perTask.map { ($0, .right) }
      + [("Δm % ↓", .right), ("conflict % (steps)", .right), ("ms/step", .right)]
  }

  private func row(of record: RunRecord) -> [String] {
    let metrics = record.summary?.metrics ?? []
    let deltaM = deltaM(metrics.filter(isReported), baseline: baselines.flatMap { $0.summary?.metrics ?? [] })
    return [Self.title(of: record.configuration)] + tasks.flatMap { cells(of: $0, in: record) }
      + [
        deltaM.map { text($0, "%+.2f") } ?? "–",
        conflict(record), milliseconds(record),
      ]
  }

  /// The single-task runs as one row: each task from the run that trained it alone.
  private var baselineRow: [String] {
    let values = tasks.flatMap { task in
      let own = baselines.first { $0.beginning?.tasks.first?.name == task.name }
      return own.map { cells(of: task, in: $0) } ?? [String](repeating: "–", count: task.metrics.count + 1)
    }
    let seconds = baselines.compactMap { $0.summary?.secondsPerStep }
    let sum = seconds.isEmpty ? "–" : text(seconds.reduce(0, +) * 1000, "%.1f")
    return ["single task"] + values + ["0", "–", sum]
  }

  private func cells(of task: TaskRecord, in record: RunRecord) -> [String] {
    let values = record.summary?.values ?? [:]
    let loss = values[MetricKey.loss(task.name, split: "train")]
    let metrics = task.metrics.map { values[MetricKey.metric($0.name, of: task.name, split: "test")] }
    return ([loss] + metrics).map { $0.map { text($0, "%.4f") } ?? "–" }
  }

  private func isReported(_ metric: MetricValue) -> Bool { metric.split == "test" }

  /// The share of task pairs in conflict, with the number of steps behind it.
  private func conflict(_ record: RunRecord) -> String {
    guard let share = record.summary?.conflictShare else { return "–" }
    return text(share * 100, "%.0f") + (record.conflictSteps.map { " (\($0))" } ?? "")
  }

  private func milliseconds(_ record: RunRecord) -> String {
    record.summary?.secondsPerStep.map { text($0 * 1000, "%.1f") } ?? "–"
  }

  private func text(_ value: Double, _ format: String) -> String { String(format: format, value) }

  /// The method with the options that differ from a bare name, such as `uw + cagrad c=0.4`.
  static func title(of configuration: RunConfiguration) -> String {
    let options = configuration.options.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
    let front = configuration.weighting.map { $0 + " + " } ?? ""
    return front + configuration.method + options.joined()
  }
}
