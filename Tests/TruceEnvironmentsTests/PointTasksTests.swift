import Foundation
import Testing
import Truce
import TruceEnvironments
import TruceOptions

@Suite("Tasks on a point mass")
struct PointTasksTests {
  static let variants: [[String: OptionValue]] = [
    [:], ["momentum": 0, "count": 2, "angle": 90], ["momentum": 0.8, "action_cost": 0.02, "angle": 180],
    ["action_cost": 3, "count": 5, "angle": 17.5, "goals": 3],
  ]

  private func environments(
    _ options: [String: OptionValue] = [:], tasks: [String]? = nil, seed: UInt64 = 1,
    purpose: EnvironmentRequest.Purpose = .training, goals: [[[Double]]]? = nil
  ) throws -> PointTasks {
    let request = EnvironmentRequest(
      options: options, tasks: tasks, seed: seed, purpose: purpose, goals: goals)
    return try #require(try EnvironmentEntry.pointTasks.make(request) as? PointTasks)
  }

  /// The sums of rewards of an episode, and the actions taken.
  private func episode(
    _ environments: PointTasks, goal: Int, horizon: Int, _ choose: (_ task: Int, _ step: Int) -> [Float]
  ) throws -> (returns: [Double], actions: [[Float]]) {
    let tasks = environments.about.tasks.indices
    _ = try environments.reset(goals: tasks.map { _ in goal })
    var (returns, taken) = (tasks.map { _ in 0.0 }, [[Float]]())
    for step in 0..<horizon {
      taken.append(tasks.flatMap { choose($0, step) })
      let rewards = try environments.step(taken[step]).rewards
      for task in tasks { returns[task] += Double(rewards[task]) }
    }
    return (returns, taken)
  }

  @Test("The best controller earns what the Riccati equation says", arguments: variants, [1, 2, 7, 40])
  func bestReturn(options: [String: OptionValue], horizon: Int) throws {
    let environments = try environments(options)
    for goal in 0..<environments.about.goalCount {
      let (returns, actions) = try episode(environments, goal: goal, horizon: horizon) { task, step in
        environments.bestAction(task: task, remaining: horizon - step)
      }
      for (task, earned) in returns.enumerated() {
        let best = environments.bestReturn(task: task, goal: goal, horizon: horizon)
        #expect(abs(earned - best) <= 1e-5 * abs(best), "\(environments.about.tasks[task])")
        #expect(best > environments.restingReturn(task: task, goal: goal, horizon: horizon))
      }
      #expect(actions.joined().allSatisfy { abs($0) < 1 }, "an action was cut")
    }
  }

