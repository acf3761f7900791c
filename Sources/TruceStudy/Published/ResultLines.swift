import TruceFiles

/// The lines of a file of results, gathered and checked.
struct ResultLines {
  /// The values of a method, or of one of its seeds.
  struct Line {
    let name: Sheet.Cell
    let seed: String?
    var values: [ResultTable.Value?] = []
    var deltaM: ResultTable.Value?
    var meanRank: ResultTable.Value?
  }

  private let path: String
  private var metrics: [ResultMetric] = []
  private var lines: [Line] = []

  init(path: String) { self.path = path }

  /// Adds a metric.
  ///
  /// - Throws: `FileFault` where it is there already.
  mutating func add(_ metric: ResultMetric, at cell: Sheet.Cell) throws(FileFault) {
    let isKnown = metrics.contains {
      LooseName.areEqual($0.name, metric.name) && LooseName.areEqual($0.task, metric.task)
    }
    guard !isKnown else {
      throw fault(
        cell, "the metric '\(metric.name)' stands there twice",
        help: "give each a task in front, such as 'left/\(metric.name)' and 'right/\(metric.name)'")
    }
    metrics.append(metric)
  }

  /// Adds a line.
  ///
  /// - Throws: `FileFault` where it has no name, or where another line has the same name and seed.
  mutating func add(_ line: Line) throws(FileFault) {
    guard !line.name.text.isEmpty else {
      throw fault(line.name, "a row without a method", help: "name the method in the first column")
    }
    let earlier = lines.first {
      LooseName.areEqual($0.name.text, line.name.text) && $0.seed == line.seed
    }
    if let earlier { throw repeated(line.name, earlier.name, hasSeeds: line.seed != nil) }
    lines.append(line)
  }

  /// The fault of a second line for one method.
  func repeated(_ cell: Sheet.Cell, _ earlier: Sheet.Cell, hasSeeds: Bool) -> FileFault {
    fault(
      cell,
      "'\(cell.text)' stands on line \(earlier.line) already" + (hasSeeds ? ", with the same seed" : ""),
      help: hasSeeds
        ? "give each line of a method another seed"
        : "name them apart, or add a column 'seed' to have the lines of a method averaged")
  }

  /// The table: lines of one method are one row.
  ///
  /// - Throws: `FileFault` where there is no metric.
  func table() throws(FileFault) -> ResultTable {
    guard !metrics.isEmpty || lines.contains(where: { $0.deltaM != nil || $0.meanRank != nil }) else {
      throw FileFault(
        path: path, line: 1, reason: "no metric is read from it",
        help: "name a column after each metric, such as 'mIoU:higher'; --metrics chooses among them")
    }
    var names: [String] = []
    for line in lines where !names.contains(line.name.text) { names.append(line.name.text) }
    return ResultTable(
      metrics: metrics,
      rows: names.map { name in row(name, lines.filter { $0.name.text == name }) })
  }

  private func row(_ name: String, _ lines: [Line]) -> ResultTable.Row {
    guard lines.count > 1 else {
      return ResultTable.Row(
        name, lines.first?.values ?? [], deltaM: lines.first?.deltaM, meanRank: lines.first?.meanRank)
    }
    return ResultTable.Row(name, metrics.indices.map { j in Self.mean(lines.map { $0.values[j] }) })
  }

  /// The mean of a metric over seeds; nil where one of them lacks it.
  private static func mean(_ values: [ResultTable.Value?]) -> ResultTable.Value? {
    let present = values.compactMap { $0 }
    guard present.count == values.count else { return nil }
    let decimals = present.map(\.decimals).max() ?? 0
    guard let summary = SampleSummary(present.map(\.number)) else {
      return ResultTable.Value(.nan, decimals: decimals)
    }
    return ResultTable.Value(summary.mean, deviation: summary.standardDeviation, decimals: decimals)
  }

  private func fault(_ cell: Sheet.Cell, _ reason: String, help: String) -> FileFault {
    FileFault(path: path, line: cell.line, column: cell.column, reason: reason, help: help)
  }
}
