import TruceRun

/// The best configurations in order of merit: Δm and mean rank, the two summary numbers of the field.
public struct MethodRanking: Sendable {
  /// One configuration's place.
  public struct Row: Sendable {
    /// The configuration.
    public let configuration: BestConfiguration
    /// Its rank among the configurations, averaged over the metrics; 1 is the best.
    public let meanRank: Double
  }

  /// The configurations from the best to the worst.
  public let rows: [Row]
}

extension StudyResults {
  /// Ranks the best configurations by their mean metrics.
  ///
  /// They are in order of Δm, or of mean rank where there are no baselines. Both summaries average over metrics, so a
  /// task with more metrics counts more.
  ///
  /// - Parameter optimizer: The optimizer whose configurations are ranked; nil for all.
  public func ranking(optimizer: String? = nil) -> MethodRanking {
    let best = bestConfigurations().filter { optimizer == nil || $0.variant.optimizer == optimizer }
    let ranks = meanRanks(best.map { $0.metrics.map(\.mean) }, higherIsBetter: higherIsBetter)
    let scores = best.compactMap { $0.deltaM?.mean }
    let merits = scores.count == best.count ? Score.ranks(of: scores) : averageRanks(of: ranks)
    let order = best.indices.sorted { (merits[$0], best[$0].variant) < (merits[$1], best[$1].variant) }
    return MethodRanking(
      rows: order.map { MethodRanking.Row(configuration: best[$0], meanRank: ranks[$0]) })
  }
}
