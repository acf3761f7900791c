/// What is known of the best epoch so far.
public struct BestEpoch: Codable, Equatable, Sendable {
  /// Each metric's first measured value, to which later ones are compared.
  public var reference: [String: Double] = [:]
  /// The best epoch's score; nil before there is one.
  public var score: Double?

  /// Nothing measured yet.
  public init() {}
}

/// What makes an epoch the best one: the mean relative change of its metrics since they were first measured.
///
/// `s = (1/M) Σⱼ ±(Mⱼ − Rⱼ) / |Rⱼ|`, with the sign that makes higher better and the first measured value Rⱼ, so that
/// degrees and shares count alike. A metric whose first value is 0 has no relative change and counts by its difference.
/// A metric that has never been a finite number does not count; an epoch in which one that counts is not finite has no
/// score.
public struct EpochScore: Sendable {
  private let metrics: [(key: String, higherIsBetter: Bool)]

  /// Creates a score.
  ///
  /// - Parameter metrics: The keys of the metrics that count and their directions; none for no best epoch.
  public init(_ metrics: [(key: String, higherIsBetter: Bool)]) {
    self.metrics = metrics
  }

  /// Takes in an epoch's values.
  ///
  /// - Returns: Whether the epoch is the best one so far.
  func takeIn(_ values: [String: Double], _ best: inout BestEpoch?) -> Bool {
    guard !metrics.isEmpty else { return false }
    var known = best ?? BestEpoch()
    for (key, _) in metrics where known.reference[key] == nil {
      if let value = values[key], value.isFinite { known.reference[key] = value }
    }
    best = known
    guard let score = score(of: values, against: known.reference) else { return false }
    if let earlier = known.score, earlier >= score { return false }
    best?.score = score
    return true
  }

  private func score(of values: [String: Double], against reference: [String: Double]) -> Double? {
    var changes: [Double] = []
    for (key, higherIsBetter) in metrics {
      guard let first = reference[key] else { continue }
      guard let value = values[key], value.isFinite else { return nil }
      let change = (value - first) / (first == 0 ? 1 : first.magnitude)
      changes.append(higherIsBetter ? change : -change)
    }
    return changes.isEmpty ? nil : changes.reduce(0, +) / Double(changes.count)
  }
}
