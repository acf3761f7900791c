import Testing
import TruceRun
import TruceRunTestSupport

@testable import TruceStudy

@Suite("Analyses")
struct AnalysesTests {
  let builder = RecordBuilder()

  /// Runs whose only change is the accuracy, over seeds 0, 1, 2.
  func runs(
    _ method: String, _ optimizer: OptimizerName = .adam, rate: Double = 0.001, accuracies: [Double]
  ) -> [RunRecord] {
    accuracies.enumerated().map { seed, accuracy in
      builder.record(method, optimizer, learningRate: rate, seed: seed, epochs: [[accuracy, 0.5]])
    }
  }

  @Test func theBestLearningRateHasTheLowestMeanDeltaM() throws {
    // Δm is 50·(0.8 − a)/0.8: 12.5, 0 for the first rate and 6.25, 3.125 for the second.
    let study = results(
      aloneRuns + runs("ew", rate: 0.1, accuracies: [0.6, 0.8])
        + runs("ew", rate: 0.01, accuracies: [0.7, 0.75])
        + runs("ew", rate: 0.001, accuracies: [0.1, 0.1]))
    let best = try #require(study.bestConfigurations().first)
    #expect(best.variant.learningRate == 0.01 && best.edge == nil && best.unfinishedSeeds == 0)
    let deltaM = try #require(best.deltaM)
    #expect((deltaM.mean - 4.6875).magnitude < 1e-9)
    #expect((try #require(deltaM.standardDeviation) - 2.20970869).magnitude < 1e-6)
    #expect((best.metrics[0].mean - 0.725).magnitude < 1e-12)
  }

  @Test func aLearningRateAtTheEdgeOfTheGridIsNamed() {
    let study = results(
      aloneRuns + runs("ew", rate: 0.1, accuracies: [0.7]) + runs("ew", rate: 0.01, accuracies: [0.6])
        + runs("uw", rate: 0.1, accuracies: [0.5]) + runs("uw", rate: 0.01, accuracies: [0.6])
        + runs("rlw", accuracies: [0.6]))
    #expect(study.bestConfigurations().map(\.edge) == [.largest, .smallest, nil])
  }

  @Test func survivorsOfAFailingLearningRateAreNotChosen() throws {
    let study = results(
      aloneRuns + runs("ew", rate: 0.1, accuracies: [0.79]) + runs("ew", rate: 0.01, accuracies: [0.6, 0.6])
        + [builder.record(learningRate: 0.1, seed: 1, epochs: [], status: .diverged, reason: "infinite")])
    #expect(study.bestConfigurations().first?.variant.learningRate == 0.01)
    let curve = try #require(study.learningRateCurves().first)
    #expect(curve.points.map(\.learningRate) == [0.01, 0.1])
    #expect(curve.points.map(\.failures) == [0, 1])
    #expect(curve.points.map { $0.score?.count } == [2, 1])
  }

  @Test func aLearningRateAtWhichAllFailedIsAGap() throws {
    let study = results(
      aloneRuns + runs("ew", accuracies: [0.6])
        + [builder.record(learningRate: 1, epochs: [], status: .diverged, reason: "infinite")])
    let points = try #require(study.learningRateCurves().first).points
    #expect(points.count == 2 && points[1].score == nil && points[1].failures == 1)
  }

  @Test func slopesJoinMethodsThatHaveBothOptimizers() throws {
    let study = results(
      aloneRuns + runs("ew", accuracies: [0.72]) + runs("ew", .sgd, accuracies: [0.64])
        + runs("uw", accuracies: [0.76]) + runs("uw", .sgd, accuracies: [0.8])
        + runs("rlw", accuracies: [0.7]))
    let slopes = try #require(study.allSlopes().first)
    #expect(slopes.left == "Adam" && slopes.right == "SGD")
    #expect(slopes.slopes.map(\.method) == ["EW", "UW"])
    #expect((slopes.slopes[0].change - 5).magnitude < 1e-9)
    #expect((slopes.slopes[1].change + 2.5).magnitude < 1e-9)
    #expect(!slopes.isUnanimous)
    #expect((try #require(slopes.meanAbsoluteChange) - 3.75).magnitude < 1e-9)
  }

