import TruceStudy

/// How many Pareto-optimal runs each optimizer and method has.
enum ParetoCountTable: TableKind {
  static func tables(of material: ReportMaterial) throws(Absence) -> [Table] {
    let results = material.results
    guard !results.runs.isEmpty else { throw .unremarkable }
    let count = results.paretoCount()
    let others = results.optimizers.count > 1 ? results.optimizers : []
    let columns =
      [
        Table.Column("optimizer"), .init("runs", decimals: 0),
        .init("full pool", decimals: 0),
      ]
      + others.map { Table.Column("against \($0)", decimals: 0) }
      + results.methods.map { Table.Column($0, decimals: 0) }
    let rows = count.rows.map { row in
      let against = others.map { other -> Table.Cell in
        other == row.optimizer ? .missing : .optional(row.against[other].map(Double.init))
      }
      let methods = results.methods.map { Table.Cell.number(Double(row.fullPoolByMethod[$0] ?? 0)) }
      return Table.Row(
        [.text(row.optimizer), .number(Double(row.runs)), .number(Double(row.fullPool))] + against + methods)
    }
    return [
      Table(
        id: "pareto-counts", title: "Pareto-optimal runs",
        caption: """
          A run is Pareto optimal if no other run is at least as good in every metric and better in one. “Full pool” \
          holds each run against \(results.runs.count == 1 ? "the one run" : "all \(results.runs.count) runs"); “against” an optimizer, only against that \
          optimizer's runs. The columns of methods split the full-pool count. An optimizer with more runs has more \
          chances.
          """, columns: columns, rows: rows)
    ]
  }
}
