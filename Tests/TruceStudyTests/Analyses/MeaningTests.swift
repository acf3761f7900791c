import Testing
import TruceRun
import TruceRunTestSupport

@testable import TruceStudy

@Suite("Numbers that mean nothing")
struct MeaningTests {
  let builder = RecordBuilder()

  /// Single-task runs, one a seed for the left task.
  func alone(_ accuracies: [Double]) -> [RunRecord] {
    accuracies.enumerated().map { seed, accuracy in
      builder.record(seed: seed, epochs: [[accuracy]], task: "left")
    } + [builder.record(epochs: [[0.5]], task: "right")]
  }

  @Test(arguments: [[Double.nan], [1, .infinity], [-Double.infinity, .infinity], [.nan, 1, 2]])
  func whatIsNotFiniteHasNoStatistics(values: [Double]) {
    #expect(SampleSummary(values) == nil)
    #expect(PairedTTest(differences: values) == nil)
    #expect(WilcoxonSignedRank(differences: values) == nil)
  }

  @Test func theLargestNumbersHaveNoIntervalButAMean() throws {
    let huge = try #require(SampleSummary([1e308, -1e308, 1.5e308]))
    #expect(huge.mean.isFinite && huge.standardDeviation == nil && huge.confidenceInterval() == nil)
    #expect(SampleSummary([1.7e308, 1.7e308, 1.6e308])?.mean.isFinite == true)
  }

  @Test func aBaselineOfZeroTakesDeltaMAwayAndNothingElse() throws {
    let study = results(
      alone([0, 0])
        + [
          builder.record("ew", epochs: [[0, 0.5]]), builder.record("ew", seed: 1, epochs: [[0.25, 0.5]]),
          builder.record("uw", epochs: [[0.5, 0.5]]), builder.record("uw", seed: 1, epochs: [[0.25, 0.5]]),
        ])
    #expect(study.hasBaselines && !study.hasDeltaM && study.zeroBaselines == ["left accuracy"])
    #expect(study.baselineValues == [0, 0.5] && study.referenceMetrics == nil)
    #expect(study.runs.count == 4 && study.runs.allSatisfy { $0.deltaM == nil && $0.score.isFinite })
    #expect(study.ranking().rows.map(\.configuration.variant.method) == ["UW", "EW"])
    let row = try #require(study.comparisons(toMethod: "EW").rows.first)
    #expect(row.difference?.confidenceInterval() != nil)
  }

  @Test func aMedianOfZeroStillTellsRunsApart() throws {
    let study = results(
      [0, 0, 0.5].enumerated().map { index, accuracy in
        builder.record(learningRate: [0.1, 0.2, 0.3][index], epochs: [[accuracy, 0.5]])
      })
    #expect(study.zeroMedians == ["left accuracy"])
    #expect(study.runs.allSatisfy { $0.score.isFinite })
    #expect(study.bestConfigurations().first?.variant.learningRate == 0.3)
  }

  @Test func aMetricThatIsZeroEverywhereSetsNoRunApart() {
    let study = results([builder.record("ew", epochs: [[0, 0]]), builder.record("uw", epochs: [[0, 0]])])
    #expect(study.runs.map(\.score) == [0, 0])
  }

  @Test func aCorruptedMetricIsNotRelativeToZero() {
    let none = Robustness.Measurement(clean: 0, corrupted: ["fog-1": 0.4])
    let some = Robustness.Measurement(clean: 0.8, corrupted: ["fog-1": 0.4])
    #expect(Robustness.delta(multiTask: none, singleTask: some, higherIsBetter: true) == nil)
    #expect(Robustness.delta(multiTask: some, singleTask: none, higherIsBetter: true) == nil)
  }
}

@Suite("Rounding is no difference")
struct RoundingTests {
  let builder = RecordBuilder()

