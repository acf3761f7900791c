import Foundation
import Testing
import TruceOptions

@testable import TruceEnvironments

/// Classes may draw from their seed when they are made, so that every worker of a task must get the same one.
@Suite("The seed of a task", .enabled(if: PlainPython.isThere, PlainPython.missing))
struct WorkerSeedTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Carts whose friction hangs on the seed as well.
  private static let drawn = PlainPython.carts.replacing(
    "self.random = random.Random(seed)",
    with: "self.random = random.Random(seed); self.friction *= self.random.random()")

  private func carts(
    _ options: [String: OptionValue] = [:], recorded: [[[Double]]]? = nil, count: Int = 2,
    tasks: [String] = ["light", "heavy", "slow"]
  ) throws -> WorkerEnvironments {
    try PlainPython.environments(
      folder, Self.drawn, options: options, tasks: tasks, recorded: recorded,
      workers: PlainPython.quick(count: count))
  }

  @Test("is the same for a worker that replaces another")
  func replaced() throws {
    let expected = try carts().episode(steps: 6)
    let environments = try carts(["event": "die", "at": 4, "once": .string(folder.path("happened"))])
    #expect(try environments.episode(steps: 6) == expected)
    for process in environments.processIdentifiers { kill(process, SIGKILL) }
    #expect(try environments.episode(steps: 6) == expected)
  }

  @Test("is the same where goals were recorded, however many workers there are")
  func recorded() throws {
    let first = try carts()
    let expected = try first.episode(steps: 6)
    for count in 1...3 {
      #expect(try carts(recorded: first.about.goals, count: count).episode(steps: 6) == expected)
    }
  }

  @Test("hangs on its name and not on its place")
  func alone() throws {
    let first = try carts()
    let all = try first.episode(steps: 2, goals: [0, 0, 0])
    let alone = try carts(recorded: [first.about.goals[1]], tasks: ["heavy"])
    _ = try alone.reset(goals: [0])
    for step in 1...2 {
      let actions = [2, 3].map { Float(sin(Double(3 * (step - 1) + $0))) }
      #expect(try alone.step(actions).observations == Array(all[step].observations[3..<6]))
    }
  }
}
