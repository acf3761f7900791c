public import Torch
public import TruceData
import TruceOptions
public import TruceRun

/// The mean distance between outputs and targets.
public struct MeanAbsoluteError: Metric {
  private let averaging: MetricAveraging
  private var mean = RunningMean()

  /// Creates an error that has seen nothing.
  public init(averaging: MetricAveraging = .set) {
    self.averaging = averaging
  }

  /// `absolute_error`, lower is better.
  public var records: [MetricRecord] { [MetricRecord(name: "absolute_error", higherIsBetter: false)] }

  /// Takes in outputs and targets of one shape, [B, …]; what the mask leaves out does not count.
  public mutating func update(output: Tensor, target: TaskTarget) {
    let counted = target.counted((output - target.values).abs())
    guard counted.count > 0 else { return }
    mean.add(counted.mean().item(), weight: averaging == .set ? Double(counted.count) : 1)
  }

  /// Adds the other's distances.
  public mutating func merge(_ other: MeanAbsoluteError) { mean.merge(other.mean) }

  /// The mean over all that counted.
  public var values: [Double] { [mean.value ?? .nan] }
}

extension MetricEntry {
  /// The line of the mean distance.
  static let absoluteError = MetricEntry(
    about: MetricDescription(
      name: "absolute-error", summary: "the mean distance between outputs and targets",
      source: "common use", suits: [.numbers])
  ) { MeanAbsoluteError() }
}
