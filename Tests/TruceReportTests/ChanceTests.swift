import Testing
import Truce
import TruceRun
import TruceRunTestSupport
import TruceStudy

@testable import TruceReport

@Suite("Results at chance")
struct ChanceTests {
  let builder = RecordBuilder(tasks: [
    TaskRecord(name: "left", metrics: [MetricRecord(name: "accuracy", higherIsBetter: true)]),
    TaskRecord(name: "right", metrics: [MetricRecord(name: "accuracy", higherIsBetter: true)]),
  ])

  /// Two runs whose last training losses are known.
  func runs(
    _ method: String, _ optimizer: OptimizerName, rate: Double = 0.001, accuracy: Double, loss: Double
  ) -> [RunRecord] {
    [0, 1].map { seed in
      let value = accuracy + 0.002 * Double(seed)
      let record = builder.record(
        method, optimizer, learningRate: rate, seed: seed, epochs: [[value, value]])
      let point = CurvePoint(epoch: 1, step: 50, seconds: 10, value: loss)
      let losses = ["left", "right"].map { (MetricKey.loss($0, split: "train"), [point]) }
      return RunRecord(
        directory: record.directory, configuration: record.configuration, environment: record.environment,
        summary: record.summary, beginning: record.beginning,
        epochCurves: record.epochCurves.merging(losses) { $1 })
    }
  }

  /// Adam learns at two rates, SGD at its one rate does not.
  var records: [RunRecord] {
    ["ew", "uw"].flatMap { method in
      runs(method, .adam, accuracy: method == "ew" ? 0.9 : 0.91, loss: 0.3)
        + runs(method, .adam, rate: 0.01, accuracy: 0.8, loss: 0.5)
        + runs(method, .sgd, accuracy: 0.11, loss: 2.302)
    }
  }

  func problem(_ records: [RunRecord]) throws -> ProblemReport {
    try #require(ReportFixture.report(of: records).problems.first)
  }

  @Test func theyAreNamedAndKeptOutOfWhatMattersMore() throws {
    let problem = try problem(records)
    let texts = problem.findings.map(\.text)
    #expect(
      texts.contains {
        $0.hasPrefix("At or near chance") && $0.contains("EW with SGD (left accuracy 0.1110")
          && $0.contains("UW with SGD")
      })
    #expect(!texts.contains { $0.contains("matters more") || $0.hasPrefix("Adam is better") })
    #expect(problem.caveats.contains { $0.contains("EW with SGD and UW with SGD are at or near chance") })
    #expect(problem.caveats.contains { $0.hasPrefix("SGD ran at one learning rate only") })
    let table = try #require(problem.tables.first { $0.id == "best-configurations" })
    #expect(table.grid.rows.allSatisfy { $0[1].contains("lr 0.001*") && $0[2].contains("chance") })
  }

  @Test func aRecordedLevelNamesTheConstantPredictorOfARegression() throws {
    let metric = MetricRecord(name: "absolute_error", higherIsBetter: false, chance: 5)
    let builder = RecordBuilder(tasks: ["left", "right"].map { TaskRecord(name: $0, metrics: [metric]) })
    let records = [("ew", 1.0), ("uw", 4.9)].map { builder.record($0.0, epochs: [[$0.1, $0.1]]) }
    let caveat = try #require(try problem(records).caveats.first { $0.contains("at or near chance") })
    #expect(caveat.hasPrefix("UW") && caveat.contains("is at or near chance") && !caveat.contains("EW"))
  }

  @Test func theAnswerBeginsWithTheTasksOwnMetrics() throws {
    let problem = try problem(records)
    let first = try #require(problem.findings.first).text
    #expect(
      first.hasPrefix(
        "UW with Adam at learning rate 0.001 comes first by mean rank, 1: left accuracy 0.9110 (std 0.0014) and"
      ))
    let page = try #require(ReportFixture.report(of: records).files["index.html"])
    #expect(!page.contains("relative error score") && !page.contains("Relative change"))
  }

  @Test func anUntunedOptimizerThatLearnsLeavesTheQuestionOpen() throws {
    let both = ["ew", "uw"].flatMap { method in
      runs(method, .adam, accuracy: method == "ew" ? 0.9 : 0.91, loss: 0.3)
        + runs(method, .sgd, accuracy: 0.6, loss: 0.9)
    }
    let texts = try problem(both).findings.map(\.text)
    #expect(texts.contains { $0.contains("says nothing about which choice matters more") })
  }

  @Test func aRecordedChanceLevelIsTheMeasure() throws {
    var known = builder
    for index in known.tasks.indices { known.tasks[index].metrics[0].chance = 0.88 }
    let runs = [0, 1].map { seed in known.record(seed: seed, epochs: [[0.885, 0.95]]) }
    let results = StudyResults(runs, problem: "pair")
    let best = try #require(results.bestConfigurations().first)
    #expect(results.metricsAtChance(of: best).map(\.title) == ["left accuracy"])
    #expect(ChanceLevel.isNear(4.9, chance: 5, higherIsBetter: false))
    #expect(!ChanceLevel.isNear(3, chance: 5, higherIsBetter: false))
  }

  @Test func textsFitOneSeedAndOneRate() throws {
    let single = [builder.record("ew", epochs: [[0.9, 0.9]]), builder.record("uw", epochs: [[0.8, 0.8]])]
    let page = try #require(ReportFixture.report(of: single).files["index.html"])
    for part in [
      "over one seed", "some configurations", "chosen on the test data", "best learning rate of", "A star",
    ] {
      #expect(!page.contains(part), "\(part)")
    }
    #expect(page.contains("Values of the one seed"))
  }

  @Test func sharesTellTheStepsTheyRestOn() throws {
    var record = builder.record(epochs: [[0.9, 0.9], [0.9, 0.9]]) { $0.conflictEvery = 10 }
    var summary = try #require(record.summary)
    summary.conflictShare = 0.4
    record = RunRecord(
      directory: record.directory, configuration: record.configuration, summary: summary,
      beginning: record.beginning, epochCurves: record.epochCurves)
    #expect(record.conflictSteps == 5, "the share is that of the last epoch of 50 steps")
    let training = try #require(try problem([record]).tables.first { $0.id == "training" })
    let columns = training.grid.headings.map(\.text)
    let place = try #require(columns.firstIndex(of: "in steps"))
    #expect(training.grid.rows[0][place - 1] == "40" && training.grid.rows[0][place] == "5")
    summary.conflictSteps = 50
    let counted = RunRecord(
      directory: record.directory, configuration: record.configuration, summary: summary,
      beginning: record.beginning, epochCurves: record.epochCurves)
    #expect(counted.conflictSteps == 50, "a run that counted its steps is believed")
  }
}
