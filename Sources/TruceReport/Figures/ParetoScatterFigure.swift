import TruceStudy

/// Runs in the plane of two metrics, with the Pareto-optimal ones emphasised.
enum ParetoScatterFigure: FigureKind {
  private static let mostViews = 6

  static func figures(of material: ReportMaterial) throws(Absence) -> [Figure] {
    let results = material.results
    guard !results.runs.isEmpty else { throw .unremarkable }
    let pairs = pairs(of: results.metrics)
    guard !pairs.isEmpty else { throw .unremarkable }
    let front = results.paretoFront()
    let views = pairs.prefix(mostViews).map { x, y in
      let title = "\(results.metrics[x].title) – \(results.metrics[y].title)"
      return Figure.View(title, chart: chart(of: material, front: front, x: x, y: y))
    }
    let omitted =
      pairs.count > mostViews ? " Of \(pairs.count) pairs of metrics the first \(mostViews) are shown." : ""
    let star = results.baselineValues == nil ? "" : " The star is the single-task networks' result."
    return [
      Figure(
        id: "pareto", title: "What one task gains and another pays",
        caption: """
          One point is one run; points that lie on each other are drawn one inside the other. Outlined points are Pareto \
          optimal over all metrics, not only over the two that are shown, so one may look dominated here.\(star)\(omitted)
          """, choice: "metrics", views: views)
    ]
  }

  /// The first metrics of every two tasks; all pairs of metrics where there is one task.
  private static func pairs(of metrics: [MetricColumn]) -> [(Int, Int)] {
    var firsts: [Int] = []
    for index in metrics.indices where !firsts.contains(where: { metrics[$0].task == metrics[index].task }) {
      firsts.append(index)
    }
    let chosen = firsts.count > 1 ? firsts : Array(metrics.indices)
    return chosen.indices.flatMap { i in chosen[(i + 1)...].map { (chosen[i], $0) } }
  }

  private static func chart(
    of material: ReportMaterial, front: ParetoFront, x: Int, y: Int
  ) -> ScatterChart {
    let results = material.results
    let isByMethod = results.optimizers.count == 1
    let names = isByMethod ? results.methods : results.optimizers
    let groups = names.enumerated().map { color, name in
      let members = results.runs.indices.filter {
        (isByMethod ? results.runs[$0].variant.method : results.runs[$0].variant.optimizer) == name
      }
      return ScatterChart.Group(
        name, style: isByMethod ? SeriesStyle(method: name) : SeriesStyle(color: color),
        points: members.map { index in
          let run = results.runs[index]
          return ScatterChart.Point(
            run.name, x: run.values[x], y: run.values[y], isEmphasised: front.isOptimal(index))
        })
    }
    let reference = results.baselineValues.map {
      ScatterChart.Point("single-task", x: $0[x], y: $0[y], isEmphasised: false)
    }
    return ScatterChart(
      xAxis: Axis(material.title(of: results.metrics[x])),
      yAxis: Axis(material.title(of: results.metrics[y])),
      groups: groups, emphasis: "Pareto optimal", reference: reference)
  }
}
