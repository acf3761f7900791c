import Testing
import Truce

@testable import TruceAgents

@Suite("The running deviation of rewards")
struct RewardScaleTests {
  @Test("begins at 1 and moves by a thousandth")
  func firstStep() {
    var scale = RewardScale(taskCount: 2)
    #expect(scale.factors.allSatisfy { ($0 - 1).magnitude < 1e-7 })
    scale.takeIn([3, -1])
    // mean 0.003, variance 0.999 + 0.001 (3 − 0.003)²
    #expect((scale.factors[0] - 1 / (0.999 + 0.001 * 2.997 * 2.997).squareRoot()).magnitude < 1e-7)
    #expect((scale.factors[1] - 1 / (0.999 + 0.001 * 0.999 * 0.999).squareRoot()).magnitude < 1e-7)
  }

  @Test("comes to that of the rewards, task by task", arguments: [0.1, 1, 50])
  func limit(deviation: Double) {
    var scale = RewardScale(taskCount: 2)
    var source = RandomSource(seed: 4)
    let half = deviation * 3.0.squareRoot()
    for _ in 0..<20_000 {
      let reward = Float(7 + Double.random(in: -half...half, using: &source))
      scale.takeIn([reward, 2 * reward])
    }
    #expect((1 / scale.factors[0] / deviation - 1).magnitude < 0.1)
    #expect((scale.factors[0] / scale.factors[1] - 2).magnitude < 1e-3)
  }
}
