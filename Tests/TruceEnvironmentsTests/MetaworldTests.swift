import Foundation
import Testing
import Truce
import TruceOptions
import TruceRun
import TruceTestSupport

@testable import TruceEnvironments

/// A Python with Metaworld.
private enum MetaworldPython {
  static let location: URL? = {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let found = try? PythonLocation.found(for: "a test", folders: [package]).program
    return EnvironmentsDoctor(folders: [package]).problem == nil ? found : nil
  }()
  static let isThere = location != nil
  static let missing: Comment =
    "neither TRUCE_RL_PYTHON nor .truce/rl has Metaworld 3.1.1: run Scripts/setup rl"

  /// Runs a program to its end.
  static func run(_ program: String, _ arguments: [String]) throws -> String {
    let result = try BuiltCommand(at: #require(location)).run(
      ["-c", program] + arguments, environment: ["OMP_NUM_THREADS": "1"])
    try #require(result.status == 0, "\(result.errors)")
    return result.output
  }
}

@Suite(
  "Metaworld in workers", .serialized, .enabled(if: MetaworldPython.isThere, MetaworldPython.missing))
struct MetaworldTests {
  private func environments(
    _ options: [String: OptionValue] = [:], tasks: [String]? = nil, workers: Int = 1,
    goals: [[[Double]]]? = nil,
    seed: UInt64 = 4, of entry: EnvironmentEntry = .metaworldMT10
  ) throws -> WorkerEnvironments {
    let settings = WorkerSettings(count: workers, python: MetaworldPython.location)
    let request = EnvironmentRequest(
      options: ["goals": 2].merging(options) { $1 }, tasks: tasks, seed: seed, goals: goals, workers: settings
    )
    return try #require(try entry.make(request) as? WorkerEnvironments)
  }

  /// The first step at which each task was done well under its scripted policy; nil where it was at none.
  private func firstSuccesses(_ environments: WorkerEnvironments, goal: Int, horizon: Int) throws -> [Int?] {
    let tasks = environments.about.tasks
    var first = [Int?](repeating: nil, count: tasks.count)
    _ = try environments.reset(goals: tasks.map { _ in goal })
    for step in 1...horizon {
      let answer = try environments.step(environments.expertActions())
      for task in tasks.indices where answer.successes[task] && first[task] == nil { first[task] = step }
    }
    return first
  }

  /// The same, of Metaworld called directly.
  private static let direct = """
    import json, pickle, sys
    import numpy
    from metaworld.env_dict import ALL_V3_ENVIRONMENTS
    from metaworld.policies import ENV_POLICY_MAP
    from metaworld.types import Task

    tasks, goals, horizon = json.loads(sys.argv[1])
    for task, own in zip(tasks, goals):
        name, first = task + "-v3", []
        env = ALL_V3_ENVIRONMENTS[name](reward_function_version="v2")
        for goal in own:
            data = {"rand_vec": numpy.array(goal), "env_cls": type(env), "partially_observable": False}
            env.set_task(Task(name, pickle.dumps(data)))
            observation, _ = env.reset()
            policy = ENV_POLICY_MAP[name]()
            success = None
            for step in range(horizon):
                action = numpy.clip(policy.get_action(observation), -1, 1).astype(numpy.float32)
                observation, _, _, _, info = env.step(action)
                if info["success"] and success is None:
                    success = step + 1
            first.append(success)
        print("found", json.dumps(first))
    """

  private func firstSuccessesInPython(_ about: EnvironmentsRecord, horizon: Int) throws -> [[Int?]] {
    let encoder = JSONEncoder()
    let parts = try [encoder.encode(about.tasks), encoder.encode(about.goals)].map {
      String(decoding: $0, as: UTF8.self)
    }
    let output = try MetaworldPython.run(Self.direct, ["[\(parts.joined(separator: ", ")), \(horizon)]"])
    return try output.split(separator: "\n").filter { $0.hasPrefix("found ") }.map {
      try JSONDecoder().decode([Int?].self, from: Data($0.dropFirst("found ".count).utf8))
    }
  }

