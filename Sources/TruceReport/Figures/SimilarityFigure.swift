import TruceRun
import TruceStudy

/// How alike the gradients of tasks and of samples are during training.
enum SimilarityFigure: FigureKind {
  static func figures(of material: ReportMaterial) throws(Absence) -> [Figure] {
    let summaries = material.results.records.similarities()
    guard !summaries.isEmpty else { throw .unremarkable }
    let views = SimilarityKey.Measure.allCases.compactMap { measure -> Figure.View? in
      let mine = summaries.filter { $0.measure == measure }
      return mine.isEmpty ? nil : Figure.View(measure.title, chart: chart(of: mine, measure))
    }
    let steps = summaries[0].epochs.reduce(0) { $0 + $1.steps }
    return [
      Figure(
        id: "similarity", title: "Gradient similarity during training",
        caption: """
          Mean over all comparisons of an epoch, \(Words.count(steps, "measured step")) in all; the band runs from their 2.5th to their 97.5th percentile. \
          Between tasks, the gradients of different tasks for the same sample are compared; between samples, those of \
          different samples for the same task. A negative cosine is a conflict in direction; a magnitude similarity \
          of 1 is equal size.
          """, choice: "measure", views: views)
    ]
  }

  private static func chart(of summaries: [SimilaritySummary], _ measure: SimilarityKey.Measure) -> LineChart
  {
    let series = summaries.map { summary in
      LineChart.Series(
        title(of: summary.kind), style: SeriesStyle(color: summary.kind == .interTask ? 1 : 0),
        x: summary.epochs.map { Double($0.epoch) }, y: summary.epochs.map(\.values.mean),
        band: (low: summary.epochs.map(\.low), high: summary.epochs.map(\.high)))
    }
    let last = series.flatMap(\.x).max() ?? 1
    var chart = LineChart(xAxis: .epochs(upTo: last), yAxis: Axis(measure.title), series: series)
    chart.bandMeaning = "2.5–97.5 percentile"
    if measure == .cosine || measure == .product { chart.levels = [(name: "no conflict above", value: 0)] }
    return chart
  }

  private static func title(of kind: SimilarityKey.Kind) -> String {
    kind == .interTask ? "between tasks" : "between samples"
  }
}
