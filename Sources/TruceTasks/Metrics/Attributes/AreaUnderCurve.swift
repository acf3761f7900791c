public import Torch
public import TruceData
import TruceOptions
public import TruceRun

/// The area under the ROC curve: how often a sample that is a yes has a larger logit than one that is a no, ties
/// counting half.
///
/// It is the exact area over the split, from all logits, which are kept in single precision.
public struct AreaUnderCurve: Metric {
  private var positives: [Float] = []
  private var negatives: [Float] = []

  /// Creates a metric that has seen nothing.
  public init() {}

  /// `auc`, higher is better.
  public var records: [MetricRecord] { [MetricRecord(name: "auc", higherIsBetter: true)] }

  /// Takes in logits [B, 1] and targets 0 or 1 [B, 1]; samples without a label do not count.
  public mutating func update(output: Tensor, target: TaskTarget) {
    let (isYes, logits) = (target.labelledValues.greater(0), target.counted(output))
    positives += logits.maskedSelect(isYes).toArray(as: Float.self)
    negatives += logits.maskedSelect(isYes.not()).toArray(as: Float.self)
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
