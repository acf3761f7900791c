public import Torch
public import TruceData
import TruceOptions
public import TruceRun

/// How much of the targets' variance the outputs explain: `R² = 1 − Σ (y − ŷ)² / Σ (y − ȳ)²`.
///
/// All numbers of a task are taken together. 1 is a perfect answer, 0 that of the mean; worse answers are below 0. It is
/// not a number where the targets do not differ.
public struct CoefficientOfDetermination: DeferredMetric {
  private var count = 0.0
  private var mean = 0.0
  /// The sum of the squared distances of the targets from their mean.
  private var spread = 0.0
  /// The sum of the squared distances of the outputs from the targets.
  private var error = 0.0

  /// Creates a measure that has seen nothing.
  public init() {}

  /// `r_squared`, higher is better.
  public var records: [MetricRecord] { [MetricRecord(name: "r_squared", higherIsBetter: true)] }

  /// Keeps the mean, the spread and the error of outputs and targets of one shape, [B, …]; what the mask leaves out does
  /// not count.
  public func numbers(output: Tensor, target: TaskTarget) -> BatchNumbers? {
    let outputs = target.counted(output).to(.float64)
    let targets = target.labelledValues.to(.float64)
    guard targets.count > 0 else { return nil }
    let mean = targets.mean()
    let (spread, error) = ((targets - mean).square().sum(), (outputs - targets).square().sum())
    return BatchNumbers(count: targets.count, [Tensor.stacked([mean, spread, error])])
  }

  /// Adds a batch's sums.
  public mutating func add(_ numbers: [[Double]], count: Int) {
    var batch = CoefficientOfDetermination()
    batch.count = Double(count)
    (batch.mean, batch.spread, batch.error) = (numbers[0][0], numbers[0][1], numbers[0][2])
    merge(batch)
  }

  /// Adds the other's sums; the spreads about two means become one about the common mean.
  public mutating func merge(_ other: CoefficientOfDetermination) {
    let total = count + other.count
    guard total > 0 else { return }
    let distance = other.mean - mean
    spread += other.spread + distance * distance * count * other.count / total
    mean += distance * other.count / total
    error += other.error
    count = total
  }

  /// R² over all that counted.
  public var values: [Double] { [spread > 0 ? 1 - error / spread : .nan] }
}

extension MetricEntry {
  /// The line of R².
  static let coefficientOfDetermination = MetricEntry(
    about: MetricDescription(
      name: "r-squared", summary: "the share of the targets' variance that the outputs explain",
      source: "Wright 1921", suits: [.numbers])
  ) { CoefficientOfDetermination() }
}
