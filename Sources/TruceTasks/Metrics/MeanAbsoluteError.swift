public import Torch
public import TruceData
public import TruceRun

/// The mean distance between outputs and targets.
public struct MeanAbsoluteError: Metric {
  private var mean = RunningMean()

  /// Creates an error that has seen nothing.
  public init() {}

  /// `absolute_error`, lower is better.
  public var records: [MetricRecord] { [MetricRecord(name: "absolute_error", higherIsBetter: false)] }

  /// Takes in outputs and targets of one shape, [B, …]; samples without a label do not count.
  public mutating func update(output: Tensor, target: TaskTarget) {
    let distances = (output - target.values).abs().reshaped([output.shape[0], -1]).mean([1])
    let counted = target.mask.map { distances.maskedSelect($0) } ?? distances
    if counted.count > 0 { mean.add(counted.mean().item(), weight: Double(counted.count)) }
  }

  /// Adds the other's distances.
  public mutating func merge(_ other: MeanAbsoluteError) { mean.merge(other.mean) }

  /// The mean over the labelled samples.
  public var values: [Double] { [mean.value ?? .nan] }
}
