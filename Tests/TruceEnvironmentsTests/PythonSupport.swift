import Foundation
import Testing
import TruceOptions
import TruceTestSupport

@testable import TruceEnvironments

/// A Python without any package, and programs and classes for it.
enum PlainPython {
  /// Where it lies; nil where this machine has none.
  static let location = SystemPython.location
  /// Whether there is one.
  static let isThere = SystemPython.isThere
  /// What a skipped test says.
  static let missing = Comment(rawValue: SystemPython.missing)

  /// Starts environments of a class in Python.
  static func environments(
    _ folder: ScratchFolder, _ code: String, options: [String: OptionValue] = [:], tasks: [String]? = nil,
    goals: Int = 3, recorded: [[[Double]]]? = nil, workers: WorkerSettings = quick()
  ) throws -> WorkerEnvironments {
    let file = try folder.write(code, to: "carts.py")
    let given = Dictionary(uniqueKeysWithValues: options.map { ("with.\($0.key)", $0.value) })
    let named: [String: OptionValue] = ["class": .string("\(file):Carts"), "goals": .number(Double(goals))]
    let request = EnvironmentRequest(
      options: named.merging(given) { $1 }, tasks: tasks, seed: 7, goals: recorded, workers: workers)
    return try #require(try EnvironmentEntry.python.make(request) as? WorkerEnvironments)
  }

  /// Settings for tests, which are soon tired of waiting.
  static func quick(
    count: Int? = nil, start: Duration = .seconds(60), step: Duration = .seconds(20), restarts: Int = 1,
    restartsInAll: Int = 10,
    onRestart: @escaping @Sendable (WorkerRestart) -> Void = { _ in }
  ) -> WorkerSettings {
    WorkerSettings(
      count: count, python: location, startDeadline: start, stepDeadline: step, restartLimit: restarts,
      totalRestartLimit: restartsInAll, onRestart: onRestart)
  }

  /// Carts on a rail, one task for each mass; what an episode does can be disturbed by options.
  static let carts = """
    import os, random, signal, sys, time

    class Carts:
        tasks = ["light", "heavy", "slow"]
        observation_size = 3
        action_size = 2
        step_limit = 40

        def __init__(self, task, seed, event=None, at=0, once=None, who="heavy"):
            self.friction = {"light": 0.3, "heavy": 0.7, "slow": 0.95}[task]
            self.random = random.Random(seed)
            self.event = event if task == who else None
            self.at, self.once = at, once
            print("a library prints", task)

        def goals(self, count):
            return [[self.random.uniform(-1, 1)] for _ in range(count)]

        def reset(self, goal):
            self.goal, self.place, self.speed, self.time = goal[0], 0.0, 0.0, 0
            if self.event and self.at == 0:
                return self.disturbed(self.observation())
            return self.observation()

        def observation(self):
            return [self.place, self.speed, self.goal]

        def picture(self, width, height):
            if self.friction > 0.9:
                return b"too short"
            return bytes([self.time, width, height]) * (width * height)

        def step(self, action):
            print("stepping " * 40)
            self.time += 1
            self.speed = (1 - self.friction) * self.speed + 0.1 * action[0] + 0.01 * action[1]
            self.place += self.speed
            distance = abs(self.place - self.goal)
            answer = (self.observation(), -distance, distance < 0.3, self.time >= 30)
            if self.event and self.time == self.at:
                return self.disturbed(answer)
            return answer

        def disturbed(self, answer):
            if self.once:
                if os.path.exists(self.once):
                    return answer
                open(self.once, "w").close()
            if self.event == "die":
                print("the cart is", "broken", file=sys.stderr)
                os.kill(os.getpid(), signal.SIGKILL)
            if self.event == "exit":
                os._exit(0)
            if self.event == "hang":
                time.sleep(600)
            if self.event == "raise":
                raise ValueError("the rail has ended")
            if self.event == "nan":
                return ([0.0, float("nan"), 0.0], *answer[1:]) if len(answer) == 4 else [0.0, 0.0, float("nan")]
            if self.event == "infinite":
                return (answer[0], float("inf"), *answer[2:])
            if self.event == "short":
                return ([0.0], *answer[1:])

        def expert(self):
            direction = 1.0 if self.goal > self.place else -1.0
            return [5 * direction, 0.0]
    """
}

/// A folder that goes with the value.
final class ScratchFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "truce-environments-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path(percentEncoded: false) }

  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(filePath: path(name)))
    return path(name)
  }
}

/// Counts from several threads.
///
/// The lock guards the list.
final class Notes<Element: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var list: [Element] = []

  func add(_ element: Element) { lock.withLock { list.append(element) } }
  var all: [Element] { lock.withLock { list } }
}

extension TaskEnvironments {
  /// An episode of some steps with actions that follow from their place alone.
  func episode(steps: Int, goals: [Int]? = nil) throws -> [VectorStep] {
    let first = try reset(goals: goals ?? about.tasks.indices.map { $0 % about.goalCount })
    let flags = about.tasks.map { _ in false }
    let begin = VectorStep(
      observations: first, rewards: about.tasks.map { _ in 0 }, successes: flags, terminated: flags)
    let size = about.tasks.count * about.actionSize
    return try [begin]
      + (0..<steps).map { step in
        try self.step((0..<size).map { Float(sin(Double(3 * step + $0))) })
      }
  }
}
