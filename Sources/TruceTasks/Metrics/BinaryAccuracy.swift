public import Torch
public import TruceData
import TruceOptions
public import TruceRun

/// The share of samples whose logit has the right sign.
public struct BinaryAccuracy: Metric {
  private var correct = 0
  private var seen = 0

  /// Creates an accuracy that has seen nothing.
  public init() {}

  /// `accuracy`, higher is better.
  public var records: [MetricRecord] { [MetricRecord(name: "accuracy", higherIsBetter: true)] }

  /// Takes in logits [B, 1] and targets 0 or 1 [B, 1]; what the mask leaves out does not count.
  public mutating func update(output: Tensor, target: TaskTarget) {
    let isRight = output.greater(0).equal(target.values.greater(0))
    let mask = target.elementMask?.expanded(isRight.shape)
    let counted = mask.map { isRight.and($0) } ?? isRight
    correct += counted.sum().integerItem()
    seen += mask.map { $0.sum().integerItem() } ?? isRight.count
  }

  /// Adds the other's counts.
  public mutating func merge(_ other: BinaryAccuracy) {
    correct += other.correct
    seen += other.seen
  }

  /// Right answers over labelled samples.
  public var values: [Double] { [seen == 0 ? .nan : Double(correct) / Double(seen)] }
}

extension MetricEntry {
  /// The line of accuracy over yes and no.
  static let binaryAccuracy = MetricEntry(
    about: MetricDescription(
      name: "binary-accuracy", summary: "the share of samples whose answer of yes or no is right",
      source: "common use", suits: [.yesOrNo])
  ) { BinaryAccuracy() }
}
