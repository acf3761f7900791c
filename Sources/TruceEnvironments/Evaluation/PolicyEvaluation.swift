/// Plays whole episodes on stated goals and tells how each task went.
///
/// Episode e of a task has the goal e modulo the number of goals, so that two evaluations play the same. A task succeeds
/// where it is done well at any step; an episode is played to its horizon all the same.
public struct PolicyEvaluation {
  /// How a task went.
  public struct Outcome: Equatable, Sendable {
    /// The task.
    public let task: String
    /// The step at which each episode first succeeded, counted from 1; nil for one that did not.
    public internal(set) var firstSuccesses: [Int?] = []
    /// The sum of the rewards of each episode.
    public internal(set) var returns: [Double] = []

    /// Whether each episode succeeded.
    public var successes: [Bool] { firstSuccesses.map { $0 != nil } }

    /// The share of the episodes that succeeded.
    public var successRate: Double { Double(successes.count { $0 }) / Double(max(successes.count, 1)) }

    /// The mean sum of rewards.
    public var meanReturn: Double { returns.reduce(0, +) / Double(max(returns.count, 1)) }
  }

  private let environments: any TaskEnvironments
  private let episodes: Int
  private let horizon: Int

  /// Prepares an evaluation.
  ///
  /// - Parameters:
  ///   - environments: Where to play; nothing else may play there at the same time.
  ///   - episodes: The episodes of each task.
  ///   - horizon: The steps of an episode.
  public init(_ environments: any TaskEnvironments, episodes: Int, horizon: Int) {
    self.environments = environments
    self.episodes = episodes
    self.horizon = horizon
  }

  /// Plays.
  ///
  /// - Parameter act: The actions of all tasks for the observations of all tasks.
  /// - Returns: How each task went, in order.
  /// - Throws: `EnvironmentError`, before anything is played where the horizon is beyond the environments' limit, and what
  ///   `act` throws.
  public func run(_ act: (_ observations: [Float]) throws -> [Float]) throws -> [Outcome] {
    try environments.about.check(horizon: horizon)
    var outcomes = environments.about.tasks.map { Outcome(task: $0) }
    for number in 0..<episodes { try play(number, act, &outcomes) }
    return outcomes
  }

  private func play(_ number: Int, _ act: ([Float]) throws -> [Float], _ outcomes: inout [Outcome]) throws {
    let about = environments.about
    var observations = try environments.reset(goals: about.tasks.map { _ in number % about.goalCount })
    var isEnded = outcomes.map { _ in false }
    for task in outcomes.indices {
      outcomes[task].firstSuccesses.append(nil)
      outcomes[task].returns.append(0)
    }
    for count in 0..<horizon {
      let step = try environments.step(act(observations))
      for task in outcomes.indices where !isEnded[task] {
        outcomes[task].takeIn(step, ofTask: task, number: count + 1)
        isEnded[task] = step.terminated[task]
      }
      observations = step.observations
    }
  }
}

extension PolicyEvaluation.Outcome {
  /// Takes a step into the last episode.
  fileprivate mutating func takeIn(_ step: VectorStep, ofTask task: Int, number: Int) {
    returns[returns.count - 1] += Double(step.rewards[task])
    guard step.successes[task], firstSuccesses[firstSuccesses.count - 1] == nil else { return }
    firstSuccesses[firstSuccesses.count - 1] = number
  }
}
