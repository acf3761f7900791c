import TruceRun
import TruceStudy

/// Losses, weights and cosines within epochs, for each of the best configurations.
enum StepCurveFigure: FigureKind {
  /// A curve has no more points than this; each stands for the steps around it.
  static let mostPoints = 100

  /// What is shown, by the beginning of its keys.
  private static let quantities: [(name: String, axis: Axis, subject: @Sendable (String) -> String?)] = [
    ("losses", Axis("training loss"), { $0.part(after: "train/", before: "/loss") }),
    ("weights", Axis("weight of the task"), { $0.part(after: "weight/", before: "") }),
    ("cosines", Axis("cosine between the tasks' gradients"), pair),
  ]

  static func figures(of material: ReportMaterial) throws(Absence) -> [Figure] {
    let best = material.results.bestConfigurations()
    let views = quantities.compactMap { quantity -> Figure.View? in
      let panels = best.compactMap { panel(of: $0, material, quantity.subject) }
      guard !panels.isEmpty else { return nil }
      let names = Set(panels.flatMap { $0.series.map(\.name) }).sorted()
      var chart = MultiplesChart(
        xAxis: Axis("step"), yAxis: quantity.axis, panels: panels.map { colored($0, names) },
        legend: names.enumerated().map { LegendEntry($1, style: SeriesStyle(color: $0)) })
      chart.bandMeaning = "range"
      return Figure.View(quantity.name, chart: chart)
    }
    guard !views.isEmpty else { throw .unremarkable }
    return [
      Figure(
        id: "step-curves", title: "Training step by step",
        caption: """
          Values that were recorded within epochs\(material.results.rateWords), a panel for each method and optimizer. A \
          point is the mean over \(material.seedWords) and the steps around it, at most \(mostPoints) points a curve; \
          the band runs from the smallest to the largest value behind it.
          """, choice: "value", views: views)
    ]
  }

  @Sendable private static func pair(_ key: String) -> String? {
    guard let key = SimilarityKey(key), key.measure == .cosine, let tasks = key.tasks else { return nil }
    return "\(tasks.0) – \(tasks.1)"
  }

  private static func panel(
    of configuration: BestConfiguration, _ material: ReportMaterial, _ name: (String) -> String?
  ) -> MultiplesChart.Panel? {
    var points: [String: [CurvePoint]] = [:]
    for run in configuration.runs {
      for (key, curve) in run.record.stepCurves {
        if let name = name(key) { points[name, default: []] += curve.filter(\.value.isFinite) }
      }
    }
    let series = points.sorted { $0.key < $1.key }.compactMap { thinned($1, name: $0) }
    guard !series.isEmpty else { return nil }
    return .init(material.name(of: configuration.variant.setup), series: series)
  }

  private static func colored(_ panel: MultiplesChart.Panel, _ names: [String]) -> MultiplesChart.Panel {
    var panel = panel
    for index in panel.series.indices {
      panel.series[index].style = SeriesStyle(color: names.firstIndex(of: panel.series[index].name) ?? 0)
    }
    return panel
  }

  /// Puts neighbouring steps together; nil where there is nothing to draw a line through.
  static func thinned(_ points: [CurvePoint], name: String) -> LineChart.Series? {
    let steps = points.map(\.step)
    guard let first = steps.min(), let last = steps.max(), last > first else { return nil }
    let width = Double(last - first + 1) / Double(mostPoints)
    let groups = Dictionary(grouping: points) { Int(Double($0.step - first) / width) }
    // Sums round by their order, so that order must not be a dictionary's.
    let sorted = groups.sorted { $0.key < $1.key }.map { group in
      group.value.sorted { ($0.step, $0.value) < ($1.step, $1.value) }
    }
    let summaries = sorted.compactMap { points in
      SampleSummary(points.map(\.value)).map { (x: middle(of: points.map(\.step)), y: $0) }
    }
    return LineChart.Series(
      name, style: .reference, x: summaries.map(\.x), y: summaries.map(\.y.mean),
      band: (low: summaries.map(\.y.minimum), high: summaries.map(\.y.maximum)))
  }

  private static func middle(of steps: [Int]) -> Double {
    Double((steps.min() ?? 0) + (steps.max() ?? 0)) / 2
  }
}

extension String {
  /// What stands between a beginning and an end; nil where the text has not both.
  fileprivate func part(after beginning: String, before end: String) -> String? {
    guard hasPrefix(beginning), hasSuffix(end), count > beginning.count + end.count else { return nil }
    return String(dropFirst(beginning.count).dropLast(end.count))
  }
}
