public import Torch
public import TruceData
import TruceOptions
public import TruceRun

/// The share of samples whose logit has the right sign.
public struct BinaryAccuracy: DeferredMetric {
  private var right = ShareRight()

  /// Creates an accuracy that has seen nothing.
  public init() {}

  /// `accuracy`, higher is better.
  public var records: [MetricRecord] { [MetricRecord(name: "accuracy", higherIsBetter: true)] }

  /// Keeps the right answers of logits [B, 1] and targets 0 or 1 [B, 1]; what the mask leaves out does not count.
  public func numbers(output: Tensor, target: TaskTarget) -> BatchNumbers? {
    ShareRight.numbers(target.counted(output.greater(0).equal(target.values.greater(0))))
  }

  /// Adds a batch's counts.
  public mutating func add(_ numbers: [[Double]], count: Int) { right.add(numbers, count: count) }

  /// Adds the other's counts.
  public mutating func merge(_ other: BinaryAccuracy) { right.merge(other.right) }

  /// Right answers over labelled samples.
  public var values: [Double] { [right.value] }
}

extension MetricEntry {
  /// The line of accuracy over yes and no.
  static let binaryAccuracy = MetricEntry(
    about: MetricDescription(
      name: "binary-accuracy", summary: "the share of samples whose answer of yes or no is right",
      source: "common use", suits: [.yesOrNo])
  ) { BinaryAccuracy() }
}
