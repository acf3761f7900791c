import TruceRun
import TruceStudy

/// Curves over training, one for each configuration: means over its seeds, with one standard deviation to either side.
struct SeedCurves {
  /// The curves.
  let series: [LineChart.Series]

  /// Draws a value of each run.
  ///
  /// - Parameters:
  ///   - configurations: What has a curve each.
  ///   - material: Names and styles.
  ///   - place: Where a point stands: its epoch or its step.
  ///   - curve: The value of a run.
  init(
    _ configurations: [BestConfiguration], _ material: ReportMaterial, over place: KeyPath<CurvePoint, Int>,
    curve: (ScoredRun) -> [CurvePoint]
  ) {
    series = configurations.map { configuration in
      let points = Dictionary(grouping: configuration.runs.flatMap(curve)) { $0[keyPath: place] }
      let summaries = points.sorted { $0.key < $1.key }.compactMap { place, points in
        SampleSummary(points.map(\.value)).map { (place: Double(place), summary: $0) }
      }
      let variant = configuration.variant
      return LineChart.Series(
        material.name(of: variant.setup),
        style: material.style(method: variant.method, optimizer: variant.optimizer),
        x: summaries.map(\.place), y: summaries.map(\.summary.mean),
        band: Self.band(around: summaries.map(\.summary)))
    }
  }

  /// One standard deviation to either side; nil where there is a single seed.
  private static func band(around summaries: [SampleSummary]) -> (low: [Double], high: [Double])? {
    guard summaries.contains(where: { $0.count > 1 }) else { return nil }
    let spreads = summaries.map { $0.standardDeviation ?? 0 }
    return (zip(summaries, spreads).map { $0.mean - $1 }, zip(summaries, spreads).map { $0.mean + $1 })
  }

  /// All curves in one panel.
  func lines(_ xAxis: Axis, _ yAxis: Axis) -> LineChart {
    var chart = LineChart(xAxis: xAxis, yAxis: yAxis, series: series)
    chart.bandMeaning = Self.bandMeaning
    return chart
  }

  /// Panels of such curves.
  ///
  /// - Parameters:
  ///   - panels: The panels.
  ///   - legend: What the strokes stand for; nil for the configurations, in the colors of these curves.
  func multiples(
    _ panels: [MultiplesChart.Panel], _ xAxis: Axis, _ yAxis: Axis, legend: [LegendEntry]? = nil
  ) -> MultiplesChart {
    var chart = MultiplesChart(
      xAxis: xAxis, yAxis: yAxis, panels: panels,
      legend: legend ?? series.map { LegendEntry($0.name, style: $0.style) })
    chart.bandMeaning = Self.bandMeaning
    return chart
  }

  private static let bandMeaning = "mean ± std"
}
