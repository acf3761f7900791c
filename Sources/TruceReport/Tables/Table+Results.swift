import Foundation
public import TruceStudy

extension Table {
  /// How a published row is marked; the caption says what the mark means.
  static let publishedMark = " †"

  /// A table of results, one's own and published ones, with Δm and mean ranks.
  ///
  /// - Parameters:
  ///   - comparison: The results.
  ///   - isData: Whether it is written for a program: directions stand in the headings and the source in a column, so
  ///     that `truce compare` reads it again.
  ///   - details: Further columns behind the method: headings, and a cell for each row.
  ///   - measurements: Further columns behind all others.
  public init(
    _ comparison: ResultComparison, isData: Bool = false, details: [ResultColumn] = [],
    measurements: [ResultColumn] = []
  ) {
    let layout = ResultLayout(comparison, isData: isData)
    self.init(
      id: "comparison", title: "Comparison", caption: layout.caption,
      columns: [.init("method")] + details.map(\.column) + layout.columns + measurements.map(\.column)
        + (isData ? [.init("source")] : []),
      rows: comparison.rows.indices.map { index in
        let row = comparison.rows[index]
        let cells: [Cell] =
          [.text(layout.name(of: row))] + details.map { $0.cell(index) } + layout.cells(of: row)
          + measurements.map { $0.cell(index) } + (isData ? [.text(layout.source(of: row))] : [])
        return Row(cells, isReference: row.isReference)
      })
  }
}

/// A column beside the results of a comparison.
public struct ResultColumn: Sendable {
  let column: Table.Column
  let cells: [Table.Cell]

  /// Creates a column whose cells belong to the first rows; the others have nothing in it.
  public init(_ column: Table.Column, _ cells: [Table.Cell]) {
    self.column = column
    self.cells = cells
  }

  func cell(_ row: Int) -> Table.Cell { row < cells.count ? cells[row] : .missing }
}

/// The columns and cells of a comparison of results.
private struct ResultLayout {
  private let comparison: ResultComparison
  private let isData: Bool
  private let isPublishedAlone: Bool

  init(_ comparison: ResultComparison, isData: Bool) {
    self.comparison = comparison
    self.isData = isData
    isPublishedAlone = comparison.rows.allSatisfy { $0.origin == .published }
  }

  /// The name, marked where it is published; data say so in a column of their own.
  func name(of row: ResultComparison.Row) -> String {
    row.origin == .published && !isData && !isPublishedAlone ? row.name + Table.publishedMark : row.name
  }

  func source(of row: ResultComparison.Row) -> String {
    row.origin == .own ? "own" : "published: \(comparison.published?.name ?? "")"
  }

  // MARK: Columns

  var columns: [Table.Column] {
    zip(comparison.metrics, comparison.decimals).map { metric, decimals in
      column(metricTitle(metric), .init(higherIsBetter: metric.higherIsBetter), decimals: decimals)
    }
      + deltaTitles.map { column($0, .lowerIsBetter, decimals: 2, isSigned: true) }
      + (hasMetrics ? [column("mean rank", .lowerIsBetter, decimals: 2)] : [])
      + printedTitles.map { Table.Column($0, decimals: 2) }
  }

  private func metricTitle(_ metric: ResultMetric) -> String {
    guard isData, metric.task != metric.name else { return metric.title }
    let front = metric.task + " "
    let title = metric.title.hasPrefix(front) ? String(metric.title.dropFirst(front.count)) : metric.title
    return "\(metric.task)/\(title)"
  }

  private var hasMetrics: Bool { !comparison.metrics.isEmpty }

  private var deltaTitles: [String] {
    guard hasMetrics || !isPublishedAlone else { return [] }
    return comparison.hasTaskForm ? ["Δm (%)", "Δm by task (%)"] : ["Δm (%)"]
  }

  private var printedTitles: [String] {
    guard isPublishedAlone, !isData else { return [] }
    let hasRanks = comparison.rows.contains { $0.printedMeanRank != nil }
    let sign = comparison.published?.form == .byTaskHigherIsBetter ? "Δp" : "Δm"
    return [sign + " as printed"] + (hasRanks ? ["rank as printed"] : [])
  }

  /// A column, with its arrow in the heading where a program reads it.
  private func column(
    _ title: String, _ direction: Table.Direction, decimals: Int, isSigned: Bool = false
  ) -> Table.Column {
    isData
      ? Table.Column("\(title) \(direction.arrow)", decimals: decimals)
      : Table.Column(title, direction, decimals: decimals, isSigned: isSigned)
  }

  // MARK: Cells

  func cells(of row: ResultComparison.Row) -> [Table.Cell] {
    row.values.map { value in
      guard let value else { return .missing }
      guard value.number.isFinite else { return .text(Self.notFinite(value.number)) }
      return .number(value.number, deviation: value.deviation)
    } + deltaCells(of: row) + (hasMetrics ? [.optional(row.meanRank)] : []) + printedCells(of: row)
  }

  private static func notFinite(_ number: Double) -> String {
    number.isNaN ? "NaN" : number < 0 ? "−∞" : "∞"
  }

  private func deltaCells(of row: ResultComparison.Row) -> [Table.Cell] {
    let isBaseline = row.name == comparison.baseline?.name && row.origin == comparison.baseline?.origin
    let computed: [Double?] = isBaseline ? [nil, nil] : [row.deltaM, row.taskDeltaM]
    var cells = computed.prefix(deltaTitles.count).map { Table.Cell.optional($0) }
    guard !isPublishedAlone, row.deltaM == nil, let printed = row.printedDeltaM else { return cells }
    let isByTask = comparison.published?.form == .byTaskHigherIsBetter
    // Here lower is better throughout.
    let sign: Double = isByTask ? -1 : 1
    cells[isByTask ? cells.count - 1 : 0] = .number(
      sign * printed.number, deviation: printed.deviation, remark: row.origin == .own ? nil : "printed")
    return cells
  }

  private func printedCells(of row: ResultComparison.Row) -> [Table.Cell] {
    let deltaM = row.printedDeltaM.map { Table.Cell.number($0.number, deviation: $0.deviation) } ?? .missing
    return Array([deltaM, .optional(row.printedMeanRank)].prefix(printedTitles.count))
  }

  // MARK: Caption

  var caption: String {
    ([deltaMeaning, rankMeaning, publishedMeaning].filter { !$0.isEmpty }.joined(separator: " ")
      + Table.explanationOfMarks).trimmingCharacters(in: .whitespaces)
  }

  private var deltaMeaning: String {
    guard let baseline = comparison.baseline else { return "" }
    let owner = baseline.origin == .published ? " as published" : ""
    let tasks = comparison.hasTaskForm ? "; by task, each task counts the same" : ""
    return "Δm is the mean relative change of the metrics against \(baseline.name)\(owner), lower is "
      + "better\(tasks)."
  }

  private var rankMeaning: String {
    comparison.rows.contains { $0.meanRank != nil }
      ? "Mean rank is the rank among the rows without single-task networks, averaged over the metrics; ties "
        + "share it." : ""
  }

  private var publishedMeaning: String {
    guard let table = comparison.published else { return "" }
    let text = "\(table.title) (\(table.name)): \(table.source)."
    return isPublishedAlone ? text : "† published, not measured here: \(text)"
  }
}
