import TruceRun
import TruceStudy

/// Every method and optimizer at its best learning rate: metrics, Δm and mean rank.
enum RankingTable: TableKind {
  static func tables(of material: ReportMaterial) throws(Absence) -> [Table] {
    let results = material.results
    let rows = results.ranking().rows
    guard !rows.isEmpty else { throw Absence("There is no table of results because no run has finished.") }
    let metrics = results.metrics.map { Table.Column($0.title, .init(higherIsBetter: $0.higherIsBetter)) }
    let deltaM =
      results.hasDeltaM ? [Table.Column("Δm (%)", .lowerIsBetter, decimals: 2, isSigned: true)] : []
    let columns: [Table.Column] =
      [.init("method"), .init("optimizer"), .learningRate] + metrics + deltaM
      + [.init("mean rank", .lowerIsBetter, decimals: 2)]
    let references = material.comparableReferences
    return [
      Table(
        id: "results", title: "Results",
        caption: """
          \(material.spreadWords) on the \(results.split) data\(results.rateWords). \(deltaMeaning(results))Mean rank is the rank among the rows, averaged over \
          the metrics.\(references.isEmpty ? "" : meaningOfReferences)\(Table.explanationOfMarks)
          """, columns: columns,
        rows: references.map { cells(of: $0, results) } + baseline(of: results)
          + rows.map { cells(of: $0, hasDeltaM: results.hasDeltaM) }
      )
    ]
  }

  private static func deltaMeaning(_ results: StudyResults) -> String {
    results.gapOfDeltaM.map { "There is no Δm because \($0). " }
      ?? "Δm is the mean relative change against the single-task networks; below zero is better than them. "
  }

  private static let meaningOfReferences =
    " The first rows are answers that ignore the input, learned from the training data."

  private static func cells(of answer: ReferenceAnswers.Answer, _ results: StudyResults) -> Table.Row {
    let values = results.metrics.map { column in
      answer.metrics.first {
        $0.task == column.task && $0.name == column.name && $0.split == results.split
      }
    }
    let rest: [Table.Cell] = results.hasDeltaM ? [.missing, .missing] : [.missing]
    return Table.Row(
      [.text(answer.name), .missing, .missing] + values.map { .optional($0?.value) } + rest,
      isReference: true)
  }

  private static func baseline(of results: StudyResults) -> [Table.Row] {
    guard let values = results.baselineValues else { return [] }
    let optimizers = Set(results.baselines.map(\.optimizer)).sorted().joined(separator: ", ")
    let cells: [Table.Cell] =
      ["single-task", .text(optimizers), .missing] + values.map { .number($0) }
      + (results.hasDeltaM ? [.missing, .missing] : [.missing])
    return [Table.Row(cells, isReference: true)]
  }

  private static func cells(of row: MethodRanking.Row, hasDeltaM: Bool) -> Table.Row {
    let configuration = row.configuration
    let metrics = configuration.metrics.map { Table.Cell.number($0.mean, deviation: $0.standardDeviation) }
    let deltaM: [Table.Cell] =
      hasDeltaM
      ? [.optional(configuration.deltaM?.mean, deviation: configuration.deltaM?.standardDeviation)] : []
    return Table.Row(
      [.text(configuration.variant.method), .text(configuration.variant.optimizer)]
        + [.number(configuration.variant.learningRate)] + metrics + deltaM
        + [.number(row.meanRank)])
  }
}

extension ReportMaterial {
  /// The answers that ignore the input, where they were measured on the split that is shown and averaged as the runs were.
  fileprivate var comparableReferences: [ReferenceAnswers.Answer] {
    guard let references else { return [] }
    return results.records.allSatisfy { references.isComparable(with: $0.configuration) }
      ? references.answers : []
  }
}
