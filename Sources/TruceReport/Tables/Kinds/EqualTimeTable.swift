import TruceStudy

/// The best configurations after equal epochs and after equal time.
enum EqualTimeTable: TableKind {
  static func tables(of material: ReportMaterial) throws(Absence) -> [Table] {
    let results = material.results
    guard !results.runs.isEmpty else { throw .unremarkable }
    guard let clock = results.equalWallClock() else {
      throw Absence(
        "There is no comparison at equal time because \(results.gapOfDeltaM ?? "a run recorded no times").")
    }
    let columns: [Table.Column] = [
      .init("method"), .init("optimizer"), .init("training time (s)", .lowerIsBetter, decimals: 1),
      .init("Δm at equal epochs", .lowerIsBetter, decimals: 2, isSigned: true),
      .init("Δm at equal time", .lowerIsBetter, decimals: 2, isSigned: true),
      .init("epochs at equal time", decimals: 1),
    ]
    let rows = clock.rows.map { row in
      Table.Row([
        .text(row.configuration.variant.method), .text(row.configuration.variant.optimizer),
        .number(row.trainingTime.mean, deviation: row.trainingTime.standardDeviation),
        .number(row.atEqualEpochs.mean, deviation: row.atEqualEpochs.standardDeviation),
        .optional(row.atEqualTime?.mean, deviation: row.atEqualTime?.standardDeviation),
        .number(row.epochsAtEqualTime),
      ])
    }
    let dash =
      clock.rows.contains { $0.atEqualTime == nil }
      ? " A dash says that no run had been measured by then." : ""
    return [
      Table(
        id: "equal-time", title: "Equal time instead of equal epochs",
        caption: """
          Δm (%) at the last epoch and after \(NumberText.duration(clock.seconds)) of training, when the quickest run was \
          done, interpolated between measurements. Learning-rate schedules were not shortened to that time, and runs \
          that shared a machine took longer than they would alone.\(dash)
          """, columns: columns, rows: rows)
    ]
  }
}
