import Foundation
import Testing
import TruceRun
import TruceTestSupport

/// What is left of a run whose environments step in worker processes, when they or the learner are killed.
@Suite(
  "An agent with worker processes", .serialized,
  .enabled(if: SystemPython.isThere, Comment(rawValue: SystemPython.missing)))
struct WorkerResumptionTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(Self.carts, to: "carts.py")
  }

  /// Carts whose mass is drawn from the seed, and which come to an end where they leave the rail.
  private static let carts = """
    import os, random

    class Carts:
        tasks = ["light", "middle", "heavy"]
        observation_size, action_size, step_limit = 3, 1, 30

        def __init__(self, task, seed, processes):
            self.random = random.Random(seed)
            self.mass = {"light": 1, "middle": 2, "heavy": 4}[task] * self.random.uniform(1, 2)
            with open(processes, "a") as file:
                file.write("%d\\n" % os.getpid())

        def goals(self, count):
            return [[self.random.uniform(-1, 1)] for _ in range(count)]

        def reset(self, goal):
            self.goal, self.place, self.speed = goal[0], 0.0, 0.0
            return [self.place, self.speed, self.goal]

        def step(self, action):
            if abs(self.place) > 1.5:
                raise RuntimeError("the cart has left the rail")
            self.speed = 0.9 * self.speed + 0.3 * action[0] / self.mass
            self.place += self.speed
            distance = abs(self.place - self.goal)
            return [self.place, self.speed, self.goal], -distance, distance < 0.1, abs(self.place) > 1.5
    """

  private static let training = [
    "rl", "train", "--problem", "python", "--method", "cagrad", "--epochs", "2",
    "problem_options={class: 'carts.py:Carts', goals: 4, with.processes: processes}",
    "agent_options.widths=[8]", "agent_options.batch_size=12", "agent_options.horizon=20",
    "agent_options.random_steps=20", "agent_options.epoch_steps=50", "agent_options.evaluation_episodes=2",
    "agent_options.reward_normalization=stepping", "threads=1", "log_every=1", "checkpoint_every_steps=7",
    "conflict_every=10",
  ]

  private static var environment: [String: String] {
    ["TRUCE_RL_PYTHON": SystemPython.location?.path(percentEncoded: false) ?? ""]
  }

  private func arguments(_ name: String, workers: Int, _ more: [String] = []) -> [String] {
    Self.training + ["--workers", "\(workers)", "--output", name] + more
  }

  private func whole(_ name: String, workers: Int) throws -> RunDirectory {
    let result = try Engine.run(arguments(name, workers: workers), in: folder, environment: Self.environment)
    try #require(result.status == 0, "\(result.errors)")
    return folder.run(name)
  }

  /// The workers that ever were, less those that have ended.
  private func workers() throws -> [Int32] {
    let lines = try String(contentsOfFile: folder.path("processes"), encoding: .utf8).split(separator: "\n")
    return Set(lines.compactMap { Int32($0) }).filter(isAlive).sorted()
  }

  private func strike(_ step: Int, learner: Bool, workers count: Int) -> Engine.Strike {
    Engine.Strike(step: step) { process in
      for worker in try workers().prefix(count) { kill(worker, SIGKILL) }
      if learner { kill(process, SIGKILL) }
    }
  }

  private func expectNoWorker() throws {
    let end = ContinuousClock.now + .seconds(10)
    while try !workers().isEmpty, ContinuousClock.now < end { usleep(5000) }
    #expect(try workers().isEmpty)
  }

  @Test(
    "ends the same in every bit when a worker, the learner or both are killed, with any number of workers",
    arguments: [(1, 3), (3, 1)])
  func kills(workers: Int, others: Int) throws {
    let whole = try whole("whole", workers: others)
    let run = folder.run("killed")
    func go(_ strikes: [Engine.Strike], _ more: [String] = []) throws -> Int32 {
      let ending = try Engine.run(
        arguments("killed", workers: workers, more), in: folder, environment: Self.environment,
        striking: run, strikes)
      try expectNoWorker()
      return ending.status
    }
    let first = [strike(12, learner: false, workers: 2), strike(33, learner: true, workers: 0)]
    #expect(try go(first) == SIGKILL)
    #expect(try go([strike(58, learner: true, workers: 9)], ["--resume"]) == SIGKILL)
    #expect(try go([strike(80, learner: false, workers: 1)], ["--resume"]) == 0)
    #expect(try run.lastTensors() == whole.lastTensors())
    #expect(try run.eventsWithoutTimes() == whole.eventsWithoutTimes())
    #expect(try run.summary()?.metrics == whole.summary()?.metrics)
    let replays = try [run, whole].map { try Data(contentsOf: $0.experience.appending(path: "replay.bin")) }
    #expect(replays[0] == replays[1])
    let log = try String(contentsOf: run.logFile, encoding: .utf8)
    #expect(log.contains("was killed by signal 9; it is started anew and repeats the episode"))
  }

  @Test("is evaluated in the environments that it was measured in")
  func evaluation() throws {
    let run = try whole("run", workers: 2)
    let result = try Engine.run(
      ["rl", "evaluate", "run", "--episodes", "2", "--format", "json"], in: folder,
      environment: Self.environment)
    try #require(result.status == 0, "\(result.errors)")
    let trial = try JSONDecoder().decode(Trial.self, from: Data(result.output.utf8))
    let metrics = try #require(try run.summary()).metrics
    for task in trial.tasks {
      let measured = metrics.first { ($0.task, $0.name) == (task.name, "return") }
      #expect(try #require(measured).value == task.meanReturn, "\(task.name)")
    }
  }

  /// What is read of an evaluation.
  private struct Trial: Decodable {
    struct Task: Decodable {
      let name: String
      let meanReturn: Double

      enum CodingKeys: String, CodingKey {
        case name
        case meanReturn = "mean_return"
      }
    }

    let tasks: [Task]
  }
}
