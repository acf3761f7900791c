import TruceRun
import TruceStudy

/// What training looked like from inside: losses at its end, conflict between gradients, time.
enum TrainingTable: TableKind {
  static func tables(of material: ReportMaterial) throws(Absence) -> [Table] {
    let results = material.results
    let best = results.bestConfigurations()
    guard !best.isEmpty else { throw .unremarkable }
    let tasks = best.first?.runs.first?.record.beginning?.tasks.map(\.name) ?? []
    let losses = tasks.filter { task in best.contains { loss(of: task, in: $0) != nil } }
    let hasConflict = best.contains { conflict(in: $0) != nil }
    let columns =
      [Table.Column("method"), .init("optimizer"), .learningRate]
      + losses.map { Table.Column("\($0) training loss") }
      + (hasConflict ? [Table.Column("conflict (%)", decimals: 0), .init("in steps", decimals: 0)] : [])
      + [.init("time per step (ms)", .lowerIsBetter, decimals: 1)]
    return [
      Table(
        id: "training", title: "Training at the best learning rate",
        caption: """
          \(material.spreadWords): each task's loss on the training data in the last epoch, \
          \(hasConflict ? Self.conflictWords : "")and the median time of a step. A low training \
          loss is no merit of its own, so losses are not ranked.
          """, columns: columns,
        rows: best.map { configuration in
          let variant = configuration.variant
          let conflict =
            hasConflict ? [cell(Self.conflict(in: configuration)), Self.steps(in: configuration)] : []
          return Table.Row(
            [.text(variant.method), .text(variant.optimizer), .number(variant.learningRate)]
              + losses.map { cell(loss(of: $0, in: configuration)) } + conflict
              + [cell(milliseconds(in: configuration))])
        })
    ]
  }

  private static func loss(of task: String, in configuration: BestConfiguration) -> SampleSummary? {
    let key = MetricKey.loss(task, split: "train")
    return SampleSummary(configuration.runs.compactMap { $0.record.epochCurves[key]?.last?.value })
  }

  private static func conflict(in configuration: BestConfiguration) -> SampleSummary? {
    SampleSummary(configuration.runs.compactMap { $0.record.summary?.conflictShare.map { 100 * $0 } })
  }

  private static let conflictWords =
    "the share of task pairs whose gradients had a negative product, with the number of steps of all seeds in which it "
    + "was measured, "

  private static func steps(in configuration: BestConfiguration) -> Table.Cell {
    let steps = configuration.runs.compactMap(\.record.conflictSteps)
    return steps.isEmpty ? .missing : .number(Double(steps.reduce(0, +)))
  }

  private static func milliseconds(in configuration: BestConfiguration) -> SampleSummary? {
    SampleSummary(configuration.runs.compactMap { $0.record.summary?.secondsPerStep.map { 1000 * $0 } })
  }

  private static func cell(_ summary: SampleSummary?) -> Table.Cell {
    .optional(summary?.mean, deviation: summary?.standardDeviation)
  }
}
