public import TruceFiles
import TruceOptions

/// Reads results from separated values: a line for each method, or one for each method and metric.
///
///     method, segmentation/mIoU ↑, depth/Abs Err ↓        method, metric, value, direction
///     EW,     39.29,               0.5493                 EW,     mIoU,   39.29, higher
///
/// The direction of a metric stands in its heading, as an arrow or as `:higher` or `:lower`, or comes from the metrics that
/// are known. A unit may stand in brackets. A column `seed` makes one row of a method's lines, their mean. Cells that
/// are empty or hold `–`, `-` or `n/a` were not measured; `0.5±0.1` has a standard deviation.
public struct ResultReader {
  /// What faults call the text.
  let path: String
  /// The metrics whose directions are known without a word in the file.
  let known: [ResultMetric]
  /// The table that others than the known metrics must not be laid beside; nil where there is none.
  let table: String?
  /// The metrics that are read; nil for all.
  let wanted: [String]?

  /// Creates a reader.
  ///
  /// - Parameters:
  ///   - path: What faults call the text.
  ///   - known: Metrics whose directions and tasks need not stand in the file.
  ///   - table: The published table whose metrics these are, where no others may be read; nil where they may.
  ///   - wanted: The metrics that are read, as a person may write them; nil for all.
  public init(
    path: String, known: [ResultMetric] = [], of table: String? = nil, wanted: [String]? = nil
  ) {
    self.path = path
    self.known = known
    self.table = table
    self.wanted = wanted
  }

  /// Reads a text.
  ///
  /// - Throws: `FileFault` that names the line, the column and the fix.
  public func table(of text: some Sequence<UInt8>) throws(FileFault) -> ResultTable {
    let sheet = try Sheet(text, named: path)
    return try lines(of: sheet).table()
  }

  /// The names of the metrics that are read, without directions and units.
  ///
  /// - Throws: `FileFault` where the text has no heading.
  public func metricNames(in text: some Sequence<UInt8>) throws(FileFault) -> [String] {
    let sheet = try Sheet(text, named: path)
    if let form = LongForm(sheet) { return form.metricNames(of: sheet).filter(isWanted) }
    return sheet.header.dropFirst().map { ResultHeading($0.text) }
      .filter { $0.role == .metric }.map(\.name).filter(isWanted)
  }

  private func lines(of sheet: Sheet) throws(FileFault) -> ResultLines {
    if let form = LongForm(sheet) { return try form.lines(of: sheet, reader: self) }
    return try wideLines(of: sheet)
  }

  private func wideLines(of sheet: Sheet) throws(FileFault) -> ResultLines {
    let headings = sheet.header.map { ResultHeading($0.text) }
    let methodColumn = headings.firstIndex { $0.role == .method } ?? 0
    var lines = ResultLines(path: path)
    var metricColumns: [Int] = []
    for column in headings.indices where column != methodColumn && headings[column].role == .metric {
      guard isWanted(headings[column].name) else { continue }
      try lines.add(metric(headings[column], at: sheet.header[column]), at: sheet.header[column])
      metricColumns.append(column)
    }
    let seed = headings.firstIndex { $0.role == .seed }
    let deltaM = headings.firstIndex { $0.role == .deltaM }
    let meanRank = headings.firstIndex { $0.role == .meanRank }
    for record in sheet.records {
      var line = ResultLines.Line(name: record[methodColumn], seed: seed.map { record[$0].text })
      if let deltaM { line.deltaM = try value(record[deltaM]) }
      if let meanRank { line.meanRank = try value(record[meanRank]) }
      for column in metricColumns { line.values.append(try value(record[column])) }
      try lines.add(line)
    }
    return lines
  }

  /// Whether a metric is one that is read.
  func isWanted(_ name: String) -> Bool {
    guard let wanted else { return true }
    let short = name.split(separator: "/").last.map(String.init) ?? name
    return wanted.contains { LooseName.areEqual($0, name) || LooseName.areEqual($0, short) }
  }

  /// The metric of a heading.
  ///
  /// - Throws: `FileFault` where nothing says which way is better, or two things say so differently.
  func metric(_ heading: ResultHeading, at cell: Sheet.Cell) throws(FileFault) -> ResultMetric {
    let parts = heading.name.split(separator: "/", maxSplits: 1).map(String.init)
    let metric = known.first { $0.isCalled(heading.name) } ?? known.first { $0.isCalled(parts.last ?? "") }
    if metric == nil, let table { throw foreign(heading, in: table, at: cell) }
    if let higher = heading.higherIsBetter, let metric, metric.higherIsBetter != higher {
      throw sheetFault(
        cell,
        "'\(heading.name)' is marked as better when \(higher ? "higher" : "lower"), and "
          + "\(table ?? "the published table") has it the other way round",
        help: "take the direction out of the heading, or name the metric otherwise")
    }
    guard let higher = heading.higherIsBetter ?? metric?.higherIsBetter else {
      throw sheetFault(
        cell, "nothing says whether a higher or a lower '\(heading.name)' is better",
        help: "write '\(heading.name):higher' or '\(heading.name):lower' in the heading, or leave the "
          + "column out with --metrics")
    }
    return ResultMetric(
      parts.last ?? heading.name, of: parts.count == 2 ? parts[0] : metric?.task, higherIsBetter: higher,
      unit: heading.unit ?? metric?.unit, measured: metric?.measured, place: cell.place(in: path))
  }

  private func foreign(_ heading: ResultHeading, in table: String, at cell: Sheet.Cell) -> FileFault {
    let names = known.map(\.name)
    let advice =
      closestName(to: heading.name, among: names).map { "did you mean '\($0)'?" }
      ?? (names.isEmpty ? "it has Δm and mean ranks only" : "it has \(names.joined(separator: ", "))")
    return sheetFault(
      cell, "\(table) has no metric '\(heading.name)'", help: "\(advice); --metrics leaves columns out")
  }

  /// A cell's value; nil where nothing was measured.
  func value(_ cell: Sheet.Cell) throws(FileFault) -> ResultTable.Value? {
    let text = cell.text.replacing("−", with: "-").filter { !$0.isWhitespace }
    if ["", "-", "–", "—", "n/a", "na", "null"].contains(text.lowercased()) { return nil }
    let parts = text.replacing("+/-", with: "±").split(separator: "±", omittingEmptySubsequences: false)
      .map(String.init)
    let numbers = parts.compactMap(Self.number)
    guard (1...2).contains(parts.count), numbers.count == parts.count else {
      throw sheetFault(
        cell, "'\(cell.text)' is no number",
        help: "write one with a decimal point, such as 0.5 or 0.5±0.1; leave the cell empty where nothing "
          + "was measured")
    }
    return ResultTable.Value(
      numbers[0], deviation: numbers.dropFirst().first, decimals: Self.decimals(in: parts[0]))
  }

  private static func decimals(in text: String) -> Int {
    text.firstIndex(of: ".").map { text[$0...].dropFirst().prefix { $0.isNumber }.count } ?? 0
  }

  private static func number(_ text: String) -> Double? {
    switch text.lowercased() {
    case "∞", "+∞": .infinity
    case "-∞": -.infinity
    default: Double(text)
    }
  }

  func sheetFault(_ cell: Sheet.Cell, _ reason: String, help: String) -> FileFault {
    FileFault(path: path, line: cell.line, column: cell.column, reason: reason, help: help)
  }
}
