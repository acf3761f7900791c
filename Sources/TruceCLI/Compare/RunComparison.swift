import Foundation
import Truce
import TruceRun
import TruceShell
import TruceStudy

/// Several runs of one problem side by side: losses and metrics by task, Δm, conflict and time.
///
/// The order in which the runs are named decides the order of the rows and nothing else.
struct RunComparison {
  private let problem: String
  private let shared: [RunRecord]
  private let baselines: [Baseline]
  private let singles: [RunRecord]
  private let others: [RunRecord]
  private let tasks: [TaskRecord]

  /// Sorts the runs into those of several tasks and single-task baselines, and sets those of other problems apart.
  init(_ records: [RunRecord]) {
    let problem = Self.commonest(records.map(\.configuration.problem))
    let mine = records.filter { $0.configuration.problem == problem }
    self.problem = problem
    others = records.filter { $0.configuration.problem != problem }
    shared = mine.filter { ($0.beginning?.tasks.count ?? 0) != 1 }
    let singles = mine.filter { $0.beginning?.tasks.count == 1 }
    self.singles = singles
    tasks = Self.tasks(of: shared + singles)
    baselines = tasks.compactMap { task in
      let own = singles.filter { $0.beginning?.tasks.first?.name == task.name }
      return own.isEmpty ? nil : Baseline(own, of: task)
    }
  }

  private static func commonest(_ names: [String]) -> String {
    let counts = Dictionary(grouping: names) { $0 }.mapValues(\.count)
    return counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key ?? ""
  }

  /// The tasks of all runs: those of the run with most of them, then those that it lacks.
  private static func tasks(of records: [RunRecord]) -> [TaskRecord] {
    let lists = records.compactMap { $0.beginning?.tasks }.sorted {
      ($1.count, $0.map(\.name).joined()) < ($0.count, $1.map(\.name).joined())
    }
    return lists.joined().reduce(into: []) { tasks, task in
      if !tasks.contains(where: { $0.name == task.name }) { tasks.append(task) }
    }
  }

  var table: TextTable {
    var table = TextTable(columns)
    for record in shared { table.append(row(of: record)) }
    if !baselines.isEmpty { table.append(baselineRow) }
    return table
  }

  private var columns: [(String, TextTable.Alignment)] {
    let perTask = tasks.flatMap { task in
      ["\(task.name) train loss"]
        + task.metrics.map { "\(task.name) \($0.name) \($0.higherIsBetter ? "↑" : "↓")" }
    }
    return [("method", .left), ("optimizer", .left), ("seed", .right)] + perTask.map { ($0, .right) }
      + [("Δm % ↓", .right), ("conflict % (steps)", .right), ("ms/step", .right)]
  }

  private func row(of record: RunRecord) -> [String] {
    let metrics = (record.summary?.metrics ?? []).filter { $0.split == "test" }
    let deltaM = deltaM(metrics, baseline: baselines.flatMap(\.metrics))
    let configuration = record.configuration
    return [Self.title(of: configuration), Self.optimizer(of: configuration), "\(configuration.seed)"]
      + tasks.flatMap { cells(of: $0, record.summary?.values ?? [:]) }
      + [
        deltaM.map { ($0 < 0 ? "" : "+") + NumberText.fixed($0, 2) } ?? "–",
        Self.conflict(record),
        Self.milliseconds(record.summary?.secondsPerStep),
      ]
  }

  /// The single-task runs as one row: each task from the runs that trained it alone, the time of all tasks together.
  private var baselineRow: [String] {
    let values = tasks.flatMap { task in
      cells(of: task, baselines.first { $0.task.name == task.name }?.values ?? [:])
    }
    let seconds = baselines.compactMap(\.secondsPerStep)
    let sum = seconds.count == tasks.count ? seconds.reduce(0, +) : nil
    let optimizers = Set(singles.map { Self.optimizer(of: $0.configuration) })
    let seeds = Set(singles.map(\.configuration.seed)).sorted().map(String.init).joined(separator: ",")
    return ["single task", optimizers.count == 1 ? optimizers.first ?? "" : "several", seeds] + values
      + [baselines.contains { $0.differing != nil } ? "–" : "0", "–", Self.milliseconds(sum)]
  }

  private func cells(of task: TaskRecord, _ values: [String: Double]) -> [String] {
    let loss = values[MetricKey.loss(task.name, split: "train")]
    let metrics = task.metrics.map { values[MetricKey.metric($0.name, of: task.name, split: "test")] }
    return ([loss] + metrics).map { $0.map { NumberText.fixed($0, 4) } ?? "–" }
  }
}

// MARK: Notes

extension RunComparison {
  /// What a reader must know to trust the table.
  var notes: [String] {
    unfinishedNotes + otherNotes + baselineNotes
  }

  private var unfinishedNotes: [String] {
    (shared + singles).filter { $0.summary?.status != .finished }.map { record in
      "not finished: \(record.directory.url.relativePath) (\(record.summary?.reason ?? "still running or stopped"))"
    }
  }

  private var otherNotes: [String] {
    others.map { record in
      "left out: \(record.directory.url.relativePath) is a run of \(record.configuration.problem), not of \(problem)"
    }
  }

  private var baselineNotes: [String] {
    let missing = tasks.map(\.name).filter { name in !baselines.contains { $0.task.name == name } }
    var notes = baselines.compactMap { baseline in
      baseline.differing.map { first, second in
        "Δm is left out: the single-task runs of \(baseline.task.name) differ in more than the seed, such as \(first) "
          + "and \(second); name those of one setting"
      }
    }
    if baselines.isEmpty {
      notes.append("Δm needs single-task runs: train each task alone with --tasks <name>")
    } else if !missing.isEmpty, !shared.isEmpty {
      notes.append("Δm needs single-task runs of \(missing.joined(separator: ", ")) too")
    }
    return notes
  }
}

// MARK: Words

extension RunComparison {
  /// The share of task pairs in conflict, with the number of steps behind it.
  private static func conflict(_ record: RunRecord) -> String {
    guard let share = record.summary?.conflictShare else { return "–" }
    return NumberText.fixed(share * 100, 0) + (record.conflictSteps.map { " (\($0))" } ?? "")
  }

  /// The method with the options that differ from a bare name, such as `uw + cagrad c=0.4`.
  static func title(of configuration: RunConfiguration) -> String {
    let options = configuration.options.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
    let front = configuration.weighting.map { $0 + " + " } ?? ""
    return front + configuration.method + options.joined()
  }

  /// The optimizer with its learning rate, such as `adam 0.001`.
  static func optimizer(of configuration: RunConfiguration) -> String {
    "\(configuration.optimizer.rawValue) \(OptionValue.number(configuration.learningRate))"
  }

  private static func milliseconds(_ seconds: Double?) -> String {
    seconds.map { NumberText.fixed($0 * 1000, 1) } ?? "–"
  }
}
