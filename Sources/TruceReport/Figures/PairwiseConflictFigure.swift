import TruceRun
import TruceStudy

/// Which tasks' gradients agree and which fight.
enum PairwiseConflictFigure: FigureKind {
  static func figures(of material: ReportMaterial) throws(Absence) -> [Figure] {
    let records = material.results.records
    let views = [SimilarityKey.Measure.cosine, .magnitude, .conflicting].compactMap { measure in
      records.pairwiseSimilarity(measure).map { matrix in
        Figure.View(measure.title, chart: chart(of: matrix, measure))
      }
    }
    guard !views.isEmpty else { throw .unremarkable }
    let steps =
      records.similarities().first { $0.kind == .interTask }?.epochs.reduce(0) { $0 + $1.steps } ?? 0
    return [
      Figure(
        id: "conflict", title: "Which tasks conflict",
        caption: """
          Mean over the whole training for each pair of tasks, measured in \(Words.count(steps, "step")). For the cosine, orange is conflict and blue is \
          agreement; for the magnitude similarity, orange is unequal and blue is equal size.
          """, choice: "measure", views: views)
    ]
  }

  private static func chart(
    of matrix: (tasks: [String], means: [[Double]]), _ measure: SimilarityKey.Measure
  ) -> HeatMapChart {
    HeatMapChart(
      columns: matrix.tasks, rows: matrix.tasks, values: matrix.means, quantity: "mean \(measure.title)",
      range: measure == .cosine ? -1...1 : 0...1)
  }
}
