import TruceRun
import TruceStudy

/// The runs in the study's folder that its file has no more.
enum EarlierTable {
  /// A section with the table; none where there is no such run.
  static func sections(of runs: [EarlierRun]) -> [ReportSection] {
    guard !runs.isEmpty else { return [] }
    return [
      ReportSection(
        "Runs of an earlier study file",
        paragraphs: [
          """
          The study file was changed after \(Words.count(runs.count, "run")) had been made. \
          \(runs.count == 1 ? "It is" : "They are") still in the folder and enter\(runs.count == 1 ? "s" : "") none of the \
          numbers above.
          """
        ], tables: [table(of: runs)])
    ]
  }

  private static func table(of runs: [EarlierRun]) -> Table {
    var seen: Set<String> = []
    let metrics = runs.flatMap(\.metrics).map(\.key).filter { seen.insert($0).inserted }
    let columns: [Table.Column] =
      [
        .init("method"), .init("optimizer"), .learningRate, .init("seed", decimals: 0), .init("tasks"),
        .init("state"),
      ] + metrics.map { Table.Column($0) } + [.init("folder")]
    return Table(
      id: "earlier-runs", title: "Runs of an earlier study file",
      caption: "Runs that are in the folder but not in the study, with their last measurement.",
      columns: columns, rows: runs.map { row(of: $0, metrics: metrics) }, isLong: true)
  }

  private static func row(of run: EarlierRun, metrics: [String]) -> Table.Row {
    let values = metrics.map { key in Table.Cell.optional(run.metrics.first { $0.key == key }?.value) }
    return Table.Row(
      [
        .text(run.method), .text(run.optimizer), .number(run.learningRate), .number(Double(run.key.seed)),
        .text(run.task ?? "all"), .text(run.state),
      ] + values + [.text(run.key.description)])
  }
}
