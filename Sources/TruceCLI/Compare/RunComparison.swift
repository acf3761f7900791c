import Foundation
import Truce
import TruceReport
import TruceRun
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
  private let wanted: [String]?
  private let rule: StudyRule
  private let values: (RunRecord) -> [String: Double]

  /// Sorts the runs into those of several tasks and single-task baselines, and sets those of other problems apart.
  ///
  /// - Parameters:
  ///   - records: The runs.
  ///   - metrics: The metrics that are compared; nil for all.
  ///   - rule: Which measurement of a run counts.
  init(_ records: [RunRecord], metrics: [String]? = nil, by rule: StudyRule) {
    wanted = metrics
    self.rule = rule
    let problem = Self.commonest(records.map(\.configuration.problem))
    let mine = records.filter { $0.configuration.problem == problem }
    self.problem = problem
    others = records.filter { $0.configuration.problem != problem }
    shared = mine.filter { ($0.beginning?.tasks.count ?? 0) != 1 }
    let singles = mine.filter { $0.beginning?.tasks.count == 1 }
    self.singles = singles
    let values = rule.values(of: mine, problem: problem)
    self.values = values
    tasks = Self.tasks(of: shared + singles)
    baselines = tasks.compactMap { task in
      let own = singles.filter { $0.beginning?.tasks.first?.name == task.name }
      return own.isEmpty ? nil : Baseline(own, of: task, values: values)
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

  // MARK: Results

  /// The runs' metrics on the test data, a row for each, and the single-task runs as the last one.
  var results: ResultTable {
    let rows = shared.map { row(Self.title(of: $0.configuration), values($0)) }
    let alone = baselines.reduce(into: [:]) { values, baseline in
      values.merge(baseline.values) { first, _ in first }
    }
    return ResultTable(
      metrics: columns.map { column in
        ResultMetric(
          "\(column.task) \(column.metric.name)", of: column.task,
          higherIsBetter: column.metric.higherIsBetter,
          measured: ResultMetric.Measured(column.task, column.metric.name))
      }, rows: rows + (baselines.isEmpty ? [] : [row(Self.singleTask, alone)]))
  }

  /// What the row of the single-task runs is called.
  private static let singleTask = "single task"

  private func row(_ name: String, _ values: [String: Double]) -> ResultTable.Row {
    ResultTable.Row(
      name,
      columns.map { column in
        values[MetricKey.metric(column.metric.name, of: column.task, split: "test")].map {
          ResultTable.Value($0, decimals: 4)
        }
      })
  }

  /// The metrics of all tasks, or those that are wanted.
  private var columns: [(task: String, metric: MetricRecord)] {
    let all = tasks.flatMap { task in task.metrics.map { (task: task.name, metric: $0) } }
    guard let wanted else { return all }
    return all.filter { column in
      let metric = ResultMetric(column.metric.name, of: column.task, higherIsBetter: true)
      return wanted.contains(where: metric.isCalled)
    }
  }

  // MARK: Table

  /// The table: the runs with their losses, conflict and time, and published rows where there are any.
  func table(of results: ResultComparison, isData: Bool) -> Table {
    Table(
      results, isData: isData,
      details: [
        ResultColumn(.init("optimizer"), optimizers.map { .text($0) }),
        ResultColumn(.init("seed", decimals: 0), seeds),
      ] + tasks.map { ResultColumn(.init("\($0.name) train loss", decimals: 4), losses(of: $0)) },
      measurements: [
        ResultColumn(.init("conflict % (steps)", decimals: 0), shared.map(Self.conflict)),
        ResultColumn(.init("ms/step", decimals: 1), times),
      ])
  }

  private var optimizers: [String] {
    let alone = Set(singles.map { Self.optimizer(of: $0.configuration) })
    return shared.map { Self.optimizer(of: $0.configuration) }
      + whereAlone(alone.count == 1 ? alone.first ?? "" : "several")
  }

  private var seeds: [Table.Cell] {
    let alone = Set(singles.map(\.configuration.seed)).sorted().map(String.init).joined(separator: ",")
    return shared.map { .number(Double($0.configuration.seed)) } + whereAlone(.text(alone))
  }

  /// The cell of the single-task runs' row, where there is one.
  private func whereAlone<Cell>(_ cell: Cell) -> [Cell] { baselines.isEmpty ? [] : [cell] }

  private func losses(of task: TaskRecord) -> [Table.Cell] {
    let key = MetricKey.loss(task.name, split: "train")
    let alone = baselines.first { $0.task.name == task.name }?.values[key]
    return (shared.map { values($0)[key] } + whereAlone(alone)).map {
      $0.map { .number($0) } ?? .missing
    }
  }

  /// Milliseconds of a step; for the single-task runs, of a step of each task.
  private var times: [Table.Cell] {
    let alone = baselines.compactMap(\.secondsPerStep)
    let sum = alone.count == tasks.count ? alone.reduce(0, +) : nil
    return (shared.map { $0.summary?.secondsPerStep } + whereAlone(sum)).map {
      $0.map { .number($0 * 1000) } ?? .missing
    }
  }
}

// MARK: Notes

extension RunComparison {
  /// What a reader must know to trust the table.
  func notes(on results: ResultComparison) -> [String] {
    let own = results.baseline?.origin == .own || results.baseline == nil ? baselineNotes : []
    // Which single-task runs are missing says more than that Δm is.
    let others = own.isEmpty ? results.notes : results.notes.filter { !$0.hasPrefix("There is no Δm") }
    return conditionNotes + unfinishedNotes + otherNotes + own + others + [rule.note]
  }

  /// Under which conditions agents were tried.
  private var conditionNotes: [String] {
    let words = TrialConditions.text(of: shared + singles)
    return words.isEmpty ? [] : ["Measured with \(words)."]
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
  /// The share of task pairs in conflict, in percent, with the number of steps behind it.
  private static func conflict(_ record: RunRecord) -> Table.Cell {
    guard let share = record.summary?.conflictShare else { return .missing }
    return .number(100 * share, remark: record.conflictSteps.map { "\($0)" })
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
}
