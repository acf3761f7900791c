import TruceRun

/// Wilcoxon's signed-rank test, two-tailed: whether paired differences are symmetric about zero.
///
/// W⁺ is the sum of the ranks of |d| over the positive differences; zero differences are dropped and ties
/// share their mean rank, where a difference is zero, and two are tied, within the rounding of the largest one
/// (`Meaning.resolution`). Up to ``exactLimit`` differences the p-value is exact: the distribution of W⁺ over
/// all 2ⁿ signs, given the ranks. Above, the normal approximation with the correction for ties.
///
/// With n pairs no p-value is below 2¹⁻ⁿ: three seeds can never reach 0.05.
///
/// Source: Wilcoxon (1945), Individual Comparisons by Ranking Methods.
public struct WilcoxonSignedRank: Sendable, Equatable, Codable {
  /// The number of differences that are not zero.
  public let count: Int
  /// The rank sum of the positive differences.
  public let positiveRankSum: Double
  /// The two-tailed p-value.
  public let pValue: Double
  /// Whether the p-value is exact rather than approximate.
  public let isExact: Bool

  /// The largest number of differences whose distribution is enumerated.
  public static let exactLimit = 50

  /// Tests some differences; nil where none differs from zero, or one is not finite.
  public init?(differences: [Double]) {
    let largest = differences.map(\.magnitude).max() ?? 0
    let kept = differences.filter { !Meaning.areTied($0, 0, size: largest) }
    guard Meaning.isSample(differences), !kept.isEmpty else { return nil }
    let ranks = averageRanks(of: kept.map(\.magnitude), size: largest)
    count = kept.count
    positiveRankSum = zip(kept, ranks).reduce(0) { $0 + ($1.0 > 0 ? $1.1 : 0) }
    isExact = count <= Self.exactLimit
    pValue =
      isExact
      ? Self.exactPValue(of: positiveRankSum, ranks: ranks)
      : Self.approximatePValue(of: positiveRankSum, ranks: ranks)
  }

  /// The smallest p-value that this many differences can give.
  public static func smallestPValue(count: Int) -> Double {
    count < 1 ? 1 : 1 / Double(sign: .plus, exponent: count - 1, significand: 1)
  }

  /// Counts the sign patterns by their rank sum; doubled ranks are whole numbers even with ties.
  private static func exactPValue(of sum: Double, ranks: [Double]) -> Double {
    let doubled = ranks.map { Int(($0 * 2).rounded()) }
    let total = doubled.reduce(0, +)
    var patterns = [1.0] + [Double](repeating: 0, count: total)
    for rank in doubled {
      for target in stride(from: total, through: rank, by: -1) {
        patterns[target] += patterns[target - rank]
      }
    }
    let observed = Int((sum * 2).rounded())
    let smallerTail = patterns[...min(observed, total - observed)].reduce(0, +)
    return min(1, 2 * smallerTail / patterns.reduce(0, +))
  }

  /// Mean Σr/2 and variance Σr²/4 hold for tied ranks too.
  private static func approximatePValue(of sum: Double, ranks: [Double]) -> Double {
    let mean = ranks.reduce(0, +) / 2
    let variance = ranks.reduce(0) { $0 + $1 * $1 } / 4
    return 2 * StandardNormal.cumulative(-(sum - mean).magnitude / variance.squareRoot())
  }
}
