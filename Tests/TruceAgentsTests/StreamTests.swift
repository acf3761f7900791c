import Foundation
import Testing
import Torch
import Truce
import TruceTraining

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

  @Test("give each task noise of its own, whatever other tasks there are and however many rows they have")
  func noise() {
    func draw(_ counts: [Int]) -> [[Float]] {
      let noise = TaskNoise(.updates, RandomStreams(seed: 4), taskCount: counts.count)
      let rows = TaskRows(counts: counts)
      return rows.parts(of: noise.draw(rows, width: 2, dtype: .float32)).map { $0?.toArray() ?? [] }
    }
    let three = draw([4, 4, 4])
    #expect(Set(three).count == 3)
    #expect(draw([4, 4]) == Array(three.prefix(2)))
    #expect(draw([0, 9, 4]).last == three[2])
  }

  @Test("give each task draws from the replay of its own")
  func replayDraws() {
    let memory = ReplayMemory(.init(taskCount: 3, observationSize: 1, actionSize: 1), capacity: 60)
    memory.begin([0, 0, 0])
    for _ in 0..<50 {
      memory.complete(
        actions: [0, 0, 0], rewards: [0, 0, 0], marks: [.transition, .transition, .transition])
      memory.begin([0, 0, 0])
    }
    var sources = RandomStreams(seed: 4).replaySources(.perTask, taskCount: 3)
    let places = memory.drawEach(20, using: &sources)
    let rows = (0..<3).map { task in places.filter { $0.task == task }.map(\.row) }
    #expect(Set(rows).count == 3)
    // What is drawn for a task does not depend on how much is drawn for those before it.
    var alone = RandomStreams(seed: 4).replaySources(.perTask, taskCount: 3)
    for task in 0..<3 { alone[task] = RandomSource(seed: UInt64(task)) }
    alone[2] = RandomStreams(seed: 4).replaySources(.perTask, taskCount: 3)[2]
    #expect(memory.drawEach(20, using: &alone).suffix(20).map(\.row) == rows[2])
    #expect(RandomStreams(seed: 4).replaySources(.uniform, taskCount: 3).values.count == 1)
  }

  @Test("let a task act alike whatever the others do", arguments: [2, 3])
  func actions(taskCount: Int) throws {
    let noise = TaskNoise(.actions, RandomStreams(seed: 3), taskCount: 3)
    let other = TaskNoise(.actions, RandomStreams(seed: 3), taskCount: taskCount)
    let (all, some) = (TaskRows(taskCount: 3, each: 1), TaskRows(taskCount: taskCount, each: 1))
    for _ in 0..<5 {
      let drawn: [Float] = noise.draw(all, width: 2, dtype: .float32).toArray()
      #expect(other.draw(some, width: 2, dtype: .float32).toArray() == Array(drawn.prefix(2 * taskCount)))
    }
  }
}
