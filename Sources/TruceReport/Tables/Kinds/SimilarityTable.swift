import TruceRun
import TruceStudy

/// Gradient similarity over the whole training, by pair of tasks and by task.
enum SimilarityTable: TableKind {
  static func tables(of material: ReportMaterial) throws(Absence) -> [Table] {
    let summaries = material.results.records.similarities(bySubject: true)
    guard !summaries.isEmpty else { throw .unremarkable }
    let columns: [Table.Column] = [
      .init("compared"), .init("of"), .init("measure"), .init("steps", decimals: 0),
      .init("comparisons", decimals: 0),
      .init("mean", decimals: 3), .init("below zero (%)", decimals: 1),
    ]
    return [
      Table(
        id: "similarities", title: "Gradient similarity over the whole training",
        caption: """
          Means over all epochs' comparisons, which were made in so many steps of the runs together. For the cosine, the share below zero is the share of comparisons in \
          conflict.
          """, columns: columns, rows: summaries.map(row))
    ]
  }

  private static func row(of summary: SimilaritySummary) -> Table.Row {
    let count = summary.epochs.reduce(0) { $0 + $1.values.count }
    let sum = summary.epochs.reduce(0) { $0 + $1.values.mean * Double($1.values.count) }
    let negative = summary.epochs.reduce(0) { $0 + $1.negativeShare * Double($1.values.count) }
    let hasSign = summary.measure == .cosine || summary.measure == .product
    return Table.Row([
      .text(summary.kind == .interTask ? "tasks" : "samples"),
      .text((summary.subject ?? "all").replacing("~", with: " – ")), .text(summary.measure.title),
      .number(Double(summary.epochs.reduce(0) { $0 + $1.steps })), .number(Double(count)),
      .number(sum / Double(count)),
      hasSign ? .number(100 * negative / Double(count)) : .missing,
    ])
  }
}