  /// The shares of goals that the experts reach within 150 steps, of 20 goals a task: `peg-insert-side` and `door-open` have goals
  /// that the scripted policies do not reach in this time.
  private static let expertShares: [String: Double] = ["door-open": 0.85, "peg-insert-side": 0.7]

  @Test(
    "The experts succeed as often as they are known to, at the same steps as without the bridge, and actions at random never"
  )
  func policies() throws {
    let goals = 4
    let environments = try environments(["goals": .number(Double(goals))], workers: 2)
    let about = environments.about
    #expect(about.tasks.count == 10 && about.tasks[3] == "door-open" && about.stepLimit == 500)
    #expect((about.observationSize, about.actionSize, about.goalCount) == (39, 4, goals))
    #expect(about.versions.merging(MetaworldTasks.versions) { $1 } == about.versions)
    #expect(Set(about.goals.joined()).count == 10 * goals)
    let expected = try firstSuccessesInPython(about, horizon: 150)
    var counts = [Int](repeating: 0, count: 10)
    for goal in 0..<goals {
      let found = try firstSuccesses(environments, goal: goal, horizon: 150)
      #expect(found == expected.map { $0[goal] })
      for task in found.indices where found[task] != nil { counts[task] += 1 }
    }
    for (task, count) in zip(about.tasks, counts) {
      guard let share = Self.expertShares[task] else {
        #expect(count == goals, "\(task)")
        continue
      }
      let interval = SuccessRate(successes: count, of: goals).interval
      #expect(interval.lowerBound <= share && share <= interval.upperBound, "\(task): \(count) of \(goals)")
    }
    var source = RandomSource(seed: 11)
    _ = try environments.reset(goals: about.tasks.map { _ in 0 })
    for _ in 0..<150 {
      let actions = (0..<40).map { _ in Float.random(in: -1...1, using: &source) }
      #expect(try !environments.step(actions).successes.contains(true))
    }
  }

  @Test(
    "Results depend on goals and actions alone: not on the number of workers, nor on one that is killed",
    arguments: [("v2", 39), ("v1", 12)])
  func determinism(rewards: String, size: Int) throws {
    let options: [String: OptionValue] = [
      "rewards": .string(rewards), "observation": .number(Double(size)), "goals": 1,
    ]
    let tasks = ["push", "drawer-close", "peg-insert-side", "reach"]
    let one = try environments(options, tasks: tasks)
    let expected = try one.episode(steps: 24)
    #expect(one.about.observationSize == size && expected[0].observations.count == 4 * size)
    let several = try environments(options, tasks: tasks, workers: 3, goals: one.about.goals)
    #expect(several.about == one.about)
    _ = try several.reset(goals: one.about.tasks.map { _ in 0 })
    for (step, answer) in expected.dropFirst().enumerated() {
      if step == 17 { kill(several.processIdentifiers[1], SIGKILL) }
      let actions = (0..<16).map { Float(sin(Double(3 * step + $0))) }
      #expect(try several.step(actions) == answer, "step \(step + 1)")
    }
  }

  @Test("A task's goals hang on the seed and its name alone; the twelve numbers are those of version 1")
  func goals() throws {
    let both = try environments(tasks: ["drawer-close", "reach"])
    let alone = try environments(tasks: ["reach"], of: .metaworldMT50)
    let other = try environments(["observation": 12], tasks: ["reach"], seed: 5)
    #expect(alone.about.goals == [both.about.goals[1]])
    #expect(other.about.goals != alone.about.goals)
    let full = try alone.reset(goals: [1])
    let short = try environments(["observation": 12], tasks: ["reach"]).reset(goals: [1])
    #expect(short == [0, 1, 2, 4, 5, 6, 11, 12, 13, 36, 37, 38].map { full[$0] })
  }

