import TruceStudy

/// Each method's best result with one optimizer and with another.
enum OptimizerSlopeFigure: FigureKind {
  static func figures(of material: ReportMaterial) throws(Absence) -> [Figure] {
    let results = material.results
    guard !results.runs.isEmpty else { throw .unremarkable }
    let slopes = results.allSlopes()
    guard !slopes.isEmpty else {
      throw Absence(
        results.optimizers.count < 2
          ? "There is no slope chart because the study has a single optimizer."
          : "There is no slope chart because no method was run with two optimizers.")
    }
    let views = slopes.map { slope in
      let items = slope.slopes.map { SlopeChart.Item($0.method, left: $0.left.mean, right: $0.right.mean) }
      return Figure.View(
        "\(slope.left) → \(slope.right)",
        chart: SlopeChart(
          left: slope.left, right: slope.right, axis: Axis(material.scoreTitle), items: items))
    }
    return [
      Figure(
        id: "optimizer-slopes", title: "What a change of optimizer does to each method",
        caption: """
          \(material.meanWords)\(results.rateWords). Parallel lines say \
          that the optimizer matters alike for all methods; crossing lines, that the best method depends on the \
          optimizer.
          """, choice: "optimizers", views: views)
    ]
  }
}
