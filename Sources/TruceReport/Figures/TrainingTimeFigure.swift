import TruceStudy

/// What the best configurations cost and what they reach.
enum TrainingTimeFigure: FigureKind {
  static func figures(of material: ReportMaterial) throws(Absence) -> [Figure] {
    let results = material.results
    let best = results.bestConfigurations()
    guard best.contains(where: { $0.runs.contains { $0.seconds > 0 } }) else { throw .unremarkable }
    let groups = best.compactMap { configuration -> ScatterChart.Group? in
      guard let score = configuration.score, let time = SampleSummary(configuration.runs.map(\.seconds))
      else { return nil }
      let (setup, name) = (configuration.variant.setup, material.name(of: configuration.variant.setup))
      let point = ScatterChart.Point(
        name, x: time.mean, y: score.mean, isEmphasised: isUnbeaten(configuration, best))
      let optimizer = results.optimizers.firstIndex(of: setup.optimizer) ?? 0
      return ScatterChart.Group(
        name, style: SeriesStyle(method: setup.method), points: [point],
        symbol: MarkerSymbol(position: optimizer))
    }
    let chart = ScatterChart(
      xAxis: Axis("training time (s)"), yAxis: Axis(material.scoreTitle), groups: groups,
      emphasis: "unbeaten")
    return [
      Figure(
        id: "training-time", title: "What the result costs",
        caption: """
          Training time and score of the best configurations: \(material.meanWords.lowercasedFirst). Outlined points are not beaten \
          in both time and score; a color is a method, a shape an optimizer. Times are those the runs recorded; runs that shared a machine with others took \
          longer than they would alone.
          """,
        views: [.init("time and score", chart: chart)])
    ]
  }

  private static func isUnbeaten(_ configuration: BestConfiguration, _ best: [BestConfiguration]) -> Bool {
    let rows = best.map { [SampleSummary($0.runs.map(\.seconds))?.mean ?? 0, $0.score?.mean ?? 0] }
    let index = best.firstIndex { $0.variant == configuration.variant } ?? 0
    return ParetoFront(rows, higherIsBetter: [false, false]).isOptimal(index)
  }
}
