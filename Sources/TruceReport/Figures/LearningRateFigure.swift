import TruceStudy

/// How each method fares over the learning rates.
enum LearningRateFigure: FigureKind {
  static func figures(of material: ReportMaterial) throws(Absence) -> [Figure] {
    let results = material.results
    guard !results.runs.isEmpty else { throw .unremarkable }
    guard results.learningRates.count > 1 else {
      throw Absence("There are no learning-rate curves because the study has a single learning rate.")
    }
    let curves = results.learningRateCurves()
    let views = results.optimizers.compactMap { optimizer -> Figure.View? in
      let mine = curves.filter { $0.setup.optimizer == optimizer }
      return mine.isEmpty ? nil : Figure.View(optimizer, chart: chart(of: mine, material))
    }
    guard !views.isEmpty else { throw .unremarkable }
    let lost = curves.flatMap(\.points).reduce(0) { $0 + $1.failures }
    let gap =
      lost == 0
      ? ""
      : " \(Words.sentence(Words.count(lost, "run"))) that failed or diverged \(lost == 1 ? "is" : "are") left out."
    return [
      Figure(
        id: "learning-rates", title: "How much the learning rate matters",
        caption: """
          \(material.hasSpread ? bandWords : "Value of the one seed at each learning rate.") A \
          curve that is flat around its lowest point is easy to tune; one whose lowest point lies at the end of \
          the tried range may have a better one beyond it.\(gap)
          """, choice: "optimizer", views: views)
    ]
  }

  private static let bandWords =
    "Mean over the finished seeds at each learning rate; the band is one standard deviation to either side."

  private static func chart(of curves: [LearningRateCurve], _ material: ReportMaterial) -> LineChart {
    let series = curves.map { curve -> LineChart.Series in
      let points = curve.points.compactMap { point in point.score.map { (point.learningRate, $0) } }
      let spreads = points.map { $0.1.standardDeviation ?? 0 }
      return LineChart.Series(
        curve.setup.method,
        style: SeriesStyle(method: curve.setup.method),
        x: points.map(\.0), y: points.map(\.1.mean),
        band: zip(points, spreads).contains { $0.1.count > 1 && $1 > 0 }
          ? (
            low: zip(points, spreads).map { $0.1.mean - $1 },
            high: zip(points, spreads).map { $0.1.mean + $1 }
          ) : nil)
    }
    var chart = LineChart(
      xAxis: Axis("learning rate", isLogarithmic: true, ticks: material.results.learningRates),
      yAxis: Axis(material.scoreTitle), series: series)
    chart.bandMeaning = "mean ± std"
    return chart
  }
}