  @Test func theSignedRankTestDropsWhatIsZeroButForRounding() throws {
    let test = try #require(
      WilcoxonSignedRank(differences: [1.4e-14, -7.1e-15, 0, 0, 0, 5.556, 5.556]))
    #expect(test.count == 2 && test.pValue == 0.5)
    let tied = try #require(WilcoxonSignedRank(differences: [1, 1 + 1e-12, -1]))
    #expect(tied.positiveRankSum == 4)
  }

  @Test func differencesThatAreAllRoundingTestNothing() {
    #expect(PairedTTest(differences: [5.556, 5.556 + 1e-14, 5.556]) == nil)
    let study = results(
      aloneRuns
        + [0.7, 0.6].enumerated().flatMap { seed, accuracy in
          [
            builder.record("ew", seed: seed, epochs: [[accuracy, 0.5]]),
            builder.record("uw", seed: seed, epochs: [[accuracy * (1 + 1e-13), 0.5]]),
          ]
        })
    let row = study.comparisons(toMethod: "EW").rows[0]
    #expect(row.differences == [0, 0] && row.tTest == nil && row.wilcoxon == nil)
  }

  @Test func roundingNeitherRanksNorDominatesNorChooses() throws {
    #expect(meanRanks([[0.3], [0.1 + 0.2]], higherIsBetter: [true]) == [1.5, 1.5])
    #expect(averageRanks(of: [0.3, 0.1 + 0.2, 1]) == [1.5, 1.5, 3])
    #expect(!ParetoFront.dominates([0.1 + 0.2], [0.3], higherIsBetter: [true]))
    let tied = [0.01, 0.1].map { rate in
      builder.record(learningRate: rate, epochs: [[0.7 + (rate == 0.1 ? 1e-15 : 0), 0.5]])
    }
    #expect(results(aloneRuns + tied).bestConfigurations().first?.variant.learningRate == 0.01)
    let slopes = results(
      aloneRuns + [
        builder.record(epochs: [[0.7, 0.5]]), builder.record("ew", .sgd, epochs: [[0.7 + 1e-15, 0.5]]),
      ]
    ).allSlopes()
    #expect(slopes.first?.slopes[0].change == 0)
  }

  @Test func aCosineOfZeroButForRoundingIsNoConflict() throws {
    let key = SimilarityKey(.cosine, tasks: "left", "right", sample: 0).text
    let points = [-1e-9, -0.5, 0.2, 0.3].enumerated().map { step, value in
      CurvePoint(epoch: 0, step: step, seconds: 1, value: value)
    }
    let record = builder.record(epochs: [[0.7, 0.5]]).replacing(stepCurves: [key: points])
    let epoch = try #require([record].similarities().first?.epochs.first)
    #expect(epoch.negativeShare == 0.25)
  }

  @Test func infinitiesAreTiedWithThemselvesAlone() {
    #expect(Meaning.areTied(.infinity, .infinity) && !Meaning.areTied(.infinity, 1))
    #expect(!Meaning.areTied(.nan, .nan) && !Meaning.hasSpread([]) && !Meaning.isDenominator(.nan))
  }
}

@Suite("The edge of the ladder")
struct EdgeTests {
  let builder = RecordBuilder()

  @Test func oneRateHasNoEdgeHoweverManyRunsWereLost() {
    let lost = (1...3).map { seed in
      builder.record(seed: seed, epochs: [], status: .diverged, reason: "infinite")
    }
    let best = results(aloneRuns + [builder.record(epochs: [[0.7, 0.5]])] + lost).bestConfigurations()
    #expect(best.map(\.edge) == [nil] && best.map(\.triedRates) == [[0.001]])
  }

  @Test func aRateAtWhichAllWereLostIsARateThatWasTried() {
    let lost = builder.record(learningRate: 0.1, epochs: [], status: .diverged, reason: "infinite")
    let best = results(aloneRuns + [builder.record(epochs: [[0.7, 0.5]]), lost]).bestConfigurations()
    #expect(best.map(\.edge) == [.smallest] && best.map(\.triedRates) == [[0.001, 0.1]])
  }
}
