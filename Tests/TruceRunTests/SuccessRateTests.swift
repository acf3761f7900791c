import Testing
import TruceRun

@Suite("A share of successes")
struct SuccessRateTests {
  /// Intervals by `scipy.stats.binomtest(successes, episodes).proportion_ci(0.95, method="wilson")`.
  @Test(
    "has Wilson's interval",
    arguments: [
      (0, 10, 0.0, 0.2775328), (10, 10, 0.7224672, 1.0), (5, 10, 0.2365931, 0.7634069),
      (37, 50, 0.6044684, 0.8412847),
    ])
  func interval(successes: Int, episodes: Int, low: Double, high: Double) {
    let interval = SuccessRate(successes: successes, of: episodes).interval
    #expect(abs(interval.lowerBound - low) < 1e-6)
    #expect(abs(interval.upperBound - high) < 1e-6)
  }

  @Test("of no episodes could be anything, and counts add up")
  func degenerate() {
    #expect(SuccessRate(successes: 0, of: 0).interval == 0...1)
    #expect(SuccessRate(successes: 0, of: 0).share.isNaN)
    let both = SuccessRate(successes: 1, of: 2) + SuccessRate(successes: 2, of: 3)
    #expect(both == SuccessRate(successes: 3, of: 5))
  }
}
