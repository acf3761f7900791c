/// Something that is measured once, after the last epoch, beside what the learner measures of itself.
public protocol Evaluator {
  /// Measures, by `MetricKey`.
  func measure() throws -> [String: Double]
}
