import Testing
import Truce
import TruceRun
import TruceRunTestSupport
import TruceStudy

@testable import TruceReport

@Suite("The answer in plain words")
struct FindingsTests {
  let builder = RecordBuilder()
  let alone = [
    RecordBuilder().record(epochs: [[0.8]], task: "left"),
    RecordBuilder().record(epochs: [[0.5]], task: "right"),
  ]

  func runs(
    _ method: String, _ optimizer: OptimizerName = .adam, rate: Double = 0.001, accuracies: [Double]
  ) -> [RunRecord] {
    accuracies.enumerated().map { seed, accuracy in
      builder.record(method, optimizer, learningRate: rate, seed: seed, epochs: [[accuracy, 0.5]])
    }
  }

  func findings(_ records: [RunRecord]) -> [String] {
    Findings(ReportMaterial(results: StudyResults(records, problem: "pair"))).all.map(\.text)
  }

  func caveats(_ records: [RunRecord], plannedRuns: Int? = nil) -> [String] {
    Caveats(StudyResults(records, problem: "pair"), plannedRuns: plannedRuns).all
  }

  @Test func aClearWinnerIsNamedWithItsNumbers() {
    let texts = findings(
      alone + runs("ew", accuracies: [0.6, 0.61, 0.6]) + runs("uw", accuracies: [0.85, 0.86, 0.851]))
    #expect(
      texts[0]
        == """
        UW at learning rate 0.001 comes first by Δm, −3.35% (std 0.34): left accuracy 0.8537 (std 0.0055) and right error \
        0.5000 (std 0.0000). EW follows by Δm, +12.29% (std 0.36): left accuracy 0.6033 (std 0.0058) and right error 0.5000 \
        (std 0.0000). The seeds agree on the order (paired t-test of Δm, p < 0.001, not corrected for having picked the top \
        two).
        """)
    #expect(
      texts[1] == "One configuration of 2 is better on average than one network a task (Δm below zero).")
    #expect(texts.contains { $0.contains("reliably better than EW: UW") })
  }

  @Test func differencesWithinChanceAreHedged() {
    let texts = findings(
      alone + runs("ew", accuracies: [0.6, 0.7, 0.65]) + runs("uw", accuracies: [0.7, 0.6, 0.68]))
    #expect(texts[0].contains("cannot be told apart"))
    #expect(texts.contains { $0.hasPrefix("The one comparison with EW") && $0.contains("weak evidence") })
    #expect(texts.contains { $0.contains("No configuration beats one network a task") })
  }

  @Test func oneSeedSaysThatNothingCanBeSaid() {
    let texts = findings(alone + runs("ew", accuracies: [0.6]) + runs("uw", accuracies: [0.7]))
    #expect(texts[0].contains("With one shared seed it cannot be said"))
    #expect(!texts.contains { $0.contains("std") })
  }

  @Test func optimizersAreCompared() {
    let tried = [OptimizerName.adam, .sgd].flatMap { runs("ew", $0, rate: 1, accuracies: [0.2, 0.2]) }
    let both =
      alone + tried + runs("ew", accuracies: [0.7, 0.71]) + runs("ew", .sgd, accuracies: [0.6, 0.61])
    let all = both + runs("uw", accuracies: [0.72, 0.7]) + runs("uw", .sgd, accuracies: [0.61, 0.6])
    #expect(findings(all).contains { $0.hasPrefix("Adam is better than SGD for both methods") })
    #expect(findings(both).contains { $0.contains("for the one method that was run with both") })
    #expect(findings(all).contains { $0.contains("the choice of optimizer matters more") })
    let mixed = both + runs("uw", accuracies: [0.6, 0.6]) + runs("uw", .sgd, accuracies: [0.7, 0.72])
    #expect(findings(mixed).contains { $0.contains("for 1 of 2 methods, so the better optimizer depends") })
  }

  @Test func withoutRunsThereIsNoAnswer() {
    #expect(findings([]).isEmpty)
    #expect(findings(alone).isEmpty)
  }

  @Test func caveatsAreDrawnFromTheRuns() {
    let records =
      runs("ew", rate: 0.1, accuracies: [0.6]) + runs("ew", rate: 0.01, accuracies: [0.7])
      + runs("uw", rate: 0.1, accuracies: [0.6])
      + [
        builder.record("uw", seed: 5, epochs: [], status: .diverged, reason: "infinite"),
        builder.record("uw", seed: 6, epochs: [], status: .failed, reason: "crash"),
        builder.record("uw", seed: 7, epochs: [], status: nil),
      ]
    let texts = caveats(records, plannedRuns: 8)
    let expected = [
      "not finished: three runs are still missing", "One run failed or was called off and one run diverged",
      "chosen on the test data that are reported", "There is one seed a configuration",
      "smallest or largest that was tried for EW with Adam (smallest)",
      "Not every task has a single-task run", "All runs use Adam",
    ]
    for part in expected { #expect(texts.contains { $0.contains(part) }, "\(part)") }
  }

  @Test func damagedRunsAreNamed() {
    let damaged = RunRecord(
      directory: builder.record(epochs: []).directory,
      configuration: builder.record("uw", seed: 3, epochs: []).configuration, damage: "summary.json: empty")
    let texts = caveats(alone + runs("ew", accuracies: [0.7]) + [damaged], plannedRuns: 4)
    #expect(
      texts.contains(
        """
        The record of one run is damaged and enters nothing: UW with Adam at learning rate 0.001, seed 3. `truce study \
        resume` runs it again.
        """))
    #expect(!texts.contains { $0.contains("not finished") })
  }

  @Test func trainingThatStillImprovesIsNamed() {
    let steady = builder.record(epochs: [[0.4, 0.5], [0.5, 0.5], [0.6, 0.5], [0.7, 0.5]])
    #expect(caveats(alone + [steady]).contains { $0.contains("still improved in the last tenth") })
    let settled = builder.record(epochs: [[0.4, 0.5], [0.69, 0.5], [0.7, 0.5], [0.7, 0.5]])
    #expect(!caveats(alone + [settled]).contains { $0.contains("still improved") })
  }

  @Test func everyAnswerOfAFullStudyRestsOnEvidence() throws {
    let problem = try #require(ReportFixture.full().problems.first)
    #expect(problem.findings.count == 8)
    for finding in problem.findings {
      switch finding.evidence {
      case .table(let id): #expect(problem.tables.contains { $0.id == id }, "\(id)")
      case .figure(let id): #expect(problem.figures.contains { $0.id == id }, "\(id)")
      }
    }
  }
}
