import Testing
import TruceRun

@Suite("Ranks and Δm by tasks")
struct RankTests {
  @Test("Ties share the mean of their places, or the best")
  func ties() {
    let rows = [[0.4, 1], [0.4, 2], [0.2, 3]]
    #expect(metricRanks(rows, higherIsBetter: [true, false]) == [[1.5, 1], [1.5, 2], [3, 3]])
    let competition = metricRanks(rows, higherIsBetter: [true, false], ties: .competition)
    #expect(competition == [[1, 1], [1, 2], [3, 3]])
    #expect(meanRanks(rows, higherIsBetter: [true, false], ties: .competition) == [1, 1.5, 3])
    #expect(meanRanks(rows, higherIsBetter: [true, false]) == [1.25, 1.75, 3])
  }

  @Test("Each task counts the same, however many metrics it has")
  func tasks() {
    let change = taskLevelDeltaM(
      [1.1, 0.5, 2, 2], baseline: [1, 1, 1, 1], higherIsBetter: [true, true, false, false],
      metricCounts: [1, 3])
    // −10 % for the first task; (50 + 100 + 100) / 3 % for the other.
    #expect(abs(change - (-10 + 250.0 / 3) / 2) < 1e-12)
  }
}
