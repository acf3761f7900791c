import Testing
import Torch
import Truce

@testable import TruceAgents

/// A transition as a list would hold it.
private struct Transition: Equatable {
  let observation: [Float]
  let action: [Float]
  let reward: Float
  let next: [Float]
  let isTerminal: Bool
}

/// A memory and a list of all that was put into it, task by task, each with the number of its row.
private struct FilledMemory {
  let memory: ReplayMemory
  private(set) var list: [[(row: Int, transition: Transition)]]
  private var source: RandomSource

  init(_ shape: ReplayMemory.Shape, capacity: Int, seed: UInt64) {
    memory = ReplayMemory(shape, capacity: capacity)
    list = (0..<shape.taskCount).map { _ in [] }
    source = RandomSource(seed: seed)
  }

  private mutating func numbers(_ count: Int) -> [Float] {
    (0..<count).map { _ in Float.random(in: -1...1, using: &source) }
  }

  /// Plays episodes of these lengths; a task may end before.
  mutating func play(_ lengths: [Int]) {
    let shape = memory.shape
    for length in lengths {
      var observations = numbers(shape.taskCount * shape.observationSize)
      memory.begin(observations)
      var isEnded = (0..<shape.taskCount).map { _ in false }
      for _ in 0..<length {
        let (actions, rewards) = (numbers(shape.taskCount * shape.actionSize), numbers(shape.taskCount))
        let next = numbers(shape.taskCount * shape.observationSize)
        let ends = isEnded.map { !$0 && Int.random(in: 0..<12, using: &source) == 0 }
        let marks = zip(isEnded, ends).map { was, ends in
          was ? ReplayMemory.Mark.none : ends ? .terminal : .transition
        }
        for task in 0..<shape.taskCount where !isEnded[task] {
          let (o, a) = (task * shape.observationSize, task * shape.actionSize)
          let transition = Transition(
            observation: Array(observations[o..<(o + shape.observationSize)]),
            action: Array(actions[a..<(a + shape.actionSize)]), reward: rewards[task],
            next: Array(next[o..<(o + shape.observationSize)]), isTerminal: ends[task])
          list[task].append((memory.rowCount - 1, transition))
        }
        memory.complete(actions: actions, rewards: rewards, marks: marks)
        memory.begin(next)
        isEnded = zip(isEnded, ends).map { $0 || $1 }
        observations = next
      }
    }
  }

  /// What the memory says of a place.
  func transition(_ place: TransitionPlace) -> Transition {
    let (shape, row) = (memory.shape, Array(memory.numbers(row: place.row, task: place.task)))
    let end = shape.observationSize + shape.actionSize
    return Transition(
      observation: Array(row[..<shape.observationSize]), action: Array(row[shape.observationSize..<end]),
      reward: row[end],
      next: Array(memory.numbers(row: place.row + 1, task: place.task)[..<shape.observationSize]),
      isTerminal: memory.mark(row: place.row, task: place.task) == .terminal)
  }
}

@Suite("A replay memory")
struct ReplayMemoryTests {
  private static let shape = ReplayMemory.Shape(taskCount: 3, observationSize: 4, actionSize: 2)

  @Test("holds the newest transitions whole, however often it has gone round", arguments: [3, 17, 64, 1000])
  func contents(capacity: Int) {
    var filled = FilledMemory(Self.shape, capacity: capacity, seed: UInt64(capacity))
    for lengths in [[1], [5, 2, 1], [30, 7], [40, 40, 1, 1, 1, 12]] {
      filled.play(lengths)
      let memory = filled.memory
      for task in 0..<3 {
        let expected = filled.list[task].filter { memory.rows.contains($0.row) }
        let held = memory.rows.filter { memory.mark(row: $0, task: task) != .none }
        #expect(held == expected.map(\.row))
        #expect(memory.transitionCounts[task] == expected.count)
        for (row, transition) in expected {
          #expect(filled.transition(TransitionPlace(row: row, task: task)) == transition)
        }
      }
    }
    #expect(filled.memory.rows.count == min(capacity, filled.memory.rowCount))
  }

  @Test("draws every transition of a task as often, and nothing else")
  func balancedDraws() {
    var filled = FilledMemory(Self.shape, capacity: 40, seed: 5)
    filled.play([11, 11, 30, 6])
    var sources = PerTask(RandomStreams(seed: 9).sources(of: .replay, taskCount: 3))
    let count = 6000
    let places = filled.memory.drawEach(count, using: &sources)
    #expect(places.map(\.task) == (0..<3).flatMap { [Int](repeating: $0, count: count) })
    for task in 0..<3 {
      let held = Set(filled.list[task].map(\.row)).intersection(filled.memory.rows)
      let drawn = Dictionary(grouping: places.filter { $0.task == task }, by: \.row).mapValues(\.count)
      #expect(Set(drawn.keys) == held)
      let mean = Double(count) / Double(held.count)
      // Five standard deviations of a binomial count.
      #expect(drawn.values.allSatisfy { (Double($0) - mean).magnitude < 5 * mean.squareRoot() })
    }
  }

  @Test("draws from all tasks alike, sorted by tasks")
  func uniformDraws() {
    var filled = FilledMemory(Self.shape, capacity: 40, seed: 6)
    filled.play([30, 6])
    var source = RandomSource(seed: 2)
    let places = filled.memory.drawAny(9000, using: &source)
    #expect(places.map(\.task) == places.map(\.task).sorted())
    let counts = filled.memory.transitionCounts
    for task in 0..<3 {
      let share = Double(counts[task]) / Double(counts.reduce(0, +))
      let drawn = Double(places.count { $0.task == task })
      #expect((drawn - 9000 * share).magnitude < 5 * (9000 * share).squareRoot())
    }
    #expect(places.allSatisfy { filled.memory.mark(row: $0.row, task: $0.task) != .none })
  }

  @Test("gathers states, actions, rewards and what follows", arguments: SACSettings.TaskInput.allCases)
  func batch(taskInput: SACSettings.TaskInput) {
    var filled = FilledMemory(Self.shape, capacity: 25, seed: 7)
    filled.play([9, 40, 3])
    var source = RandomSource(seed: 1)
    let places = filled.memory.drawAny(50, using: &source)
    let shape = AgentShape(taskCount: 3, observationSize: 4, actionSize: 2, taskInput: taskInput)
    let batch = filled.memory.batch(places, shape, dtype: .float32, factors: [1, 2, 3])
    #expect(batch.rows.counts == (0..<3).map { task in places.count { $0.task == task } })
    for (row, place) in places.enumerated() {
      let expected = filled.transition(place)
      let marks: [Float] = taskInput == .oneHot ? (0..<3).map { $0 == place.task ? 1 : 0 } : []
      #expect(batch.states[row].toArray() == expected.observation + marks)
      #expect(batch.nextStates[row].toArray() == expected.next + marks)
      #expect(batch.actions[row].toArray() == expected.action)
      #expect(Float(batch.rewards[row].item()) == expected.reward * Float(place.task + 1))
      #expect(batch.continuations[row].item() == (expected.isTerminal ? 0 : 1))
    }
  }

  @Test("takes at most 0.6 of the memory of both observations", arguments: [39, 12])
  func size(observationSize: Int) {
    let shape = ReplayMemory.Shape(taskCount: 10, observationSize: observationSize, actionSize: 4)
    let settings = try? SACSettings(["replay_capacity": 100_000, "horizon": 150])
    let own = Double(settings?.replayRows ?? .max) * Double(shape.rowBytes)
    let both = 100_000 * 10 * 4 * Double(2 * observationSize + 4 + 2)
    #expect(own <= 0.6 * both)
  }
}
