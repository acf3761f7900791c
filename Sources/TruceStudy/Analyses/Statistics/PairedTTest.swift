import TruceRun

/// The paired two-tailed t-test: whether the mean of paired differences is zero.
///
/// t = d̄ / (s/√n) with n − 1 degrees of freedom. It assumes differences that are independent and nearly
/// normal. The CAGrad paper marks a row as significantly better by a two-tailed t-test at p < 0.1.
///
/// Source: Student (1908), The Probable Error of a Mean.
public struct PairedTTest: Sendable, Equatable, Codable {
  /// The differences' size and spread.
  public let difference: SampleSummary
  /// The statistic t.
  public let statistic: Double
  /// The probability of a statistic at least as far from zero if the mean difference is zero.
  public let pValue: Double

  /// Tests some differences; nil below two of them, or where they spread by no more than their rounding.
  public init?(differences: [Double]) {
    guard Meaning.hasSpread(differences), let summary = SampleSummary(differences),
      let error = summary.standardError, error > 0
    else { return nil }
    difference = summary
    statistic = summary.mean / error
    pValue = StudentT(degreesOfFreedom: Double(summary.count - 1)).twoTailed(statistic)
  }
}