  @Test("No other actions earn as much", arguments: variants)
  func perturbed(options: [String: OptionValue]) throws {
    let environments = try environments(options)
    var source = RandomSource(seed: 3)
    let best = try episode(environments, goal: 0, horizon: 12) { task, step in
      environments.bestAction(task: task, remaining: 12 - step)
    }
    for trial in 0..<60 {
      let size = Float([0.003, 0.03, 0.3, 2][trial % 4])
      let other = try episode(environments, goal: 0, horizon: 12) { task, step in
        best.actions[step][(2 * task)..<(2 * task + 2)].map {
          min(max($0 + size * Float.random(in: -1...1, using: &source), -1), 1)
        }
      }
      for (earned, most) in zip(other.returns, best.returns) { #expect(earned < most) }
    }
  }

  @Test("At rest the gradients of two tasks differ by the stated angle", arguments: [0, 35, 90, 120, 180.0])
  func conflict(angle: Double) throws {
    let drawn = try environments(["count": 3])
    let same = drawn.about.goals.map { _ in drawn.about.goals[0] }
    let environments = try environments(["count": 3, "angle": .number(angle)], goals: same)
    func rewards(_ x: Float, _ y: Float) throws -> [Double] {
      _ = try environments.reset(goals: [0, 0, 0])
      return try environments.step([x, y, x, y, x, y]).rewards.map(Double.init)
    }
    let (right, left) = (try rewards(0.5, 0), try rewards(-0.5, 0))
    let (up, down) = (try rewards(0, 0.5), try rewards(0, -0.5))
    let gradients = (0..<3).map { [right[$0] - left[$0], up[$0] - down[$0]] }
    func cosine(_ a: [Double], _ b: [Double]) -> Double {
      (a[0] * b[0] + a[1] * b[1]) / (hypot(a[0], a[1]) * hypot(b[0], b[1]))
    }
    for (one, other) in [(0, 1), (1, 2)] {
      #expect(abs(cosine(gradients[one], gradients[other]) - cos(angle * .pi / 180)) < 1e-4)
    }
  }

  @Test("An observation is the place, the velocity and the goal; the best policy succeeds")
  func observations() throws {
    let environments = try environments()
    let first = try environments.reset(goals: [0, 1, 2])
    let goals = (0..<3).map { environments.about.goals[$0][$0].map { Float($0) } }
    for task in 0..<3 {
      #expect(Array(first[(6 * task)..<(6 * task + 6)]) == [0, 0, 0, 0] + goals[task])
    }
    var succeeded = [false, false, false]
    for _ in 0..<25 {
      let step = try environments.step(environments.expertActions())
      for task in 0..<3 {
        let place = step.observations[(6 * task)..<(6 * task + 2)].map { $0 }
        let distance = hypot(place[0] - goals[task][0], place[1] - goals[task][1])
        if abs(distance - 0.05) > 1e-6 { #expect(step.successes[task] == (distance < 0.05)) }
        succeeded[task] = succeeded[task] || step.successes[task]
      }
      #expect(step.terminated == [false, false, false])
    }
    #expect(succeeded == [true, true, true])
  }

  @Test("Recorded actions lead to where the episode stood")
  func replay() throws {
    let (one, other) = (try environments(), try environments())
    var source = RandomSource(seed: 5)
    let actions = (0..<9).map { _ in (0..<6).map { _ in Float.random(in: -1...1, using: &source) } }
    _ = try one.reset(goals: [4, 5, 6])
    var last: VectorStep?
    for step in actions { last = try one.step(step) }
    _ = try other.step(actions[0])
    #expect(try other.replay(goals: [4, 5, 6], actions: actions) == last?.observations)
    #expect(try one.step(actions[3]) == other.step(actions[3]))
  }

  @Test("A task has goals of its own, the same alone as among others")
  func goals() throws {
    let all = try environments().about
    #expect(Set(all.goals.joined()).count == 30)
    #expect(try environments(tasks: ["turn3"]).about.goals == [all.goals[2]])
    #expect(try environments(tasks: ["turn3", "turn1"]).about.tasks == ["turn3", "turn1"])
    #expect(try environments(seed: 2).about.goals != all.goals)
    let measured = try environments(purpose: .evaluation).about.goals
    #expect(Set(measured.joined()).isDisjoint(with: all.goals.joined()))
    #expect(try environments(seed: 9, goals: measured).about.goals == measured)
    for goal in all.goals.joined() { #expect((0.2...0.5).contains(hypot(goal[0], goal[1]))) }
  }

  @Test("The record of environments is read back as it was written")
  func record() throws {
    let about = try environments().about
    #expect(
      try JSONDecoder().decode(EnvironmentsRecord.self, from: JSONEncoder().encode(about)) == about)
  }

  @Test("What is wrong is said, and what to do about it")
  func faults() throws {
    expect(throws: "point-tasks has no task 'tun2'", help: "did you mean 'turn2'?") {
      try environments(tasks: ["turn1", "tun2"])
    }
    expect(throws: "point-tasks has no task 'push'", help: "its tasks are turn1, turn2, turn3") {
      try environments(tasks: ["push"])
    }
    expect(throws: "the task 'turn1' is asked for twice", help: "name each task once") {
      try environments(tasks: ["turn1", "turn1"])
    }
    expect(
      throws: "no task of point-tasks is asked for",
      help: "name one task at least, or leave `tasks` out for all"
    ) { try environments(tasks: []) }
    expect(
      throws: "turn2: there is no goal 10 among 10, counted from 0",
      help: "choose a goal below that, or more `goals`"
    ) { try environments().reset(goals: [0, 10, 0]) }
    expect(
      throws: "the environments take 6 actions, got 2",
      help: "this is a defect of the program that drives the environments; please report it"
    ) { try environments().send([0, 0]) }
    let help = "use the goals with the tasks and options they were recorded with, or draw new ones"
    expect(throws: "the recorded goals do not fit: they are for 1 tasks, there are 3", help: help) {
      try environments(goals: [[[0, 0]]])
    }
    expect(throws: "the recorded goals do not fit: one for 'turn1' is [0.5]", help: help) {
      try environments(tasks: ["turn1"], goals: [[[0.5]]])
    }
    #expect(throws: OptionError.self) { try environments(["angel": 3]) }
  }
}

/// Expects an error of environments with this text and this help.
func expect(
  throws text: String, help: String, at place: SourceLocation = #_sourceLocation,
  _ body: () throws -> some Any
) {
  do {
    _ = try body()
    Issue.record("nothing was thrown", sourceLocation: place)
  } catch let error as EnvironmentError {
    #expect(error.description == text, sourceLocation: place)
    #expect(error.help == help, sourceLocation: place)
  } catch {
    Issue.record("thrown was \(error)", sourceLocation: place)
  }
}
