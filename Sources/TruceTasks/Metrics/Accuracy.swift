public import Torch
public import TruceData
import TruceOptions
public import TruceRun

/// The share of samples whose largest output is the right class.
public struct Accuracy: Metric {
  private var correct = 0
  private var seen = 0

  /// Creates an accuracy that has seen nothing.
  public init() {}

  /// `accuracy`, higher is better.
  public var records: [MetricRecord] { [MetricRecord(name: "accuracy", higherIsBetter: true)] }

  /// Takes in logits [B, C, …] and class indices [B, …]; what the mask leaves out does not count.
  public mutating func update(output: Tensor, target: TaskTarget) {
    let isRight = output.argmax(1).equal(target.values)
    let mask = target.elementMask?.expanded(isRight.shape)
    let counted = mask.map { isRight.and($0) } ?? isRight
    correct += counted.sum().integerItem()
    seen += mask.map { $0.sum().integerItem() } ?? isRight.count
  }

  /// Adds the other's counts.
  public mutating func merge(_ other: Accuracy) {
    correct += other.correct
    seen += other.seen
  }

  /// Correct answers over labelled samples.
  public var values: [Double] { [seen == 0 ? .nan : Double(correct) / Double(seen)] }
}

extension MetricEntry {
  /// The line of accuracy over classes.
  static let accuracy = MetricEntry(
    about: MetricDescription(
      name: "accuracy", summary: "the share of samples whose largest output is the right class",
      source: "common use", suits: [.classes])
  ) { Accuracy() }
}
