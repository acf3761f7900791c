import TruceEnvironments
public import TruceRun

/// How the episodes of a trial went.
public struct TrialResult: Codable, Equatable, Sendable {
  /// How a task went.
  public struct Task: Codable, Equatable, Sendable {
    /// The task.
    public let name: String
    /// How often it succeeded.
    public let success: SuccessRate
    /// The step of the first success of each episode that had one, counted from 1.
    public let firstSuccesses: [Int]
    /// The mean sum of rewards.
    public let meanReturn: Double

    init(_ outcome: PolicyEvaluation.Outcome) {
      name = outcome.task
      success = SuccessRate(successes: outcome.successes.count { $0 }, of: outcome.successes.count)
      firstSuccesses = outcome.firstSuccesses.compactMap(\.self)
      meanReturn = outcome.meanReturn
    }

    enum CodingKeys: String, CodingKey {
      case name, success
      case firstSuccesses = "first_successes"
      case meanReturn = "mean_return"
    }
  }

  /// The problem.
  public let problem: String
  /// Who acted.
  public let policy: ActingPolicy
  /// The checkpoint that acted, such as `last`; nil where nothing learned did.
  public let checkpoint: String?
  /// The seed from which the goals were drawn; nil for those that the run recorded.
  public let goalSeed: Int?
  /// The steps of an episode.
  public let horizon: Int
  /// The options of the environments, horizon and episodes: what success rates depend on.
  public let conditions: [String: String]
  /// The versions of what the environments are made of.
  public let versions: [String: String]
  /// The tasks.
  public let tasks: [Task]

  enum CodingKeys: String, CodingKey {
    case problem, policy, checkpoint, horizon, conditions, versions, tasks
    case goalSeed = "goal_seed"
  }

  /// All tasks together.
  public var success: SuccessRate {
    tasks.reduce(SuccessRate(successes: 0, of: 0)) { $0 + $1.success }
  }
}
