public import TruceOptions

/// The metrics that a configuration can add to a task's own: the one list from which commands, help and
/// documentation derive.
public enum MetricCatalogue {
  /// The entries, in the order in which help texts show them.
  public static let entries: [MetricEntry] = [
    .accuracy, .binaryAccuracy, .f1, .areaUnderCurve, .absoluteError, .rootMeanSquareError,
    .coefficientOfDetermination,
  ]
}

/// One line of the catalogue of metrics: a description and a way to make the metric.
public struct MetricEntry: CatalogueListing {
  /// What is known about the metric.
  public let about: MetricDescription
  private let makeMetric: @Sendable () -> any Metric

  /// Creates a line.
  ///
  /// - Parameters:
  ///   - about: What is known about the metric.
  ///   - make: Makes a metric that has seen nothing.
  public init(about: MetricDescription, make: @escaping @Sendable () -> any Metric) {
    self.about = about
    makeMetric = make
  }

  /// Makes a metric that has seen nothing.
  public func make() -> any Metric { makeMetric() }
}
