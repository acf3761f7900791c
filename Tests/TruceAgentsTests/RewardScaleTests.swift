import Testing
import Truce
import TruceTraining

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

  @Test("leaves out what is said of a task that has come to its end")
  func ended() throws {
    let agent = TinyAgent(
      options: ["reward_normalization": "sampling"], training: { PushTasks(ends: [3, nil, 7]) })
    let learner = try agent.makeLearner()
    var position = TrainingPosition()
    try train(learner, from: &position, steps: 9)
    let memory = learner.collector.memory
    var expected = RewardScale(taskCount: 3)
    for row in memory.rows.dropLast() {
      expected.takeIn(
        (0..<3).map { task in
          memory.mark(row: row, task: task) == .none ? nil : memory.numbers(row: row, task: task).last
        })
    }
    #expect(learner.collector.rewardScale == expected)
    #expect(memory.transitionCounts == [3, 9, 7])
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
