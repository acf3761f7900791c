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
    let curves = SeedCurves(best, material, over: \.epoch, curve: curve)
    let epochs = Axis.epochs(upTo: curves.series.flatMap(\.x).max() ?? 1)
    let levels = level.map { [(name: "single-task", value: $0)] } ?? []
    if curves.series.count > mostCurves {
      var chart = curves.multiples(
        panels(of: zip(best, curves.series)), epochs, axis, legend: strokes(of: material))
      chart.levels = levels
      return chart
    }
    var chart = curves.lines(epochs, axis)
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
}

extension RunRecord {
  /// How often a split was measured.
  fileprivate func measuredEpochCount(split: String) -> Int {
    epochCurves.filter { $0.key.hasPrefix("\(split)/") }.map(\.value.count).max() ?? 0
  }
}