  @Test func rankingIsByDeltaMAndShowsMeanRanks() {
    let records = [
      builder.record("ew", epochs: [[0.8, 0.6]]), builder.record("uw", epochs: [[0.7, 0.4]]),
      builder.record("rlw", epochs: [[0.6, 0.6]]),
    ]
    let rows = results(aloneRuns + records).ranking().rows
    #expect(rows.map(\.configuration.variant.method) == ["UW", "EW", "RLW"])
    // Accuracy ranks 2, 1, 3 and error ranks 1, 2.5, 2.5.
    #expect(rows.map(\.meanRank) == [1.5, 1.75, 2.75])
    #expect(results(records).ranking().rows.map(\.meanRank) == [1.5, 1.75, 2.75])
  }

  @Test func comparisonsPairSeeds() throws {
    // Accuracies differ so that Δm differs by −1, −2 and −4.5; SciPy's ttest_rel gives t and p.
    let study = results(
      aloneRuns + runs("ew", accuracies: [0.6, 0.6, 0.6]) + runs("uw", accuracies: [0.616, 0.632, 0.672])
        + runs("rlw", accuracies: [0.6, 0.6, 0.6]))
    let comparisons = study.comparisons(toMethod: "EW")
    #expect(comparisons.rows.map(\.configuration.variant.method) == ["UW", "RLW"])
    let row = comparisons.rows[0]
    #expect(zip(row.differences, [-1, -2, -4.5]).allSatisfy { ($0 - $1).magnitude < 1e-9 })
    #expect((try #require(row.tTest).statistic + 2.401922307076307).magnitude < 1e-6)
    #expect((try #require(row.tTest).pValue - 0.13827251556786088).magnitude < 1e-6)
    #expect(row.adjustedPValue == row.tTest?.pValue, "one test needs no correction")
    #expect(row.wilcoxon?.pValue == 0.25)
    #expect(comparisons.rows[1].tTest == nil && comparisons.rows[1].adjustedPValue == nil)
    #expect(comparisons.rows[1].wilcoxon == nil)
  }

  @Test func severalComparisonsAreCorrected() throws {
    let study = results(
      aloneRuns + runs("ew", accuracies: [0.6, 0.6, 0.6]) + runs("uw", accuracies: [0.61, 0.63, 0.64])
        + runs("rlw", accuracies: [0.61, 0.59, 0.6]))
    let rows = study.comparisons(toMethod: "EW", correction: .holm).rows
    let raw = rows.compactMap { $0.tTest?.pValue }
    let adjusted = rows.compactMap(\.adjustedPValue)
    #expect(adjusted == MultipleTesting.holm.adjusted(raw))
    #expect((adjusted[0] - 2 * raw[0]).magnitude < 1e-12)
  }

  @Test func optimizersAreComparedMethodByMethod() {
    let study = results(
      aloneRuns + runs("ew", accuracies: [0.72, 0.7]) + runs("ew", .sgd, accuracies: [0.64, 0.66])
        + runs("uw", accuracies: [0.7]))
    let rows = study.comparisons(of: "SGD", to: "Adam").rows
    #expect(rows.count == 1)
    #expect(zip(rows[0].differences, [5, 2.5]).allSatisfy { ($0 - $1).magnitude < 1e-9 })
  }

  @Test func seedSpreadPoolsVariances() throws {
    // Δm is 0, 5 (s² = 12.5) and 0, 10 (s² = 50): pooled √(62.5/2).
    let study = results(
      aloneRuns + runs("ew", accuracies: [0.8, 0.72]) + runs("uw", accuracies: [0.8, 0.64]))
    let spread = try #require(study.seedSpread())
    #expect((spread.withinVariants - (62.5 / 2).squareRoot()).magnitude < 1e-9)
    // The means are 2.5 and 5.
    #expect((try #require(spread.betweenMethods) - 2.5 / 2.0.squareRoot()).magnitude < 1e-9)
    #expect(spread.betweenOptimizers == nil)
    #expect(results(aloneRuns + runs("ew", accuracies: [0.8])).seedSpread() == nil)
  }

