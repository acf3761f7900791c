import TruceRun
import TruceStudy

/// How agents come to succeed: all tasks together, and a panel for each.
enum TrialCurveFigure: FigureKind {
  static func figures(of material: ReportMaterial) throws(Absence) -> [Figure] {
    let results = material.results
    let best = results.trialSuccesses().map(\.configuration)
    guard !best.isEmpty else { throw .unremarkable }
    let all = SeedCurves(best, material, over: \.step) { $0.record.successCurve(split: results.split) }
    var views = [Figure.View("all tasks", chart: all.lines(Axis("step"), Axis("share of tasks solved ↑")))]
    for metric in [TaskRecord.success, "return"] {
      let panels = taskNames(results).map { task in
        let key = MetricKey.metric(metric, of: task, split: results.split)
        let curves = SeedCurves(best, material, over: \.step) { $0.record.epochCurves[key] ?? [] }
        return MultiplesChart.Panel(task, series: curves.series)
      }
      views.append(
        .init("\(metric) of each task", chart: all.multiples(panels, Axis("step"), Axis("\(metric) ↑"))))
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
    let curves = parts.map { part -> (part: String, curves: SeedCurves) in
      let key = MetricKey.conflict("share", of: part)
      let curves = SeedCurves(best, material, over: \.step) { $0.record.epochCurves[key] ?? [] }
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
        views: curves.map { part, curves in .init(part, chart: curves.lines(Axis("step"), axis)) })
    ]
  }
}
