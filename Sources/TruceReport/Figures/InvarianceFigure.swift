import TruceRun
import TruceStudy

/// How far the updates of runs with scaled losses are from those without, step by step.
enum InvarianceFigure: FigureKind {
  /// Where exact agreement is drawn on a logarithmic axis.
  private static let floor = 1e-17

  static func figures(of material: ReportMaterial) throws(Absence) -> [Figure] {
    let comparisons = try material.lossScaleComparisons()
    let panels = comparisons.flatMap { comparison in comparison.parts.map { Panel(comparison, $0) } }
    var seen: Set<Panel> = []
    let views = panels.filter { seen.insert($0).inserted }.map { panel in
      Figure.View(panel.title, chart: chart(of: panel, comparisons, material))
    }
    return [
      Figure(
        id: "loss-scale-invariance", title: "Do the updates depend on the losses' scales?",
        caption: """
          Two runs differ only in what their losses are multiplied by. A curve is the relative difference of their \
          parameter updates, ‖u′ − u‖ / ‖u‖, in each step; below the line of \(NumberText.plain(LossScaleInvariance.threshold)) \
          the training does not notice the scales. Exact agreement is drawn at \(NumberText.plain(floor)).
          """, choice: "part", views: views)
    ]
  }

  /// A part of the network under some scales: one view.
  private struct Panel: Hashable {
    let isFrozen: Bool
    let scales: [Double]
    let part: String

    init(_ comparison: LossScaleInvariance.Comparison, _ part: LossScaleInvariance.Part) {
      isFrozen = comparison.isFrozen
      scales = comparison.scales
      self.part = part.name
    }

    var title: String {
      "\(part), \(isFrozen ? "frozen" : "free") backbone, × \(InvarianceTable.text(of: scales))"
    }
  }

  private static func chart(
    of panel: Panel, _ comparisons: [LossScaleInvariance.Comparison], _ material: ReportMaterial
  ) -> LineChart {
    let setups = comparisons.map(\.variant.setup)
    let styles = Styles(setups)
    let series = comparisons.flatMap { comparison in
      comparison.parts.filter { Panel(comparison, $0) == panel }.map { part in
        LineChart.Series(
          comparison.variant.setup.description, style: styles.style(of: comparison.variant.setup),
          x: part.steps.map(Double.init),
          y: part.differences.map { $0.isFinite ? max($0, floor) : $0 })
      }
    }
    var chart = LineChart(
      xAxis: Axis("step"), yAxis: Axis("relative difference of updates", isLogarithmic: true), series: series)
    chart.levels = [(name: "invariant below", value: LossScaleInvariance.threshold)]
    return chart
  }

  /// A color for each method and a stroke for each optimizer.
  private struct Styles {
    private let optimizers: [String]

    init(_ setups: [Setup]) {
      optimizers = Set(setups.map(\.optimizer)).sorted()
    }

    func style(of setup: Setup) -> SeriesStyle {
      SeriesStyle(method: setup.method, stroke: optimizers.firstIndex(of: setup.optimizer) ?? 0)
    }
  }
}

extension ReportMaterial {
  /// The comparisons that the figure and the table show.
  func lossScaleComparisons() throws(Absence) -> [LossScaleInvariance.Comparison] {
    let comparisons: [LossScaleInvariance.Comparison]
    do throws(RunError) { comparisons = try results.lossScaleComparisons() } catch {
      throw Absence("Loss-scale invariance is not shown: \(error).")
    }
    guard !comparisons.isEmpty else { throw .unremarkable }
    return comparisons
  }
}
