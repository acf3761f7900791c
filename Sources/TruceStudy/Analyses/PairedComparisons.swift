import TruceRun

/// Best configurations held against a reference, seed by seed.
public struct PairedComparisons: Sendable {
  /// What the configurations are held against.
  public let reference: String
  /// How the p-values are corrected for the number of comparisons.
  public let correction: MultipleTesting
  /// The comparisons, in the order of the configurations.
  public let rows: [Row]

  /// One configuration against the reference.
  public struct Row: Sendable {
    /// The configuration.
    public let configuration: BestConfiguration
    /// The reference configuration.
    public let reference: BestConfiguration
    /// The score minus the reference's score for each shared seed; negative where the configuration is better.
    public let differences: [Double]
    /// The paired two-tailed t-test; nil below two shared seeds.
    public let tTest: PairedTTest?
    /// The t-test's p-value after correction.
    public let adjustedPValue: Double?
    /// Wilcoxon's signed-rank test.
    public let wilcoxon: WilcoxonSignedRank?
    /// Wilcoxon's p-value after correction.
    public let adjustedWilcoxonPValue: Double?

    /// The mean difference and its spread.
    public var difference: SampleSummary? { SampleSummary(differences) }
  }

  init(pairs: [(BestConfiguration, BestConfiguration)], reference: String, correction: MultipleTesting) {
    self.reference = reference
    self.correction = correction
    let differences = pairs.map { Self.differences($0, $1) }
    let tTests = differences.map { PairedTTest(differences: $0) }
    let signedRanks = differences.map { WilcoxonSignedRank(differences: $0) }
    let adjusted = Self.adjusted(tTests.map { $0?.pValue }, by: correction)
    let adjustedRanks = Self.adjusted(signedRanks.map { $0?.pValue }, by: correction)
    rows = pairs.indices.map { i in
      Row(
        configuration: pairs[i].0, reference: pairs[i].1, differences: differences[i], tTest: tTests[i],
        adjustedPValue: adjusted[i], wilcoxon: signedRanks[i], adjustedWilcoxonPValue: adjustedRanks[i])
    }
  }

  /// Runs of the same seed start from the same weights and see the same batches, so they are pairs.
  private static func differences(_ a: BestConfiguration, _ b: BestConfiguration) -> [Double] {
    a.runs.compactMap { run in
      b.runs.first { $0.seed == run.seed }.flatMap { run.difference(to: $0) }
    }
  }

  /// Corrects the p-values that exist, and keeps the gaps.
  private static func adjusted(_ pValues: [Double?], by correction: MultipleTesting) -> [Double?] {
    var corrected = correction.adjusted(pValues.compactMap { $0 })[...]
    return pValues.map { $0 == nil ? nil : corrected.popFirst() }
  }
}

extension ScoredRun {
  /// Δm, or the selection score where there are no baselines; lower is better.
  public var score: Double { deltaM ?? selectionScore }

  /// The score minus another run's, zero where they are tied; nil where one of them is not known.
  public func difference(to other: ScoredRun) -> Double? {
    score.isFinite && other.score.isFinite ? Score.difference(score, other.score) : nil
  }
}

extension StudyResults {
  /// Holds each method's best configuration against that of one method with the same optimizer.
  ///
  /// - Parameters:
  ///   - method: The method of reference, usually equal weighting.
  ///   - correction: How to correct for the number of comparisons.
  public func comparisons(
    toMethod method: String, correction: MultipleTesting = .holm
  ) -> PairedComparisons {
    let best = bestConfigurations()
    let pairs = best.filter { $0.variant.method != method }.compactMap { candidate in
      best.first { $0.variant.method == method && $0.variant.optimizer == candidate.variant.optimizer }
        .map { (candidate, $0) }
    }
    return PairedComparisons(pairs: pairs, reference: method, correction: correction)
  }

  /// Holds each method's best configuration with one optimizer against its best with another.
  ///
  /// - Parameters:
  ///   - optimizer: The optimizer.
  ///   - reference: The optimizer of reference.
  ///   - correction: How to correct for the number of comparisons.
  public func comparisons(
    of optimizer: String, to reference: String, correction: MultipleTesting = .holm
  ) -> PairedComparisons {
    let best = bestConfigurations()
    let pairs = best.filter { $0.variant.optimizer == optimizer }.compactMap { candidate in
      best.first { $0.variant.optimizer == reference && $0.variant.method == candidate.variant.method }
        .map { (candidate, $0) }
    }
    return PairedComparisons(pairs: pairs, reference: reference, correction: correction)
  }
}
