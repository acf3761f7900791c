import Foundation
import Testing
import Truce
import TruceEnvironments
import TruceOptions
import TruceTraining

@testable import TruceAgents

/// A Python with Metaworld.
private enum MetaworldPython {
  static let location: URL? = {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let doctor = EnvironmentsDoctor(folders: [package])
    return doctor.problem == nil ? doctor.python.map { URL(filePath: $0) } : nil
  }()
  static let missing: Comment =
    "neither TRUCE_RL_PYTHON nor .truce/rl has Metaworld 3.1.1: run Scripts/setup rl"
}

@Suite(
  "An agent on Metaworld", .serialized,
  .enabled(if: MetaworldPython.location != nil, MetaworldPython.missing))
struct MetaworldLearningTests {
  private static let mostSteps = 5000
  private static let epochSteps = 250

  private func environments(
    _ purpose: EnvironmentRequest.Purpose, seed: UInt64
  ) throws -> any TaskEnvironments {
    try EnvironmentEntry.metaworldMT10.make(
      EnvironmentRequest(
        options: ["goals": 1, "rewards": "v2"], tasks: ["drawer-close"], seed: seed, purpose: purpose,
        workers: WorkerSettings(count: 1, python: MetaworldPython.location)))
  }

  private func learner(seed: UInt64) throws -> AgentLearner {
    let agent = TinyAgent(
      options: [
        "widths": [64, 64], "batch_size": 64, "random_steps": 500, "horizon": 150, "reward_scale": 0.1,
        "initial_temperature": 0.1, "discount": 0.9, "polyak": 0.02, "replay_capacity": 5000,
        "epoch_steps": .number(Double(Self.epochSteps)), "evaluation_episodes": 1,
      ], seed: seed, learningRate: 3e-3)
    var request = try agent.request()
    (request.training, request.evaluation) = (
      try environments(.training, seed: seed), try environments(.evaluation, seed: seed)
    )
    request.threads = 1
    return try AgentLearner(request)
  }

  // Measured with the seeds 0 to 11: the first success comes after 750, 750, 1000, 2500, 2500, 1250, 1250, 1000, 1750, 1000,
  // 1000 and 1000 steps. Actions at random never succeed, see MetaworldTests.
  @Test("closes a drawer within 5,000 steps, from any seed", arguments: [0, 1, 2] as [UInt64])
  func drawer(seed: UInt64) throws {
    let learner = try learner(seed: seed)
    let success = "test/drawer-close/success"
    #expect(try learner.measure()[success] == 0, "it succeeds before it has learned anything")
    var position = TrainingPosition()
    var shares: [Double] = []
    while position.step < Self.mostSteps, shares.last != 1 {
      try train(learner, from: &position, steps: Self.epochSteps + 1)
      shares.append(try #require(try learner.measure()[success]))
    }
    #expect(shares.last == 1, "after \(position.step) steps: \(shares)")
  }
}
