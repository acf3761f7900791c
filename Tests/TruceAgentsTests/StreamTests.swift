import Testing
import Truce

@testable import TruceAgents

@Suite("Random streams")
struct StreamTests {
  private static let uses: [RandomStreams.Use] = [
    .firstWeights, .goals, .firstActions, .actions, .updates, .replay, .criticMethod, .actorMethod,
    .temperatureMethod,
  ]

  @Test("differ for each use, each task and each seed")
  func differences() {
    var seeds: [UInt64] = []
    for seed in 0..<20 {
      let streams = RandomStreams(seed: UInt64(seed))
      seeds += Self.uses.map { streams.seed(of: $0) }
      seeds += Self.uses.flatMap { use in (0..<50).map { streams.seed(of: use, task: $0) } }
    }
    #expect(Set(seeds).count == seeds.count)
  }

  @Test("are the same on every machine")
  func values() {
    let streams = RandomStreams(seed: 1)
    #expect(streams.seed(of: .goals, task: 0) == RandomStreams(seed: 1).seed(of: .goals, task: 0))
    // Computed in Python from the definitions of xoshiro256**, SplitMix64 and FNV-1a.
    #expect(streams.seed(of: .replay) == 8_451_032_071_455_189_327)
  }

  @Test("give tasks goals and first actions of their own")
  func tasks() throws {
    let environments = PushTasks(taskCount: 3, goalCount: 4)
    let learner = try TinyAgent(options: ["horizon": 5], training: { environments }).makeLearner()
    for _ in 0..<100 {
      try learner.collector.send(.random)
      _ = try learner.collector.receive()
    }
    let goals = environments.resets
    #expect(goals.count == 20)
    for task in 0..<3 {
      #expect(Set(goals.map { $0[task] }).count == 4)
      #expect(goals.map { $0[task] } != goals.map { $0[(task + 1) % 3] })
    }
    let memory = learner.collector.memory
    let rows = memory.rows.prefix(5)
    let actions = (0..<3).map { task in rows.map { Array(memory.numbers(row: $0, task: task)[3..<5]) } }
    #expect(Set(actions).count == 3)
  }
}
