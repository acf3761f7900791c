public import Torch
public import TruceData
import TruceOptions
public import TruceRun

/// The share of samples whose largest output is the right class.
public struct Accuracy: DeferredMetric {
  private var right = ShareRight()

  /// Creates an accuracy that has seen nothing.
  public init() {}

  /// `accuracy`, higher is better.
  public var records: [MetricRecord] { [MetricRecord(name: "accuracy", higherIsBetter: true)] }

  /// Keeps the right answers of logits [B, C, …] and class indices [B, …]; what the mask leaves out does not count.
  public func numbers(output: Tensor, target: TaskTarget) -> BatchNumbers? {
    ShareRight.numbers(target.counted(output.argmax(1).equal(target.values)))
  }

  /// Adds a batch's counts.
  public mutating func add(_ numbers: [[Double]], count: Int) { right.add(numbers, count: count) }

  /// Adds the other's counts.
  public mutating func merge(_ other: Accuracy) { right.merge(other.right) }

  /// Correct answers over labelled samples.
  public var values: [Double] { [right.value] }
}

extension MetricEntry {
  /// The line of accuracy over classes.
  static let accuracy = MetricEntry(
    about: MetricDescription(
      name: "accuracy", summary: "the share of samples whose largest output is the right class",
      source: "common use", suits: [.classes])
  ) { Accuracy() }
}
