import TruceRun
import TruceStudy

/// How the best configurations improve over the epochs.
enum LearningCurveFigure: FigureKind {
  static func figures(of material: ReportMaterial) throws(Absence) -> [Figure] {
    let results = material.results
    let best = results.bestConfigurations()
    guard !best.isEmpty else { throw .unremarkable }
    guard
      best.contains(where: { $0.runs.contains { $0.record.measuredEpochCount(split: results.split) > 1 } })
    else {
      throw Absence("There are no learning curves because the runs were measured only once.")
    }
    var views: [Figure.View] = []
    if let reference = results.referenceMetrics {
      let curves = { (run: ScoredRun) in run.record.deltaMCurve(split: results.split, baseline: reference) }
      let axis = Axis(material.scoreTitle)
      views.append(.init("Δm", chart: chart(of: best, material, axis: axis, level: 0, curve: curves)))
    }
    views += results.metrics.indices.map { metricView(of: $0, best, material) }
    return [
      Figure(
        id: "learning-curves", title: "Learning curves of the best configurations",
        caption: """
          \(material.meanWords) on the \(results.split) data after each epoch\(results.rateWords)\
          \(material.hasSpread ? "; the band is one standard deviation to either side" : ""). A curve that still falls (or \
          rises, for a metric where higher is better) at the last epoch belongs to a training that was not finished.
          """, choice: "metric", views: views)
    ]
  }

  private static func metricView(
    of index: Int, _ best: [BestConfiguration], _ material: ReportMaterial
  ) -> Figure.View {
    let results = material.results
    let metric = results.metrics[index]
    let key = MetricKey.metric(metric.name, of: metric.task, split: results.split)
    let title = material.title(of: metric)
    return Figure.View(
      metric.title,
      chart: chart(of: best, material, axis: Axis(title), level: results.baselineValues?[index]) {
        $0.record.epochCurves[key] ?? []
      })
  }

  private static func chart(
    of best: [BestConfiguration], _ material: ReportMaterial, axis: Axis, level: Double?,
    curve: (ScoredRun) -> [CurvePoint]
  ) -> any Chart {
    let series = best.map { configuration -> LineChart.Series in
      let points = Dictionary(grouping: configuration.runs.flatMap(curve), by: \.epoch).sorted {
        $0.key < $1.key
      }
      let summaries = points.compactMap { epoch, points in
        SampleSummary(points.map(\.value)).map { (Double(epoch), $0) }
      }
      return LineChart.Series(
        material.name(of: configuration.variant.setup),
        style: material.style(
          method: configuration.variant.method, optimizer: configuration.variant.optimizer),
        x: summaries.map(\.0), y: summaries.map(\.1.mean), band: band(around: summaries.map(\.1)))
    }
    let last = series.flatMap(\.x).max() ?? 1
    let levels = level.map { [(name: "single-task", value: $0)] } ?? []
    if series.count > mostCurves {
      var chart = MultiplesChart(
        xAxis: .epochs(upTo: last), yAxis: axis, panels: panels(of: zip(best, series)),
        legend: strokes(of: material))
      (chart.bandMeaning, chart.levels) = ("mean ± std", levels)
      return chart
    }
    var chart = LineChart(xAxis: .epochs(upTo: last), yAxis: axis, series: series)
    chart.bandMeaning = "mean ± std"
    chart.levels = levels
    return chart
  }

  /// More curves than this have a panel for each method.
  private static let mostCurves = 12

  private static func panels(
    of curves: some Sequence<(BestConfiguration, LineChart.Series)>
  ) -> [MultiplesChart.Panel] {
    var panels: [MultiplesChart.Panel] = []
    for (configuration, series) in curves {
      if panels.last?.title == configuration.variant.method {
        panels[panels.count - 1].series.append(series)
      } else {
        panels.append(.init(configuration.variant.method, series: [series]))
      }
    }
    return panels
  }

  /// What the strokes stand for, where there are several optimizers.
  private static func strokes(of material: ReportMaterial) -> [LegendEntry] {
    let optimizers = material.results.optimizers
    guard optimizers.count > 1 else { return [] }
    return optimizers.enumerated().map { position, optimizer in
      var style = SeriesStyle.reference
      style.stroke = SeriesStyle(color: 0, stroke: position).stroke
      return LegendEntry(optimizer, style: style)
    }
  }

  /// One standard deviation to either side; nil where there is a single seed.
  private static func band(around summaries: [SampleSummary]) -> (low: [Double], high: [Double])? {
    guard summaries.contains(where: { $0.count > 1 }) else { return nil }
    return (
      summaries.map { $0.mean - ($0.standardDeviation ?? 0) },
      summaries.map { $0.mean + ($0.standardDeviation ?? 0) }
    )
  }
}

extension RunRecord {
  /// How often a split was measured.
  fileprivate func measuredEpochCount(split: String) -> Int {
    epochCurves.filter { $0.key.hasPrefix("\(split)/") }.map(\.value.count).max() ?? 0
  }
}
