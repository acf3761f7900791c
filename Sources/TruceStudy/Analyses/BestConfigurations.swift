import TruceRun

/// A method with an optimizer at its best learning rate: a cell of the table of best configurations.
public struct BestConfiguration: Sendable {
  /// The method, the optimizer and the chosen learning rate.
  public let variant: Variant
  /// The finished runs at that learning rate, by seed.
  public let runs: [ScoredRun]
  /// Δm over the seeds; nil without baselines.
  public let deltaM: SampleSummary?
  /// Each metric over the seeds, in the order of ``StudyResults/metrics``.
  public let metrics: [SampleSummary]
  /// The mean score by which the learning rate was chosen, lower is better.
  public let selectionScore: Double
  /// Seeds at that learning rate that did not finish.
  public let unfinishedSeeds: Int
  /// The learning rates that were tried with some result or none, ascending.
  public let triedRates: [Double]
  /// Whether the chosen learning rate is the smallest or largest of several, so that a better one may lie beyond.
  public let edge: GridEdge?

  /// An end of the learning rates that were tried.
  public enum GridEdge: String, Sendable {
    /// The smallest.
    case smallest
    /// The largest.
    case largest
  }
}

extension StudyResults {
  /// The best learning rate of each method with each optimizer, sorted like the methods and optimizers.
  ///
  /// The best is the one with the lowest mean ``ScoredRun/selectionScore`` over its seeds. A learning rate at which a
  /// seed failed is chosen only where every other one failed too: the mean of the survivors would flatter it.
  ///
  /// Source: the shape of Tables A4–A7 of Elich et al., arXiv 2311.04698.
  public func bestConfigurations() -> [BestConfiguration] {
    let setups = Dictionary(grouping: runs, by: \.variant.setup)
    return setups.values.compactMap(best).sorted { $0.variant < $1.variant }
  }

  private func best(among runs: [ScoredRun]) -> BestConfiguration? {
    let candidates = Dictionary(grouping: runs, by: \.variant).map { variant, runs in
      let lost = lostTrials.count { $0.variant == variant }
      return (variant: variant, runs: runs.sorted { $0.seed < $1.seed }, lost: lost)
    }
    let scores = candidates.map { candidate in
      SampleSummary(candidate.runs.map(\.selectionScore))?.mean ?? .infinity
    }
    // Scores that are tied are settled by the variant, not by their rounding.
    let ranks = Score.ranks(of: scores)
    let ordered = candidates.indices.map { (candidate: candidates[$0], score: scores[$0], rank: ranks[$0]) }
    let chosen = ordered.min { left, right in
      (left.candidate.lost, left.rank, left.candidate.variant)
        < (right.candidate.lost, right.rank, right.candidate.variant)
    }
    return chosen.map { best in
      let setup = best.candidate.variant.setup
      let tried = Set(
        candidates.map(\.variant.learningRate)
          + lostTrials.filter { $0.variant.setup == setup }.map(\.variant.learningRate))
      return BestConfiguration(
        variant: best.candidate.variant, runs: best.candidate.runs,
        deltaM: SampleSummary(best.candidate.runs.compactMap(\.deltaM)),
        metrics: metrics.indices.compactMap { j in SampleSummary(best.candidate.runs.map { $0.values[j] }) },
        selectionScore: best.score, unfinishedSeeds: best.candidate.lost, triedRates: tried.sorted(),
        edge: edge(of: best.candidate.variant.learningRate, among: tried))
    }
  }

  /// Runs of all tasks that ended without a result.
  private var lostTrials: [UnscoredRun] {
    unscored.filter { !$0.record.isBaseline && $0.status != nil && $0.status != .interrupted }
  }

  private func edge(of rate: Double, among rates: Set<Double>) -> BestConfiguration.GridEdge? {
    guard rates.count > 1 else { return nil }
    if rate == rates.min() { return .smallest }
    return rate == rates.max() ? .largest : nil
  }
}
