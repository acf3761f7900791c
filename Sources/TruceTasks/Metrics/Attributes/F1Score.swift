public import Torch
public import TruceData
import TruceOptions
public import TruceRun

/// F1 of a question of yes and no: 2·TP / (2·TP + FP + FN), and 0 where nothing is, or is called, a yes.
public struct F1Score: DeferredMetric {
  /// What was right and wrong about the samples that are, or were called, a yes.
  public struct Counts: Codable, Equatable, Sendable {
    /// Yes, and called so.
    public internal(set) var truePositives = 0
    /// No, but called yes.
    public internal(set) var falsePositives = 0
    /// Yes, but called no.
    public internal(set) var falseNegatives = 0

    var score: Double {
      let sum = 2 * truePositives + falsePositives + falseNegatives
      return sum == 0 ? 0 : Double(2 * truePositives) / Double(sum)
    }

    mutating func add(_ other: Counts) {
      truePositives += other.truePositives
      falsePositives += other.falsePositives
      falseNegatives += other.falseNegatives
    }
  }

  private let averaging: MetricAveraging
  /// The counts over the split.
  public private(set) var counts = Counts()
  private var seen = 0
  private var means = BatchMeans(1)

  /// Creates a score that has seen nothing.
  public init(averaging: MetricAveraging = .set) {
    self.averaging = averaging
  }

  /// `f1`, higher is better.
  public var records: [MetricRecord] { [MetricRecord(name: "f1", higherIsBetter: true)] }

  /// Keeps the counts of logits [B, 1] and targets 0 or 1 [B, 1]; a logit above 0, a probability above ½, says yes.
  public func numbers(output: Tensor, target: TaskTarget) -> BatchNumbers? {
    let (isYes, saysYes) = (target.labelledValues.greater(0), target.counted(output).greater(0))
    let cases = [isYes.and(saysYes), isYes.not().and(saysYes), isYes.and(saysYes.not())]
    return BatchNumbers(count: isYes.count, [Tensor.stacked(cases.map { $0.sum() })])
  }

  /// Adds a batch's counts.
  public mutating func add(_ numbers: [[Double]], count: Int) {
    let found = numbers[0].map { Int($0) }
    let batch = Counts(truePositives: found[0], falsePositives: found[1], falseNegatives: found[2])
    counts.add(batch)
    seen += count
    if count > 0 { means.add([batch.score]) }
  }

  /// Adds the other's counts.
  public mutating func merge(_ other: F1Score) {
    counts.add(other.counts)
    seen += other.seen
    means.merge(other.means)
  }

  /// F1 over the labelled samples; the published code takes it over the split.
  public var values: [Double] {
    guard averaging != .batches else { return means.values }
    return [seen == 0 ? .nan : counts.score]
  }
}

extension MetricEntry {
  /// The line of F1.
  static let f1 = MetricEntry(
    about: MetricDescription(
      name: "f1", summary: "F1 of a question of yes and no, from counts over the whole set",
      source: "common use; Liu et al. 2023 (FAMO) for CelebA", suits: [.yesOrNo])
  ) { F1Score() }
}