  @Test("The example of a class of one's own runs, forward and backward")
  func example() throws {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = package.appending(path: "Examples/Environments/cheetah.py").path(percentEncoded: false)
    let environments = try EnvironmentEntry.python.make(
      EnvironmentRequest(
        options: ["class": .string("\(file):Cheetah"), "goals": 2],
        workers: WorkerSettings(count: 2, python: MetaworldPython.location)))
    #expect(environments.about.tasks == ["forward", "backward"])
    #expect(environments.about.versions["mujoco"] != nil)
    let steps = try environments.episode(steps: 5)
    #expect(try environments.episode(steps: 5) == steps)
    #expect(steps[0].observations.count == 34)
  }

  @Test("The tasks that Truce names are those of Metaworld, in its order")
  func names() throws {
    let program = """
      from metaworld.env_dict import ALL_V3_ENVIRONMENTS, MT10_V3
      print(" ".join(ALL_V3_ENVIRONMENTS), "/", " ".join(MT10_V3))
      """
    let lists = try MetaworldPython.run(program, []).split(separator: "/").map {
      $0.split(whereSeparator: \.isWhitespace).map { String($0.dropLast("-v3".count)) }
    }
    #expect(lists == [MetaworldTasks.mt50.tasks, MetaworldTasks.mt10.tasks])
  }
}

@Suite("What Metaworld is asked for")
struct MetaworldRequestTests {
  @Test("Unknown tasks and options are refused before anything is started")
  func faults() {
    let nothing = WorkerSettings(python: URL(filePath: "/no/python"))
    func start(_ options: [String: OptionValue], _ tasks: [String]?) throws -> any TaskEnvironments {
      try EnvironmentEntry.metaworldMT10.make(
        EnvironmentRequest(options: options, tasks: tasks, workers: nothing))
    }
    expect(throws: "metaworld-mt10 has no task 'drawer-clos'", help: "did you mean 'drawer-close'?") {
      try start([:], ["drawer-clos"])
    }
    #expect(throws: OptionError.self) { try start(["rewards": "v3"], nil) }
    #expect(throws: OptionError.self) { try start(["observation": 20], nil) }
    expect(
      throws: "the worker of reach could not be started: no such file or directory",
      help: "set TRUCE_RL_PYTHON to a Python that can be run"
    ) { try start([:], ["reach"]) }
  }

  @Test("Slow tasks are spread, so that workers take about as long as one another")
  func spreading() throws {
    let family = try MetaworldTasks.mt10.family(
      Options(owner: "metaworld-mt10", parameters: MetaworldTasks.mt10.description.parameters, values: [:]))
    let tasks = MetaworldTasks.mt10.tasks
    func cost(_ group: [Int]) -> Double { group.reduce(0) { $0 + (family.costs[tasks[$1]] ?? 1) } }
    for count in 1...10 {
      let groups = family.groups(of: tasks, count: count)
      #expect(groups.count == count && groups.joined().sorted() == Array(0..<10))
      #expect(groups.allSatisfy { $0 == $0.sorted() })
      let costs = groups.map(cost)
      #expect((costs.max() ?? 0) - (costs.min() ?? 0) <= 1.75)
    }
    let two = family.groups(of: tasks, count: 2).map(cost)
    #expect(abs(two[0] - two[1]) < 0.3)
  }

  @Test("What is missing is said, with the fix")
  func doctor() throws {
    let folder = try ScratchFolder()
    let none = EnvironmentsDoctor(environment: [:], folders: [folder.url])
    #expect(none.python == nil && none.versions.isEmpty)
    #expect(
      none.problem?.fix == "run `Scripts/setup rl`, or set TRUCE_RL_PYTHON to a Python that has the packages")
    guard let plain = PlainPython.location?.path(percentEncoded: false) else { return }
    let bare = EnvironmentsDoctor(environment: ["TRUCE_RL_PYTHON": plain], folders: [])
    #expect(bare.python == plain && bare.origin == .variable)
    #expect(bare.versions["python"]?.hasPrefix("3.") == true)
    if let problem = bare.problem {
      #expect(problem.problem.hasPrefix("Metaworld needs "))
      #expect(problem.fix == MetaworldTasks.remedy)
    }
    let coded = try JSONDecoder().decode(EnvironmentsDoctor.self, from: JSONEncoder().encode(bare))
    #expect(coded == bare)
  }
}
