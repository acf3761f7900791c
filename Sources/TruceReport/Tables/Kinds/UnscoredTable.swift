import TruceRun
import TruceStudy

/// The runs that did not finish, with their reasons.
enum UnscoredTable: TableKind {
  static func tables(of material: ReportMaterial) throws(Absence) -> [Table] {
    let unscored = material.results.unscored
    guard !unscored.isEmpty else { throw .unremarkable }
    let columns: [Table.Column] = [
      .init("method"), .init("optimizer"), .learningRate, .init("seed", decimals: 0), .init("tasks"),
      .init("state"), .init("epochs", decimals: 0), .init("reason"),
    ]
    return [
      Table(
        id: "unscored-runs", title: "Runs that are not counted",
        caption: "Runs that failed, diverged, were called off, have not finished or cannot be read.",
        columns: columns,
        rows: unscored.map(row))
    ]
  }

  private static func row(of run: UnscoredRun) -> Table.Row {
    let configuration = run.record.configuration
    return Table.Row([
      .text(run.variant.method), .text(run.variant.optimizer), .number(run.variant.learningRate),
      .number(Double(configuration.seed)), .text(configuration.tasks?.joined(separator: ", ") ?? "all"),
      .text(run.status?.rawValue ?? run.record.state),
      .number(Double(run.record.measuredEpochs)), run.reason.map { .text($0) } ?? .missing,
    ])
  }
}

extension RunRecord {
  /// How a run that has not ended stands.
  fileprivate var state: String {
    damage != nil ? "damaged" : beginning == nil ? "waiting" : "running"
  }

  /// The epochs that have been measured.
  fileprivate var measuredEpochs: Int {
    epochCurves.values.compactMap { $0.last?.epoch }.max() ?? 0
  }
}
