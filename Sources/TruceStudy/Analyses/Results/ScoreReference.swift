import TruceRun

/// What runs are scored against: for each metric a value and the unit in which a distance from it is told.
///
/// The unit is the value's own size, so that a distance is a relative change. Where the value is zero beside what the
/// runs reach, the runs' mean size takes its place, since nothing is relative to zero.
struct ScoreReference {
  /// The metrics whose value is zero.
  let zeros: [MetricValue]
  private let places: [String: (centre: Double, unit: Double)]

  /// Takes the values and the runs that will be scored against them.
  init(_ values: [MetricValue], peers rows: [[MetricValue]]) {
    let reached = Dictionary(grouping: rows.joined().filter(\.value.isFinite), by: Self.name)
      .mapValues { $0.map(\.value.magnitude) }
    func isZero(_ metric: MetricValue) -> Bool {
      !Meaning.isDenominator(metric.value, among: reached[Self.name(metric)] ?? [])
    }
    zeros = values.filter(isZero)
    places = Dictionary(
      values.map { metric in
        let size = SampleSummary(reached[Self.name(metric)] ?? [])?.mean ?? 0
        let unit = isZero(metric) ? (size > 0 ? size : 1) : metric.value.magnitude
        return (Self.name(metric), (metric.value, unit))
      }, uniquingKeysWith: { first, _ in first })
  }

  private static func name(_ metric: MetricValue) -> String { "\(metric.task)/\(metric.name)" }

  /// The mean distance in percent, lower is better; nil where a metric has no counterpart or is not finite.
  func score(of metrics: [MetricValue]) -> Double? {
    let distances = metrics.compactMap { metric in
      places[Self.name(metric)].map {
        (metric.higherIsBetter ? -1 : 1) * (metric.value - $0.centre) / $0.unit
      }
    }
    guard distances.count == metrics.count else { return nil }
    return SampleSummary(distances).map { 100 * $0.mean }
  }
}

/// Scores in percent: what they must differ by to be told apart.
///
/// A score is computed from ratios of metrics, so it is as exact as a ratio of 100%.
public enum Score {
  private static let size = 100.0

  /// The difference of two scores; zero where they are tied.
  public static func difference(_ a: Double, _ b: Double) -> Double { Meaning.difference(a, b, size: size) }

  /// The ranks of scores from 1 for the lowest; tied ones share their mean rank.
  public static func ranks(of scores: [Double]) -> [Double] { averageRanks(of: scores, size: size) }
}
