public import Torch
public import TruceData
import TruceOptions
public import TruceRun

/// The mean distance between outputs and targets.
public struct MeanAbsoluteError: DeferredMetric {
  private let averaging: MetricAveraging
  private var mean = RunningMean()

  /// Creates an error that has seen nothing.
  public init(averaging: MetricAveraging = .set) {
    self.averaging = averaging
  }

  /// `absolute_error`, lower is better.
  public var records: [MetricRecord] { [MetricRecord(name: "absolute_error", higherIsBetter: false)] }

  /// Keeps the mean distance of outputs and targets of one shape, [B, …]; what the mask leaves out does not count.
  public func numbers(output: Tensor, target: TaskTarget) -> BatchNumbers? {
    let counted = target.counted((output - target.values).abs())
    return counted.count > 0 ? BatchNumbers(count: counted.count, [counted.mean()]) : nil
  }

  /// Adds a batch's mean.
  public mutating func add(_ numbers: [[Double]], count: Int) {
    mean.add(numbers[0][0], weight: averaging == .set ? Double(count) : 1)
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
