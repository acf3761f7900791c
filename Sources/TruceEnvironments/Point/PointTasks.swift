import RealModule
import Truce
public import TruceOptions

/// Tasks whose best return is known: a point mass is to be brought to a goal, and each task turns the pushes otherwise.
///
/// An observation is the place, the velocity and the goal, six numbers, and an action a push in two directions; see
/// `PointMass`. Each episode begins at rest in the origin. Without being told which task it is, nobody can do
/// all: the better push differs from task to task by the angle between them.
///
/// Goals are so near that the best controller never pushes with more than 0.98: cutting actions to [-1, 1] changes
/// nothing for it, and ``bestReturn(task:goal:horizon:)`` is exact. Recorded goals that lie farther away make it a bound.
public final class PointTasks: TaskEnvironments {
  /// Tasks, sizes and goals.
  public let about: EnvironmentsRecord

  private let masses: [PointMass]
  private let experts: [PointController]
  private var states: [PointMass.State]
  private var goals: [SIMD2<Double>]
  private var actions: [Float] = []

  /// Makes the environments.
  ///
  /// - Throws: `OptionError` or ``EnvironmentError``.
  public init(_ options: Options, _ request: EnvironmentRequest) throws {
    let settings = try PointSettings(options)
    let chosen = try request.chosen(among: settings.taskNames, of: Self.description.name)
    masses = chosen.map(settings.mass)
    experts = masses.map { PointController($0, horizon: Self.longRun) }
    let reach = 0.98 / (experts.first?.largestAction ?? 1)
    let drawn = chosen.map { task in
      settings.goals(within: reach, seed: GoalSeed.seed(request.seed, for: request.purpose, task: task))
    }
    about = EnvironmentsRecord(
      family: Self.description.name, tasks: chosen, observationSize: 6, actionSize: 2, stepLimit: nil,
      goals: try request.goals(for: chosen, size: 2) ?? drawn, versions: [:],
      conditions: request.conditions)
    states = masses.map { _ in PointMass.State() }
    goals = masses.map { _ in SIMD2() }
  }

  /// A number of steps after which the best controller no longer changes.
  private static let longRun = 500

  /// Begins an episode at rest in the origin.
  public func reset(goals chosen: [Int]) throws -> [Float] {
    try about.check(goals: chosen)
    states = masses.map { _ in PointMass.State() }
    goals = chosen.indices.map { place(task: $0, goal: chosen[$0]) }
    return observations
  }

  /// Keeps the actions for ``receive()``.
  public func send(_ actions: [Float]) throws {
    try about.check(actions: actions)
    self.actions = actions
  }

  /// Takes the step.
  public func receive() throws -> VectorStep {
    try about.check(actions: actions)
    let rewards = masses.indices.map { task in
      let push = SIMD2(Double(actions[2 * task]), Double(actions[2 * task + 1]))
      return Float(-masses[task].step(&states[task], action: push, goal: goals[task]))
    }
    actions = []
    let successes = masses.indices.map { masses[$0].isDone(states[$0], goal: goals[$0]) }
    return VectorStep(
      observations: observations, rewards: rewards, successes: successes,
      terminated: masses.map { _ in false })
  }

  /// The best actions where the end is far.
  public func expertActions() throws -> [Float] {
    masses.indices.flatMap { bestAction(task: $0, remaining: Self.longRun) }
  }

  /// Does nothing: there is nothing to end.
  public func close() {}

  private var observations: [Float] {
    zip(states, goals).flatMap { state, goal in
      [state.position, state.velocity, goal].flatMap { [Float($0.x), Float($0.y)] }
    }
  }

  /// Where the mass of a task is, and where it is to be.
  func places(ofTask task: Int) -> (position: SIMD2<Double>, goal: SIMD2<Double>) {
    (states[task].position, goals[task])
  }

  private func place(task: Int, goal: Int) -> SIMD2<Double> {
    let numbers = about.goals[task][goal]
    return SIMD2(numbers[0], numbers[1])
  }
}

// MARK: What is known

extension PointTasks {
  /// The largest sum of rewards that an episode of so many steps can have.
  ///
  /// - Parameters:
  ///   - task: The task's place.
  ///   - goal: The number of its goal.
  ///   - horizon: The number of steps, at least 1.
  public func bestReturn(task: Int, goal: Int, horizon: Int) -> Double {
    let controller = PointController(masses[task], horizon: horizon)
    return -controller.costs[horizon - 1] * squaredLength(place(task: task, goal: goal))
  }

  /// The sum of rewards of an episode of so many steps without any push.
  ///
  /// - Parameters:
  ///   - task: The task's place.
  ///   - goal: The number of its goal.
  ///   - horizon: The number of steps.
  public func restingReturn(task: Int, goal: Int, horizon: Int) -> Double {
    -Double(horizon) * squaredLength(place(task: task, goal: goal))
  }

  /// The action that leads to the best return, where so many steps are left, this one counted.
  ///
  /// - Parameters:
  ///   - task: The task's place.
  ///   - remaining: How many steps are left, at least 1; more than 500 count as 500.
  public func bestAction(task: Int, remaining: Int) -> [Float] {
    let action = experts[task].action(states[task], goal: goals[task], remaining: remaining)
    return [Float(action.x), Float(action.y)]
  }
}

extension EnvironmentEntry {
  /// The line of the point mass.
  public static let pointTasks = EnvironmentEntry(about: PointTasks.description) { try PointTasks($0, $1) }
}
