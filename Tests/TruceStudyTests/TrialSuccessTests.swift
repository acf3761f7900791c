import Testing
import TruceRun
import TruceRunTestSupport
import TruceStudy

@Suite("How often agents succeed")
struct TrialSuccessTests {
  /// Two tasks, each with its share of successes; steps are 50, 100, 150.
  private var builder: RecordBuilder {
    let metric = [MetricRecord(name: "success", higherIsBetter: true)]
    var builder = RecordBuilder(
      problem: "arms", tasks: ["reach", "push"].map { TaskRecord(name: $0, metrics: metric) })
    builder.conditions = ["evaluation_episodes": "10", "horizon": "150"]
    return builder
  }

  private var records: [RunRecord] {
    [
      builder.record(seed: 0, epochs: [[0, 0], [1, 0.6], [0.8, 0.4]]),
      builder.record(seed: 1, epochs: [[0, 0.2], [0.8, 0.4], [0.8, 0.2]]),
    ]
  }

  private func success(_ rule: ReportingRule = .last) throws -> TrialSuccess {
    try #require(StudyResults(records, problem: "arms", rule: rule).trialSuccesses().first)
  }

  @Test("is told at the end, at the best mean, and over the whole training")
  func columns() throws {
    let success = try success()
    #expect(abs(success.final.mean - 0.55) < 1e-12)
    // The means of the seeds are 0.8 and 0.6 after the second epoch.
    #expect(success.best.step == 100)
    #expect(abs(success.best.mean.mean - 0.7) < 1e-12)
    // (0 + 0.8)/2, (0.8 + 0.6)/2 and (0.1 + 0.6)/2, (0.6 + 0.5)/2, over two intervals.
    #expect(abs(success.area.mean - ((0.4 + 0.7) / 2 + (0.35 + 0.55) / 2) / 2) < 1e-12)
  }

  @Test("is counted over the episodes of all seeds and of all measurements that count")
  func counts() throws {
    #expect(
      try success().tasks?.map(\.rate) == [
        SuccessRate(successes: 16, of: 20), SuccessRate(successes: 6, of: 20),
      ])
    #expect(try success().all == SuccessRate(successes: 22, of: 40))
    #expect(try success(.meanOfLast(2)).tasks?.first?.rate == SuccessRate(successes: 34, of: 40))
    #expect(try success(.meanOfLast(9)).tasks?.first?.rate == SuccessRate(successes: 34, of: 60))
  }

  @Test("has no counts where the number of episodes is not known")
  func unknownEpisodes() throws {
    var builder = builder
    builder.conditions = ["horizon": "150"]
    let records = [builder.record(epochs: [[1, 0]])]
    let success = try #require(StudyResults(records, problem: "arms").trialSuccesses().first)
    #expect(success.tasks == nil)
    #expect(success.all == nil)
    #expect(success.area.mean == 0.5)
  }

  @Test("is not told of networks that learn from labelled data")
  func labelled() {
    let records = [RecordBuilder().record(epochs: [[1, 1]])]
    #expect(StudyResults(records, problem: "pair").trialSuccesses().isEmpty)
  }
}
