import Foundation
import Testing
import TruceOptions

@testable import TruceEnvironments

@Suite("Environments in processes of their own", .enabled(if: PlainPython.isThere, PlainPython.missing))
struct WorkerEnvironmentsTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func carts(
    _ options: [String: OptionValue] = [:], tasks: [String]? = ["light", "heavy", "slow"], goals: Int = 3,
    recorded: [[[Double]]]? = nil, workers: WorkerSettings = PlainPython.quick()
  ) throws -> WorkerEnvironments {
    try PlainPython.environments(
      folder, PlainPython.carts, options: options, tasks: tasks, goals: goals, recorded: recorded,
      workers: workers)
  }

  @Test("An episode is what its rules say, whatever a library prints")
  func episode() throws {
    let environments = try carts(tasks: nil)
    let about = environments.about
    #expect(about.tasks == ["light", "heavy", "slow"] && about.family == "python")
    #expect((about.observationSize, about.actionSize, about.stepLimit) == (3, 2, 40))
    #expect(about.versions["protocol"] == "2" && about.versions["python"]?.hasPrefix("3.") == true)
    #expect(Set(about.goals.joined().joined()).count == 9)
    let steps = try environments.episode(steps: 31)
    let goals = about.goals.enumerated().map { $1[$0][0] }
    for (task, friction) in [0.3, 0.7, 0.95].enumerated() {
      var (place, speed) = (0.0, 0.0)
      for (time, step) in steps.enumerated() {
        if time > 30 {
          #expect((step.rewards[task], step.successes[task], step.terminated[task]) == (0, false, true))
        } else if time > 0 {
          let action = (0..<2).map { Float(sin(Double(3 * (time - 1) + 2 * task + $0))) }
          speed = (1 - friction) * speed + 0.1 * Double(action[0]) + 0.01 * Double(action[1])
          place += speed
          #expect(step.rewards[task] == Float(-abs(place - goals[task])))
          #expect(step.successes[task] == (abs(place - goals[task]) < 0.3))
          #expect(step.terminated[task] == (time == 30))
        }
        let own = Array(step.observations[(3 * task)..<(3 * task + 3)])
        #expect(own == [Float(place), Float(speed), Float(goals[task])])
      }
    }
  }

  @Test("Results do not depend on the number of workers")
  func workerCounts() throws {
    let one = try carts(workers: PlainPython.quick(count: 1))
    let expected = try one.episode(steps: 8)
    for count in [2, 3, 9] {
      let several = try carts(workers: PlainPython.quick(count: count))
      #expect(several.about == one.about)
      #expect(try several.episode(steps: 8) == expected)
      #expect(try several.expertActions() == one.expertActions())
    }
  }

  @Test("Tasks can be chosen, and goals that were recorded be used again")
  func choice() throws {
    let all = try carts().about
    let two = try carts(tasks: ["slow", "light"]).about
    #expect(two.tasks == ["slow", "light"] && two.goals == [all.goals[2], all.goals[0]])
    let again = try carts(tasks: ["slow", "light"], goals: 50, recorded: two.goals)
    #expect(again.about.goals == two.goals)
    #expect(try again.reset(goals: [2, 1])[2] == Float(two.goals[0][2][0]))
    expect(throws: "python has no task 'heave'", help: "did you mean 'heavy'?") {
      try carts(tasks: ["heave"])
    }
  }

  @Test("Actions are cut to their bounds, scripted policies as well")
  func bounds() throws {
    let environments = try carts(tasks: ["light"])
    #expect(try environments.reset(goals: [0]).count == 3)
    #expect(try environments.step([7, -3]).observations[1] == Float(0.1 - 0.01))
    let expert = try environments.expertActions()
    #expect(expert.count == 2 && abs(expert[0]) == 1)
  }

  @Test(
    "A worker that dies, leaves or hangs is replaced, and nothing else changes",
    arguments: [
      ("die", 0), ("die", 4), ("exit", 1), ("hang", 4),
    ])
  func replacement(event: String, step: Int) throws {
    let expected = try carts().episode(steps: 7)
    let restarts = Notes<WorkerRestart>()
    let environments = try carts(
      ["event": .string(event), "at": .number(Double(step)), "once": .string(folder.path("happened"))],
      workers: PlainPython.quick(count: 2, step: .milliseconds(event == "hang" ? 500 : 20_000)) {
        restarts.add($0)
      })
    #expect(try environments.episode(steps: 7) == expected)
    #expect(try environments.episode(steps: 7) == expected)
    let restart = try #require(restarts.all.first)
    #expect(restarts.all.count == 1 && restart.number == 1 && restart.tasks.contains("heavy"))
    let what = ["die": "was killed by signal 9", "exit": "ended with exit code 0", "hang": "gave no answer"]
    #expect("\(restart)".contains(what[event] ?? "-"))
    if event == "die" { #expect("\(restart)".hasSuffix(" / the cart is broken")) }
  }

  @Test("A worker that dies between two steps is replaced without a signal to this process")
  func deathWhileIdle() throws {
    let environments = try carts(workers: PlainPython.quick(count: 1))
    let expected = try carts().episode(steps: 5)
    _ = try environments.reset(goals: [0, 1, 2])
    for step in 1...5 {
      for process in environments.processIdentifiers { kill(process, SIGKILL) }
      let actions = (0..<6).map { Float(sin(Double(3 * (step - 1) + $0))) }
      #expect(try environments.step(actions) == expected[step])
    }
  }

  @Test("A worker that always dies ends the run with its last words")
  func hopeless() throws {
    let restarts = Notes<WorkerRestart>()
    let environments = try carts(
      ["event": "die", "at": 2], workers: PlainPython.quick(count: 3, restarts: 3) { restarts.add($0) })
    expect(
      throws:
        "the worker of heavy was killed by signal 9, after 3 new starts; it said: a library prints heavy"
        + " / \(Array(repeating: "stepping", count: 40).joined(separator: " "))"
        + " / \(Array(repeating: "stepping", count: 40).joined(separator: " ")) / the cart is broken",
      help: "read what it printed; memory may be short, see `--workers`"
    ) { try environments.episode(steps: 3) }
    #expect(restarts.all.map(\.number) == [1, 2, 3])
  }

  @Test("A worker that dies now and then is not started anew for ever")
  func illness() throws {
    let environments = try carts(
      tasks: ["light"], workers: PlainPython.quick(count: 1, restarts: 3, restartsInAll: 2))
    _ = try environments.reset(goals: [0])
    func stepOfKilled() throws -> VectorStep {
      for process in environments.processIdentifiers { kill(process, SIGKILL) }
      return try environments.step([1, 0])
    }
    for _ in 1...2 { _ = try stepOfKilled() }
    let line = Array(repeating: "stepping", count: 40).joined(separator: " ")
    expect(
      throws: "the worker of light was killed by signal 9, after 2 new starts; it said: "
        + "a library prints light / \(line) / \(line)",
      help: "read what it printed; memory may be short, see `--workers`", stepOfKilled)
  }

  @Test("What an environment does wrong is said by task and step")
  func faults() throws {
    func fault(_ event: OptionValue, at step: Double) throws -> [VectorStep] {
      try carts(["event": event, "at": .number(step)]).episode(steps: 3)
    }
    let mend = "mend the environment, or look at the actions that lead there"
    expect(throws: "heavy: number 1 of the observation is not finite after step 2", help: mend) {
      try fault("nan", at: 2)
    }
    expect(
      throws: "heavy: number 2 of the observation is not finite at the beginning of an episode", help: mend
    ) { try fault("nan", at: 0) }
    expect(throws: "heavy: the reward is not finite after step 3", help: mend) {
      try fault("infinite", at: 3)
    }
    let line =
      PlainPython.carts.split(separator: "\n", omittingEmptySubsequences: false)
      .firstIndex { $0.contains("the rail has ended") }.map { $0 + 1 } ?? 0
    expect(
      throws: "heavy: the environment failed while taking a step: ValueError: the rail has ended"
        + " (carts.py, line \(line))",
      help: "mend the environment; a step must not raise an error"
    ) { try fault("raise", at: 1) }
    expect(
      throws: "heavy: the environment failed while taking a step: an observation has 1 numbers, not 3",
      help: "mend the environment; a step must not raise an error"
    ) { try fault("short", at: 1) }
  }

  @Test("An environment that is not the same again is found out")
  func chance() throws {
    let chance = "if self.time == 1: self.place += random.random()"
    let code = PlainPython.carts.replacing(
      "def step(self, action):", with: "def step(self, action):\n        \(chance)")
    let environments = try PlainPython.environments(
      folder, code, options: ["event": "die", "at": 4, "once": .string(folder.path("happened"))],
      workers: PlainPython.quick(count: 3))
    expect(
      throws: "heavy: the same goals and actions did not lead to the same observations",
      help: "let whatever is random in the environment come from its seed or goal, then start the run again"
    ) { try environments.episode(steps: 5) }
  }

  @Test("An episode ends at its limit")
  func limit() throws {
    let environments = try carts(tasks: ["light"])
    _ = try environments.episode(steps: 40)
    expect(throws: "an episode of python ends after 40 steps", help: "choose a horizon of at most 40 steps") {
      try environments.step([0, 0])
    }
    #expect(try environments.episode(steps: 1).count == 2)
  }

  @Test("A class that cannot be used is refused by name")
  func classes() throws {
    func start(_ code: String, _ name: String = "Carts") throws -> any TaskEnvironments {
      let file = try folder.write(code, to: "other.py")
      return try EnvironmentEntry.python.make(
        EnvironmentRequest(options: ["class": .string("\(file):\(name)")], workers: PlainPython.quick()))
    }
    let form = "write the class as `file.py:Class`"
    expect(throws: "\(folder.path("other.py")): there is no class 'Cats'", help: form) {
      try start(PlainPython.carts, "Cats")
    }
    #expect(throws: OptionError.self) {
      try EnvironmentEntry.python.make(EnvironmentRequest(options: ["class": "carts.py"]))
    }
    let python = PlainPython.location?.path(percentEncoded: false) ?? ""
    let remedy = "install it for that Python, or set TRUCE_RL_PYTHON to one that has it"
    for code in [
      "import no_such_package.part", "class Carts:\n  tasks = ['a']\n  packages = ['no_such_package']",
    ] {
      expect(
        throws: "python needs the package no_such_package, which \(python) does not have", help: remedy
      ) { try start(code) }
    }
    let step = "mend the environment; a step must not raise an error"
    expect(
      throws:
        "the environment failed while starting: NameError: name 'nothing' is not defined (other.py, line 2)",
      help: step
    ) { try start("\nnothing") }
    expect(
      throws: "light: the environment failed while making the environments: it has 0 goals, asked was for 1",
      help: step
    ) { try start(PlainPython.carts.replacing("for _ in range(count)]", with: "for _ in range(0)]")) }
    let withoutExpert = try start(PlainPython.carts.replacing("def expert", with: "def other"))
    _ = try withoutExpert.reset(goals: [0, 0, 0])
    expect(
      throws: "python has no scripted policy for 'light'",
      help: "choose another policy, or tasks that have a scripted one"
    ) { try withoutExpert.expertActions() }
    let uneven = PlainPython.carts.replacing(
      "self.at, self.once = at, once", with: "self.at = at; self.observation_size = 3 + (task == 'slow')")
    expect(
      throws: "the environment failed while making the environments: "
        + "the tasks differ in the size of observation or action, or in their step limit", help: step
    ) { try start(uneven) }
  }
}
