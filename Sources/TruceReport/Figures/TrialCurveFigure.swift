import TruceRun
import TruceStudy

/// How agents come to succeed: all tasks together, and a panel for each.
enum TrialCurveFigure: FigureKind {
  static func figures(of material: ReportMaterial) throws(Absence) -> [Figure] {
    let results = material.results
    let best = results.trialSuccesses().map(\.configuration)
    guard !best.isEmpty else { throw .unremarkable }
    let all = StepCurves(best, material) { $0.successCurve(split: results.split) }
    var views = [Figure.View("all tasks", chart: all.lines(Axis("share of tasks solved ↑")))]
    for metric in [TaskRecord.success, "return"] {
      let panels = taskNames(results).map { task in
        let key = MetricKey.metric(metric, of: task, split: results.split)
        return MultiplesChart.Panel(
          task, series: StepCurves(best, material) { $0.epochCurves[key] ?? [] }.series)
      }
      views.append(.init("\(metric) of each task", chart: all.multiples(panels, Axis("\(metric) ↑"))))
    }
    return [
      Figure(
        id: "success-curves", title: "Success over training",
        caption: """
          \(material.meanWords) on the \(results.split) episodes after each epoch, by steps of all environments\
          \(material.hasSpread ? "; the band is one standard deviation to either side" : ""). \(material.conditionWords)
          """, choice: "view", views: views)
    ]
  }

  private static func taskNames(_ results: StudyResults) -> [String] {
    results.metrics.filter { $0.name == TaskRecord.success }.map(\.task)
  }
}

/// How much the tasks' gradients fight in the actor and in the critics, over training.
enum ConflictCurveFigure: FigureKind {
  private static let parts = ["critic", "actor"]

  static func figures(of material: ReportMaterial) throws(Absence) -> [Figure] {
    let best = material.results.trialSuccesses().map(\.configuration)
    guard !best.isEmpty else { throw .unremarkable }
    let curves = parts.map { part -> (part: String, curves: StepCurves) in
      let curves = StepCurves(best, material) { $0.epochCurves["conflict/\(part)/share"] ?? [] }
      return (part: part, curves: curves)
    }.filter { $0.curves.series.contains { !$0.x.isEmpty } }
    guard !curves.isEmpty else {
      throw Absence(
        "There is no conflict over training because the runs did not measure it (conflict_every).")
    }
    let axis = Axis("share of task pairs in conflict")
    return [
      Figure(
        id: "conflict-curves", title: "Conflict over training",
        caption: """
          The share of task pairs whose gradients have a negative product, mean of an epoch's measurements\
          \(material.hasSpread ? "; the band is one standard deviation over seeds to either side" : "").
          """, choice: "network",
        views: curves.map { part, curves in .init(part, chart: curves.lines(axis)) })
    ]
  }
}

/// Curves over steps, one for each configuration: means over its seeds, with their spread.
struct StepCurves {
  /// The curves.
  let series: [LineChart.Series]

  /// Draws a value of each run.
  init(
    _ configurations: [BestConfiguration], _ material: ReportMaterial,
    curve: (RunRecord) -> [CurvePoint]
  ) {
    series = configurations.map { configuration in
      let points = Dictionary(grouping: configuration.runs.flatMap { curve($0.record) }, by: \.step)
      let summaries = points.sorted { $0.key < $1.key }.compactMap { step, points in
        SampleSummary(points.map(\.value)).map { (step: Double(step), summary: $0) }
      }
      let variant = configuration.variant
      return LineChart.Series(
        material.name(of: variant.setup),
        style: material.style(method: variant.method, optimizer: variant.optimizer),
        x: summaries.map(\.step), y: summaries.map(\.summary.mean),
        band: Self.band(around: summaries.map(\.summary)))
    }
  }

  private static func band(around summaries: [SampleSummary]) -> (low: [Double], high: [Double])? {
    guard summaries.contains(where: { $0.count > 1 }) else { return nil }
    let spreads = summaries.map { $0.standardDeviation ?? 0 }
    return (zip(summaries, spreads).map { $0.mean - $1 }, zip(summaries, spreads).map { $0.mean + $1 })
  }

  /// All curves in one panel.
  func lines(_ axis: Axis) -> LineChart {
    var chart = LineChart(xAxis: Axis("step"), yAxis: axis, series: series)
    chart.bandMeaning = "mean ± std"
    return chart
  }

  /// Panels of curves in the colors of these.
  func multiples(_ panels: [MultiplesChart.Panel], _ axis: Axis) -> MultiplesChart {
    var chart = MultiplesChart(
      xAxis: Axis("step"), yAxis: axis, panels: panels,
      legend: series.map { LegendEntry($0.name, style: $0.style) })
    chart.bandMeaning = "mean ± std"
    return chart
  }
}
