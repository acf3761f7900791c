import TruceRun

/// Which measurement of a run counts.
///
/// Studies differ here, and the rule changes the table: the CAGrad paper reports the mean of the last ten epochs,
/// Elich et al. (arXiv 2311.04698) the epoch with the best Δm on validation data.
public enum ReportingRule: Sendable, Equatable, Codable {
  /// The last measurement.
  case last
  /// The mean of the last so many measurements.
  case meanOfLast(Int)
  /// The epoch with the best score on the split on which configurations are chosen.
  case bestEpoch

  /// Reads `last`, `mean of last 10` or `best epoch`; nil where the text is none of them.
  public init?(_ text: String) {
    switch text {
    case "last": self = .last
    case "best epoch": self = .bestEpoch
    default:
      let prefix = "mean of last "
      guard text.hasPrefix(prefix), let count = Int(text.dropFirst(prefix.count)), count > 0 else {
        return nil
      }
      self = .meanOfLast(count)
    }
  }

  /// The text that ``init(_:)`` reads.
  public var text: String {
    switch self {
    case .last: "last"
    case .meanOfLast(let count): "mean of last \(count)"
    case .bestEpoch: "best epoch"
    }
  }
}

extension ReportingRule {
  /// The metrics that count, in the order of the tasks.
  ///
  /// - Parameters:
  ///   - record: The run.
  ///   - split: The split that is reported, such as `test`.
  ///   - score: A run's score on the split of selection after an epoch; lower is better.
  func metrics(
    of record: RunRecord, split: String, score: (_ epoch: Int) -> Double?
  ) -> [MetricValue] {
    switch self {
    case .last: return record.metrics(split: split)
    case .meanOfLast(let count): return Self.means(of: record, split: split, last: count)
    case .bestEpoch:
      let scored = record.measuredEpochs(split: split).compactMap { epoch in
        score(epoch).map { (epoch: epoch, score: $0) }
      }
      let ranks = Score.ranks(of: scored.map(\.score))
      let first = ranks.min().flatMap { ranks.firstIndex(of: $0) }
      return record.metrics(split: split, atEpoch: first.map { scored[$0].epoch })
    }
  }

  private static func means(of record: RunRecord, split: String, last count: Int) -> [MetricValue] {
    let epochs = record.measuredEpochs(split: split).suffix(count)
    let rows = epochs.map { record.metrics(split: split, atEpoch: $0) }
    guard var means = rows.last, rows.allSatisfy({ $0.count == means.count }) else { return [] }
    for j in means.indices {
      means[j].value = rows.reduce(0) { $0 + $1[j].value } / Double(rows.count)
    }
    return means
  }
}

extension RunRecord {
  /// The epochs after which a split was measured, ascending.
  func measuredEpochs(split: String) -> [Int] {
    let keys = (beginning?.tasks ?? []).flatMap { task in
      task.metrics.map { MetricKey.metric($0.name, of: task.name, split: split) }
    }
    return Set(keys.flatMap { (epochCurves[$0] ?? []).map(\.epoch) }).sorted()
  }

  /// The splits that were measured, in alphabetical order.
  var measuredSplits: [String] {
    let suffixes = (beginning?.tasks ?? []).flatMap { task in
      task.metrics.map { "/\(task.name)/\($0.name)" }
    }
    let splits = epochCurves.keys.compactMap { key in
      suffixes.first { key.hasSuffix($0) }.map { String(key.dropLast($0.count)) }
    }
    return Set(splits).sorted()
  }
}
