import TruceRun
import TruceStudy

/// The best configurations beside the rows of a paper, which the study file names.
enum PublishedRowsTable: TableKind {
  static func tables(of material: ReportMaterial) throws(Absence) -> [Table] {
    guard let published = material.published else { throw .unremarkable }
    let own = ownRows(of: material)
    guard !own.rows.isEmpty else { throw .unremarkable }
    let comparison: ResultComparison
    do {
      try published.checkConditions(of: material.results.records)
      comparison = try ResultComparison(own: own, published: published)
    } catch {
      throw Absence("The rows of \(published.name) are not shown because \(error).")
    }
    var table = Table(comparison)
    table.id = "published"
    table.title = "Beside published results"
    let notes = (comparison.notes + published.notes).joined(separator: " ")
    table.caption = table.caption.replacing(
      Table.explanationOfMarks, with: " \(notes)\(Table.explanationOfMarks)")
    return [table]
  }

  private static func ownRows(of material: ReportMaterial) -> ResultTable {
    let results = material.results
    let rows = results.ranking().rows.map { row in
      ResultTable.Row(
        material.name(of: row.configuration.variant.setup),
        row.configuration.metrics.map {
          ResultTable.Value($0.mean, deviation: $0.standardDeviation, decimals: 4)
        })
    }
    let alone = results.baselineValues.map { values in
      ResultTable.Row("single-task", values.map { ResultTable.Value($0, decimals: 4) })
    }
    return ResultTable(
      metrics: results.metrics.map {
        ResultMetric(
          $0.title, of: $0.task, higherIsBetter: $0.higherIsBetter, measured: .init($0.task, $0.name))
      }, rows: rows.isEmpty ? [] : (alone.map { [$0] } ?? []) + rows)
  }
}
