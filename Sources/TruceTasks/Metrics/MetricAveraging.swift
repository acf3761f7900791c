public import TruceOptions

/// How the batches of a split become one value of a metric.
public enum MetricAveraging: String, Codable, Sendable, CaseIterable, ParameterValue {
  /// One value over all that counts in the split, however the split was cut into batches.
  case set
  /// The mean of the batches' values; a batch in which nothing counts is left out.
  case batches
  /// As the published code of CAGrad, Nash-MTL and FAMO has it, so that its tables can be compared with.
  ///
  /// Errors of depth and angles are the mean of the batches' values, and not a number where nothing counts in one of
  /// them. Segmentation is measured over the split, and its mean is not a number where a class occurs nowhere.
  case published
}

/// The mean of several values of each batch.
struct BatchMeans: Codable, Equatable, Sendable {
  private var sums: [Double]
  private var count = 0

  /// Creates a mean of nothing.
  init(_ valueCount: Int) {
    sums = Array(repeating: 0, count: valueCount)
  }

  /// Takes in the values of a batch.
  mutating func add(_ values: [Double]) {
    for place in sums.indices { sums[place] += values[place] }
    count += 1
  }

  /// Takes in all that another mean has taken in.
  mutating func merge(_ other: BatchMeans) {
    for place in sums.indices { sums[place] += other.sums[place] }
    count += other.count
  }

  /// The means; not a number before the first batch.
  var values: [Double] { sums.map { $0 / Double(count) } }
}
