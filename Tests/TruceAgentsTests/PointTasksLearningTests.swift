import Testing
import Torch
import Truce
import TruceEnvironments
import TruceOptions
import TruceTraining

@testable import TruceAgents

@Suite("An agent on tasks whose best return is known")
struct PointTasksLearningTests {
  private static let horizon = 20
  private static let goals = 16

  private func environments(_ purpose: EnvironmentRequest.Purpose) throws -> PointTasks {
    let options: [String: OptionValue] = ["goals": .number(Double(Self.goals))]
    let request = EnvironmentRequest(options: options, seed: 1, purpose: purpose)
    return try #require(try EnvironmentEntry.pointTasks.make(request) as? PointTasks)
  }

  @Test("comes to nine tenths of the way from no push to the best on each task", arguments: ["ew", "cagrad"])
  func returns(method: String) throws {
    let evaluation = try environments(.evaluation)
    let agent = TinyAgent(
      options: [
        "widths": [64, 64], "batch_size": 192, "random_steps": 200, "horizon": .number(Double(Self.horizon)),
        "epoch_steps": 500, "replay_capacity": 5000, "evaluation_episodes": .number(Double(Self.goals)),
        "discount": 0.95, "polyak": 0.02, "initial_temperature": 0.05,
      ], method: method, learningRate: 3e-3)
    var request = try agent.request()
    (request.training, request.evaluation, request.threads) = (try environments(.training), evaluation, 1)
    let learner = try AgentLearner(request)
    let best = evaluation.about.tasks.indices.map { task in
      mean { evaluation.bestReturn(task: task, goal: $0, horizon: Self.horizon) }
    }
    let resting = evaluation.about.tasks.indices.map { task in
      mean { evaluation.restingReturn(task: task, goal: $0, horizon: Self.horizon) }
    }
    var position = TrainingPosition()
    var shares: [Double] = []
    for _ in 0..<8 {
      try train(learner, from: &position, steps: 501)
      let values = try learner.measure()
      shares = evaluation.about.tasks.enumerated().map { task, name in
        ((values["test/\(name)/return"] ?? .nan) - resting[task]) / (best[task] - resting[task])
      }
      if shares.allSatisfy({ $0 >= 0.9 }) { break }
    }
    #expect(shares.allSatisfy { $0 >= 0.9 }, "\(shares)")
  }

  private func mean(_ value: (Int) -> Double) -> Double {
    (0..<Self.goals).reduce(0) { $0 + value($1) } / Double(Self.goals)
  }
}
