public import Torch
public import TruceData
import TruceOptions
public import TruceRun

/// The area under the ROC curve: how often a sample that is a yes has a larger logit than one that is a no, ties
/// counting half.
///
/// It is the exact area over the split, from all logits, which are kept in single precision.
public struct AreaUnderCurve: DeferredMetric {
  private var positives: [Float] = []
  private var negatives: [Float] = []

  /// Creates a metric that has seen nothing.
  public init() {}

  /// `auc`, higher is better.
  public var records: [MetricRecord] { [MetricRecord(name: "auc", higherIsBetter: true)] }

  /// Keeps logits [B, 1] and targets 0 or 1 [B, 1]; samples without a label do not count.
  public func numbers(output: Tensor, target: TaskTarget) -> BatchNumbers? {
    let logits = target.counted(output)
    return BatchNumbers(count: logits.count, [logits, target.labelledValues.greater(0)])
  }

  /// Adds a batch's logits.
  public mutating func add(_ numbers: [[Double]], count: Int) {
    for (logit, label) in zip(numbers[0], numbers[1]) {
      if label > 0 { positives.append(Float(logit)) } else { negatives.append(Float(logit)) }
    }
  }

  /// Adds the other's logits.
  public mutating func merge(_ other: AreaUnderCurve) {
    positives += other.positives
    negatives += other.negatives
  }

  /// The area; not a number where only one of yes and no occurs, or a logit is none.
  public var values: [Double] {
    guard !positives.isEmpty, !negatives.isEmpty, !(positives + negatives).contains(where: \.isNaN) else {
      return [.nan]
    }
    return [Double(doubledWins) / 2 / Double(positives.count) / Double(negatives.count)]
  }

  /// Twice the number of pairs that are in the right order, a tie counting once.
  private var doubledWins: Int {
    let (yes, no) = (positives.sorted(), negatives.sorted())
    var (below, notAbove, wins) = (0, 0, 0)
    for logit in yes {
      while below < no.count, no[below] < logit { below += 1 }
      while notAbove < no.count, no[notAbove] <= logit { notAbove += 1 }
      wins += below + notAbove
    }
    return wins
  }
}

extension MetricEntry {
  /// The line of the area under the curve.
  static let areaUnderCurve = MetricEntry(
    about: MetricDescription(
      name: "auc", summary: "the area under the ROC curve of a question of yes and no, ties counting half",
      source: "common use", suits: [.yesOrNo])
  ) { AreaUnderCurve() }
}
