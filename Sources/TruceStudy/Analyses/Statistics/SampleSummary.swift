import TruceRun

/// How many values a sample has, where they lie and how far they spread.
public struct SampleSummary: Sendable, Equatable, Codable {
  /// The number of values.
  public let count: Int
  /// The arithmetic mean.
  public let mean: Double
  /// The sample standard deviation, with n − 1 in the denominator; nil below two values, or where it is too large
  /// for a number.
  public let standardDeviation: Double?
  /// The smallest value.
  public let minimum: Double
  /// The largest value.
  public let maximum: Double

  /// Creates a summary; nil where there is no value, or one that is not finite, so that there is no mean.
  public init?(_ values: some Collection<Double>) {
    guard Meaning.isSample(values), let minimum = values.min(), let maximum = values.max() else { return nil }
    let n = Double(values.count)
    // Equal values have exactly their own mean, whatever the sum's rounding.
    let sum = values.reduce(0, +)
    let mean = minimum == maximum ? minimum : sum.isFinite ? sum / n : values.reduce(0) { $0 + $1 / n }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    count = values.count
    self.mean = mean
    standardDeviation = values.count > 1 && squares.isFinite ? (squares / (n - 1)).squareRoot() : nil
    self.minimum = minimum
    self.maximum = maximum
  }

  /// The standard deviation of the mean, s/√n; nil below two values.
  public var standardError: Double? {
    standardDeviation.map { $0 / Double(count).squareRoot() }
  }

  /// The confidence interval of the mean, mean ± t·s/√n with Student's t of n − 1 degrees of freedom.
  ///
  /// It assumes values that are independent and nearly normal. Nil below two values, or where it has no finite ends.
  public func confidenceInterval(_ confidence: Double = 0.95) -> ClosedRange<Double>? {
    guard let standardError else { return nil }
    let margin =
      StudentT(degreesOfFreedom: Double(count - 1)).halfWidth(confidence: confidence) * standardError
    let (low, high) = (mean - margin, mean + margin)
    return low.isFinite && high.isFinite ? low...high : nil
  }
}
