/// What is known about some environments once they stand: enough to make them again elsewhere.
public struct EnvironmentsRecord: Codable, Equatable, Sendable {
  /// The name of the entry they were made from.
  public var family: String
  /// The tasks, in order.
  public var tasks: [String]
  /// How many numbers an observation of one task has.
  public var observationSize: Int
  /// How many numbers an action of one task has.
  public var actionSize: Int
  /// The number of steps after which an episode can go no further; nil where there is none.
  public var stepLimit: Int?
  /// The goals of each task, each a list of numbers that only the environment understands.
  public var goals: [[[Double]]]
  /// The versions of what the environments are made of, by name.
  public var versions: [String: String]
  /// The options they were made with, defaults included, by name; nil in records of versions that did not keep them.
  public var conditions: [String: String]?

  /// Creates a record.
  public init(
    family: String, tasks: [String], observationSize: Int, actionSize: Int, stepLimit: Int?,
    goals: [[[Double]]], versions: [String: String], conditions: [String: String]? = nil
  ) {
    self.conditions = conditions
    self.family = family
    self.tasks = tasks
    self.observationSize = observationSize
    self.actionSize = actionSize
    self.stepLimit = stepLimit
    self.goals = goals
    self.versions = versions
  }

  enum CodingKeys: String, CodingKey {
    case family, tasks, goals, versions, conditions
    case observationSize = "observation_size"
    case actionSize = "action_size"
    case stepLimit = "step_limit"
  }

  /// The goals of some tasks, in their order, whatever that of the record is.
  ///
  /// - Throws: ``EnvironmentError/unrecordedGoals(task:known:)``.
  package func goals(of wanted: [String]) throws(EnvironmentError) -> [[[Double]]] {
    var chosen: [[[Double]]] = []
    for task in wanted {
      guard let place = tasks.firstIndex(of: task), goals.indices.contains(place) else {
        throw .unrecordedGoals(task: task, known: tasks)
      }
      chosen.append(goals[place])
    }
    return chosen
  }

  /// How many goals each task has.
  public var goalCount: Int { goals.first?.count ?? 0 }
}

extension EnvironmentsRecord {
  /// Throws where the actions are not as many as they must be.
  func check(actions: [Float]) throws(EnvironmentError) {
    let expected = tasks.count * actionSize
    guard actions.count == expected else {
      throw .wrongCount(what: "actions", expected: expected, received: actions.count)
    }
  }

  /// Throws where an episode cannot have so many steps.
  func check(horizon: Int) throws(EnvironmentError) {
    guard let stepLimit, horizon > stepLimit else { return }
    throw .pastLimit(family: family, limit: stepLimit)
  }

  /// Throws where there is not one goal for each task.
  func check(goals chosen: [Int]) throws(EnvironmentError) {
    guard chosen.count == tasks.count else {
      throw .wrongCount(what: "goals", expected: tasks.count, received: chosen.count)
    }
    for (goal, task) in zip(chosen, tasks) where !(0..<goalCount).contains(goal) {
      throw .unknownGoal(task: task, goal: goal, count: goalCount)
    }
  }
}
