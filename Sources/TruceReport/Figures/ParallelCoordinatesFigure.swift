import TruceStudy

/// All runs as lines over one axis a metric.
enum ParallelCoordinatesFigure: FigureKind {
  static func figures(of material: ReportMaterial) throws(Absence) -> [Figure] {
    let results = material.results
    guard !results.runs.isEmpty else { throw .unremarkable }
    guard results.metrics.count > 1 else {
      throw Absence("There is no parallel-coordinates plot because the study measures a single metric.")
    }
    var views = [
      Figure.View("optimizer", chart: chart(of: results, groups: results.optimizers, by: \.optimizer))
    ]
    if results.methods.count > 1 || results.optimizers.count == 1 {
      views.append(.init("method", chart: chart(of: results, groups: results.methods, by: \.method)))
    }
    return [
      Figure(
        id: "parallel-coordinates", title: "All runs over all metrics",
        caption: """
          One line is one run (every method, optimizer, learning rate and seed); one axis is one metric of the \
          \(results.split) data, with the better end at the top. Saturated lines are Pareto optimal: no other run is at \
          least as good in every metric and better in one. Drag along an axis to keep only the runs within a range; \
          click the axis to release it.
          """, choice: "colored by", views: results.optimizers.count == 1 ? views.suffix(1) : views)
    ]
  }

  private static func chart(
    of results: StudyResults, groups: [String], by group: KeyPath<Variant, String>
  ) -> ParallelChart {
    let plot = results.parallelCoordinates()
    return ParallelChart(
      axes: plot.axes.map { .init($0.metric.title, bottom: $0.worst, top: $0.best) }, groups: groups,
      styles: group == \.method ? groups.map { SeriesStyle(method: $0) } : nil,
      lines: results.runs.enumerated().map { index, run in
        ParallelChart.Line(
          run.name, group: groups.firstIndex(of: run.variant[keyPath: group]) ?? 0, values: run.values,
          isEmphasised: plot.isOptimal[index])
      }, emphasis: "Pareto optimal")
  }
}
