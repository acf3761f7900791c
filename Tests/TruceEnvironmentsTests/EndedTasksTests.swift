import Foundation
import Testing
import TruceOptions

@testable import TruceEnvironments

@Suite("A task that has come to its end", .enabled(if: PlainPython.isThere, PlainPython.missing))
struct EndedTasksTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Counters, one of which ends before the other; each raises where it is asked for anything behind its end.
  private static let counters = """
    import os, signal

    class Carts:
        tasks = ["short", "long"]
        observation_size, action_size, step_limit = 2, 1, 9

        def __init__(self, task, seed, once=None):
            self.end = 3 if task == "short" else 6
            self.once = once

        def goals(self, count):
            return [[number] for number in range(count)]

        def reset(self, goal):
            self.time, self.sum = 0, goal[0]
            return [self.time, self.sum]

        def check(self):
            if self.time == self.end:
                raise RuntimeError("it has ended")

        def step(self, action):
            self.check()
            self.time += 1
            self.sum += action[0]
            if self.time == 5 and self.once and not os.path.exists(self.once):
                open(self.once, "w").close()
                os.kill(os.getpid(), signal.SIGKILL)
            return [self.time, self.sum], 1, True, self.time == self.end

        def expert(self):
            self.check()
            return [0.25]
    """

  private func counters(_ options: [String: OptionValue] = [:], count: Int = 1) throws -> WorkerEnvironments {
    try PlainPython.environments(
      folder, Self.counters, options: options, tasks: ["short", "long"],
      workers: PlainPython.quick(count: count))
  }

  @Test("waits, whatever is done meanwhile in the others", arguments: [1, 2])
  func waits(workers: Int) throws {
    let environments = try counters(count: workers)
    for goal in [0, 2] {
      _ = try environments.reset(goals: [goal, goal])
      for time in 1...8 {
        let step = try environments.step([0.5, -0.25])
        let (short, long) = (min(time, 3), min(time, 6))
        #expect(
          step.observations == [
            Float(short), Float(goal) + 0.5 * Float(short), Float(long), Float(goal) - 0.25 * Float(long),
          ])
        #expect(step.rewards == [time <= 3 ? 1 : 0, time <= 6 ? 1 : 0])
        #expect(step.successes == [time <= 3, time <= 6])
        #expect(step.terminated == [time >= 3, time >= 6])
        #expect(try environments.expertActions() == [time < 3 ? 0.25 : 0, time < 6 ? 0.25 : 0])
      }
    }
  }

  @Test("waits in a worker that replaces another as well")
  func replaced() throws {
    let expected = try counters().episode(steps: 8)
    let environments = try counters(["once": .string(folder.path("happened"))])
    #expect(try environments.episode(steps: 8) == expected)
    #expect(FileManager.default.fileExists(atPath: folder.path("happened")))
  }
}