  @Test func equalTimeCutsTheSlowMethodShort() throws {
    var slow = builder
    slow.secondsPerEpoch = 20
    let epochs = [[0.4, 0.5], [0.6, 0.5], [0.8, 0.5]]
    let study = results(
      aloneRuns + [builder.record("ew", epochs: epochs), slow.record("uw", epochs: epochs)])
    let clock = try #require(study.equalWallClock())
    #expect(clock.seconds == 30)
    // After 30 s the slow run is halfway between its first and second epoch: Δm 25 and 12.5.
    #expect(clock.rows.map { $0.atEqualEpochs.mean } == [0, 0])
    #expect(clock.rows[0].atEqualTime?.mean == 0)
    #expect((try #require(clock.rows[1].atEqualTime).mean - 18.75).magnitude < 1e-9)
    #expect(clock.rows.map(\.epochsAtEqualTime) == [3, 1.5])
    #expect(results([builder.record(epochs: epochs)]).equalWallClock() == nil, "needs baselines")
  }

  @Test func aRunWithoutAMeasurementInTimeHasNoValue() {
    let curve = [CurvePoint(epoch: 1, step: 1, seconds: 10, value: 4)]
    #expect(curve.value(at: 5) == nil)
    #expect(curve.value(at: 10) == 4)
    #expect(curve.value(at: 99) == 4)
    #expect([CurvePoint]().value(at: 1) == nil)
  }
}

@Suite("Robustness")
struct RobustnessTests {
  @Test func deltaFollowsTheFormula() throws {
    let multi = Robustness.Measurement(clean: 0.8, corrupted: ["fog-1": 0.6, "fog-2": 0.4])
    let single = Robustness.Measurement(clean: 0.9, corrupted: ["fog-1": 0.45, "fog-2": 0.45, "snow-1": 0.1])
    // Ratios 0.75 − 0.5 and 0.5 − 0.5.
    let delta = Robustness.delta(multiTask: multi, singleTask: single, higherIsBetter: true)
    #expect((try #require(delta) + 0.125).magnitude < 1e-12)
    let opposite = Robustness.delta(multiTask: multi, singleTask: single, higherIsBetter: false)
    #expect(opposite == delta.map { -$0 })
    let other = Robustness.Measurement(clean: 1, corrupted: [:])
    #expect(Robustness.delta(multiTask: multi, singleTask: other, higherIsBetter: true) == nil)
  }

  @Test func recordsTellTheirCorruptedSplits() throws {
    let builder = RecordBuilder()
    func record(_ clean: Double, _ corrupted: Double, task: String? = nil) -> RunRecord {
      let values = task == nil ? [clean, 0.5] : [clean]
      let plain = builder.record(epochs: [values], task: task)
      let key = MetricKey.metric(
        "accuracy", of: "left", split: CorruptedSplit.name(corruption: "gaussian-noise", severity: 3))
      let point = CurvePoint(epoch: 1, step: 50, seconds: 10, value: corrupted)
      return RunRecord(
        directory: plain.directory, configuration: plain.configuration, summary: plain.summary,
        beginning: plain.beginning, epochCurves: plain.epochCurves.merging([key: [point]]) { $1 })
    }
    let study = results([record(0.8, 0.6), record(0.8, 0.4, task: "left"), aloneRuns[1]])
    let rows = study.robustness()
    #expect(rows.count == 1)
    #expect((try #require(rows[0].deltas[0]) + 0.25).magnitude < 1e-12)
    #expect(rows[0].deltas[1] == nil)
    #expect(results(aloneRuns + [builder.record(epochs: [[0.5, 0.5]])]).robustness().isEmpty)
  }
}
