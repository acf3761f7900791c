public import TruceRun

/// Gradient similarity over a training, epoch by epoch.
///
/// Every comparison of an epoch counts alike: all its steps, samples and pairs.
///
/// Source: Section 3.3 and Figure 4 of Elich et al., arXiv 2311.04698.
public struct SimilaritySummary: Sendable {
  /// Which gradients are compared.
  public let kind: SimilarityKey.Kind
  /// How.
  public let measure: SimilarityKey.Measure
  /// The tasks; nil for all of the kind together.
  public let subject: String?
  /// The epochs, ascending.
  public let epochs: [Epoch]

  /// One epoch's comparisons.
  public struct Epoch: Sendable {
    /// The epoch, from 1.
    public let epoch: Int
    /// Their number, mean and spread.
    public let values: SampleSummary
    /// The number of steps in which they were measured, over all runs.
    public let steps: Int
    /// 2.5 percent of the comparisons are below.
    public let low: Double
    /// 2.5 percent of the comparisons are above.
    public let high: Double
    /// The share of comparisons below zero, for cosines the conflicts.
    ///
    /// What is zero but for rounding is not below.
    public let negativeShare: Double
  }
}

/// Comparisons that are summarised together.
private struct SimilarityGroup: Hashable {
  let kind: SimilarityKey.Kind
  let measure: SimilarityKey.Measure
  let subject: String?
}

extension Collection<RunRecord> {
  /// The gradient similarities that the runs recorded, pooled and summarised by epoch.
  ///
  /// - Parameter bySubject: Whether each pair of tasks (or task) is summarised by itself.
  public func similarities(bySubject: Bool = false) -> [SimilaritySummary] {
    var groups: [SimilarityGroup: [(run: Int, point: CurvePoint)]] = [:]
    for (run, text, curve) in similarityCurves {
      guard let key = SimilarityKey(text) else { continue }
      let group = SimilarityGroup(
        kind: key.kind, measure: key.measure, subject: bySubject ? key.subject : nil)
      groups[group, default: []] += curve.filter(\.value.isFinite).map { (run, $0) }
    }
    return groups.map { group, points in
      SimilaritySummary(
        kind: group.kind, measure: group.measure, subject: group.subject, epochs: Self.epochs(of: points))
    }.sorted {
      ($0.kind.rawValue, $0.measure.rawValue, $0.subject ?? "")
        < ($1.kind.rawValue, $1.measure.rawValue, $1.subject ?? "")
    }
  }

  /// The runs' recorded comparisons, in an order that does not change from one reading to the next, since sums round
  /// by their order.
  private var similarityCurves: [(run: Int, key: String, value: [CurvePoint])] {
    enumerated().flatMap { run, record in
      record.stepCurves.filter { $0.key.hasPrefix("similarity/") }.sorted { $0.key < $1.key }
        .map { (run, $0.key, $0.value) }
    }
  }

  private static func epochs(of points: [(run: Int, point: CurvePoint)]) -> [SimilaritySummary.Epoch] {
    // A step within an epoch counts the epochs before it.
    Dictionary(grouping: points) { $0.point.epoch + 1 }.sorted { $0.key < $1.key }.compactMap {
      epoch, points in
      let values = points.map(\.point.value)
      let steps = Dictionary(grouping: points, by: \.run).values.map { Set($0.map(\.point.step)).count }
      guard let summary = SampleSummary(values), let low = percentile(2.5, of: values),
        let high = percentile(97.5, of: values)
      else { return nil }
      return SimilaritySummary.Epoch(
        epoch: epoch, values: summary, steps: steps.reduce(0, +), low: low, high: high,
        negativeShare: Double(values.count { $0 < -Meaning.resolution }) / Double(values.count))
    }
  }

  /// The mean of a measure for each pair of tasks over the runs' whole training.
  ///
  /// - Returns: The tasks and the symmetric matrix of means; nil where no pair was compared. The diagonal, and a pair that
  ///   was not compared, is not a number.
  public func pairwiseSimilarity(_ measure: SimilarityKey.Measure) -> (tasks: [String], means: [[Double]])? {
    var sums: [[String]: (sum: Double, count: Int)] = [:]
    for (_, text, curve) in similarityCurves {
      guard let key = SimilarityKey(text), key.measure == measure, let pair = key.tasks else { continue }
      let values = curve.map(\.value).filter(\.isFinite)
      let (sum, count) = sums[[pair.0, pair.1].sorted()] ?? (0, 0)
      sums[[pair.0, pair.1].sorted()] = (sum + values.reduce(0, +), count + values.count)
    }
    guard !sums.isEmpty else { return nil }
    let present = Set(sums.keys.joined())
    let declared = (first?.beginning?.tasks ?? []).map(\.name).filter(present.contains)
    let tasks = declared + present.subtracting(declared).sorted()
    let means = tasks.map { a in
      tasks.map { b in
        sums[[a, b].sorted()].map { $0.count == 0 ? .nan : $0.sum / Double($0.count) } ?? .nan
      }
    }
    return (tasks, means)
  }
}
