public import TruceOptions

/// What environments are asked for.
public struct EnvironmentRequest: Sendable {
  /// What environments are used for; those for different purposes have different goals.
  public enum Purpose: String, Codable, CaseIterable, Sendable {
    /// To learn.
    case training
    /// To measure what was learned.
    case evaluation
  }

  /// The options of the family.
  public var options: [String: OptionValue]
  /// The tasks; nil for all that the family has.
  public var tasks: [String]?
  /// The seed of the goals.
  public var seed: UInt64
  /// What the environments are used for.
  public var purpose: Purpose
  /// The goals of each task, as ``EnvironmentsRecord/goals`` has them; nil to draw them from the seed.
  public var goals: [[[Double]]]?
  /// How environments in processes of their own are run.
  public var workers: WorkerSettings
  /// The options with their defaults, as ``EnvironmentsRecord/conditions`` keeps them; the catalogue's entry knows them.
  var conditions: [String: String] = [:]

  /// Creates a request.
  public init(
    options: [String: OptionValue] = [:], tasks: [String]? = nil, seed: UInt64 = 0,
    purpose: Purpose = .training, goals: [[[Double]]]? = nil, workers: WorkerSettings = WorkerSettings()
  ) {
    self.options = options
    self.tasks = tasks
    self.seed = seed
    self.purpose = purpose
    self.goals = goals
    self.workers = workers
  }

  /// The tasks asked for, in the order asked for.
  ///
  /// - Throws: ``EnvironmentError/unknownTask(family:task:closest:known:)`` with the closest known name,
  ///   ``EnvironmentError/repeatedTask(_:)`` or ``EnvironmentError/noTask(family:)``.
  func chosen(among known: [String], of family: String) throws(EnvironmentError) -> [String] {
    let wanted = tasks ?? known
    if wanted.isEmpty { throw .noTask(family: family) }
    var seen: Set<String> = []
    for task in wanted {
      guard known.contains(task) else { throw .unknown(task, of: family, known: known) }
      guard seen.insert(task).inserted else { throw .repeatedTask(task) }
    }
    return wanted
  }

  /// The goals asked for; nil where none are.
  ///
  /// - Parameters:
  ///   - tasks: The tasks that they must be for.
  ///   - size: How many numbers a goal has; nil where only the environment knows.
  /// - Throws: ``EnvironmentError/foreignGoals(reason:)``.
  func goals(for tasks: [String], size: Int?) throws(EnvironmentError) -> [[[Double]]]? {
    guard let goals else { return nil }
    guard goals.count == tasks.count else {
      throw .foreignGoals(reason: "they are for \(goals.count) tasks, there are \(tasks.count)")
    }
    let counts = Set(goals.map(\.count))
    guard counts.count == 1, counts != [0] else {
      throw .foreignGoals(reason: "each task must have as many, and one at least")
    }
    for (task, goals) in zip(tasks, goals) {
      for goal in goals where size.map({ $0 != goal.count }) ?? false || !goal.allSatisfy(\.isFinite) {
        throw .foreignGoals(reason: "one for '\(task)' is \(goal)")
      }
    }
    return goals
  }
}
