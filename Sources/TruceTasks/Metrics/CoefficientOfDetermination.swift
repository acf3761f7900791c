public import Torch
public import TruceData
import TruceOptions
public import TruceRun

/// How much of the targets' variance the outputs explain: `R² = 1 − Σ (y − ŷ)² / Σ (y − ȳ)²`.
///
/// All numbers of a task are taken together. 1 is a perfect answer, 0 that of the mean; worse answers are below 0. It is
/// not a number where the targets do not differ.
public struct CoefficientOfDetermination: Metric {
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

  /// Takes in outputs and targets of one shape, [B, …]; what the mask leaves out does not count.
  public mutating func update(output: Tensor, target: TaskTarget) {
    let outputs = target.counted(output).to(.float64)
    let targets = target.labelledValues.to(.float64)
    guard targets.count > 0 else { return }
    var batch = CoefficientOfDetermination()
    batch.count = Double(targets.count)
    batch.mean = targets.mean().item()
    batch.spread = (targets - batch.mean).square().sum().item()
    batch.error = (outputs - targets).square().sum().item()
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
