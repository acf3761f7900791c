import TruceRun
import TruceStudy

/// Losses, weights and cosines within epochs: for each of the best configurations, and for each run.
enum StepCurveFigure: FigureKind {
  /// A curve has no more points than this; each stands for the steps around it.
  static let mostPoints = 100
  /// That of a single run has fewer, since there may be many.
  static let mostPointsOfRun = 40
  /// With more setups than this, of each run its losses alone are drawn.
  static let mostSetups = 8

  /// What is shown, by the beginning of its keys.
  private struct Quantity {
    let name: String
    let axis: Axis
    /// What a key tells of, a task or two; nil for a key of something else.
    let subject: @Sendable (String) -> String?
  }

  private static let quantities = [
    Quantity(name: "losses", axis: Axis("training loss")) { $0.part(after: "train/", before: "/loss") },
    Quantity(name: "weights", axis: Axis("weight of the task")) { $0.part(after: "weight/", before: "") },
    Quantity(name: "cosines", axis: Axis("cosine between the tasks' gradients"), subject: pair),
  ]

  static func figures(of material: ReportMaterial) throws(Absence) -> [Figure] {
    let figures = [configurations(material), runs(material)].compactMap(\.self)
    guard !figures.isEmpty else { throw .unremarkable }
    return figures
  }

  private static func configurations(_ material: ReportMaterial) -> Figure? {
    let best = material.results.bestConfigurations()
    let views = quantities.compactMap { quantity in
      view(quantity.name, quantity) {
        best.map { (material.name(of: $0.variant.setup), $0.runs.map(\.record), mostPoints) }
      }
    }
    guard !views.isEmpty else { return nil }
    return Figure(
      id: "step-curves", title: "Training step by step",
      caption: """
        Values that were recorded within epochs\(material.results.rateWords), a panel for each method and optimizer. A \
        point is the mean over \(material.seedWords) and the steps around it, at most \(mostPoints) points a curve; \
        the band runs from the smallest to the largest value behind it.
        """, choice: "value", views: views)
  }

  /// Every run by itself, where the best configurations do not show them all already.
  private static func runs(_ material: ReportMaterial) -> Figure? {
    let runs = material.results.runs
    let setups = runs.map(\.variant.setup).reduce(into: [Setup]()) { if !$0.contains($1) { $0.append($1) } }
    guard runs.count > setups.count else { return nil }
    let shown = setups.count > mostSetups ? Array(quantities.prefix(1)) : quantities
    let views = setups.flatMap { setup in
      shown.compactMap { quantity in
        view("\(material.name(of: setup)): \(quantity.name)", quantity) {
          runs.filter { $0.variant.setup == setup }.map { (title(of: $0), [$0.record], mostPointsOfRun) }
        }
      }
    }
    guard !views.isEmpty else { return nil }
    let omitted = setups.count > mostSetups ? " Weights and cosines are drawn for fewer methods only." : ""
    return Figure(
      id: "run-step-curves", title: "Every run step by step",
      caption: """
        Values that each run recorded within epochs, a panel for each learning rate and seed. A point is the mean over \
        the steps around it, at most \(mostPointsOfRun) points a curve; the band runs from the smallest to the largest \
        value behind it.\(omitted)
        """, choice: "runs", views: views)
  }

  private static func title(of run: ScoredRun) -> String {
    "lr \(NumberText.plain(run.variant.learningRate)), seed \(run.seed)"
  }

  /// A view with a panel for each group of runs that has something to draw; nil where none has.
  private static func view(
    _ name: String, _ quantity: Quantity, _ groups: () -> [(title: String, records: [RunRecord], points: Int)]
  ) -> Figure.View? {
    let panels = groups().compactMap { panel($0.title, of: $0.records, quantity.subject, most: $0.points) }
    guard !panels.isEmpty else { return nil }
    let names = Set(panels.flatMap { $0.series.map(\.name) }).sorted()
    var chart = MultiplesChart(
      xAxis: Axis("step"), yAxis: quantity.axis, panels: panels.map { colored($0, names) },
      legend: names.enumerated().map { LegendEntry($1, style: SeriesStyle(color: $0)) })
    chart.bandMeaning = "range"
    return Figure.View(name, chart: chart)
  }

  @Sendable private static func pair(_ key: String) -> String? {
    guard let key = SimilarityKey(key), key.measure == .cosine, let tasks = key.tasks else { return nil }
    return "\(tasks.0) – \(tasks.1)"
  }

  private static func panel(
    _ title: String, of records: [RunRecord], _ name: (String) -> String?, most: Int
  ) -> MultiplesChart.Panel? {
    var points: [String: [CurvePoint]] = [:]
    for record in records {
      for (key, curve) in record.stepCurves {
        if let name = name(key) { points[name, default: []] += curve.filter(\.value.isFinite) }
      }
    }
    let series = points.sorted { $0.key < $1.key }.compactMap { thinned($1, name: $0, most: most) }
    return series.isEmpty ? nil : .init(title, series: series)
  }

  private static func colored(_ panel: MultiplesChart.Panel, _ names: [String]) -> MultiplesChart.Panel {
    var panel = panel
    for index in panel.series.indices {
      panel.series[index].style = SeriesStyle(color: names.firstIndex(of: panel.series[index].name) ?? 0)
    }
    return panel
  }

  /// Puts neighbouring steps together; nil where there is nothing to draw a line through.
  static func thinned(
    _ points: [CurvePoint], name: String, most: Int = mostPoints
  ) -> LineChart.Series? {
    let steps = points.map(\.step)
    guard let first = steps.min(), let last = steps.max(), last > first else { return nil }
    let width = Double(last - first + 1) / Double(most)
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
