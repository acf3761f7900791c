import TruceRun
import TruceStudy

/// Every finished run, with who dominates it.
enum RunTable: TableKind {
  static func tables(of material: ReportMaterial) throws(Absence) -> [Table] {
    let results = material.results
    guard !results.runs.isEmpty else { throw .unremarkable }
    let front = results.paretoFront()
    let deltaM = results.hasDeltaM ? [Table.Column("Δm (%)", decimals: 2, isSigned: true)] : []
    let columns: [Table.Column] =
      [.init("method"), .init("optimizer"), .learningRate, .init("seed", decimals: 0)]
      + results.metrics.map { Table.Column($0.title) } + deltaM
      + [
        .init("time (s)", decimals: 1), .init("machine"), .init("device"), .init("threads", decimals: 0),
        .init("dominated by", decimals: 0), .init("for instance by"),
      ]
    let rows = results.runs.enumerated().map { index, run in
      let metrics = run.values.map { Table.Cell.number($0) }
      let score: [Table.Cell] = results.hasDeltaM ? [.optional(run.deltaM)] : []
      let dominators = front.dominators[index]
      let example: Table.Cell = dominators.first.map { .text(results.runs[$0].name) } ?? "Pareto optimal"
      return Table.Row(
        [.text(run.variant.method), .text(run.variant.optimizer)]
          + [.number(run.variant.learningRate), .number(Double(run.seed))] + metrics + score
          + [.number(run.seconds)] + hardware(of: run.record)
          + [.number(Double(dominators.count)), example])
    }
    return [
      Table(
        id: "runs", title: "All finished runs",
        caption: """
          Each run on the \(results.split) data, where it took place, how many runs dominate it, and one that does.
          """,
        columns: columns, rows: rows, isLong: true)
    ]
  }

  /// The machine, the device and the threads of a run.
  private static func hardware(of record: RunRecord) -> [Table.Cell] {
    guard let environment = record.environment else { return [.missing, .missing, .missing] }
    return [
      .text(environment.host), .text(environment.device), .number(Double(environment.threads)),
    ]
  }
}
