/// Several tasks of reinforcement learning, an environment each, that step together.
///
/// All episodes begin and end together: an environment never begins an episode by itself, and whoever drives it counts
/// the steps. A task that has come to an end of its own waits for the others with its last observation; what it says of
/// rewards and successes meanwhile counts for nothing. Numbers of all tasks lie task after task, in the order of ``EnvironmentsRecord/tasks``.
///
/// Between ``send(_:)`` and ``receive()`` the environments are at work and the caller is free to compute.
public protocol TaskEnvironments: AnyObject {
  /// Tasks, sizes, goals and versions.
  var about: EnvironmentsRecord { get }

  /// Begins an episode of each task.
  ///
  /// - Parameter goals: The number of each task's goal, below ``EnvironmentsRecord/goalCount``.
  /// - Returns: The first observation of each task.
  /// - Throws: ``EnvironmentError``.
  func reset(goals: [Int]) throws -> [Float]

  /// Sends each environment its action, and does not wait for it.
  ///
  /// - Parameter actions: K × ``EnvironmentsRecord/actionSize`` numbers; what lies outside [-1, 1] counts as the bound.
  /// - Throws: ``EnvironmentError``.
  func send(_ actions: [Float]) throws

  /// Waits for what became of the actions sent.
  ///
  /// - Throws: ``EnvironmentError``.
  func receive() throws -> VectorStep

  /// What scripted policies would do now, K × ``EnvironmentsRecord/actionSize`` numbers.
  ///
  /// - Throws: ``EnvironmentError/noExpert(family:task:)`` where a task has none.
  func expertActions() throws -> [Float]

  /// A picture of how an environment stands.
  ///
  /// - Parameters:
  ///   - task: The task's place.
  ///   - size: How large the picture is to be.
  /// - Throws: ``EnvironmentError/noPicture(family:task:reason:)`` where the task cannot be drawn.
  func picture(ofTask task: Int, size: PictureSize) throws -> EnvironmentPicture

  /// Ends the environments and whatever processes they live in; they cannot be used afterwards.
  func close()
}

extension TaskEnvironments {
  /// There is none.
  public func picture(ofTask task: Int, size: PictureSize) throws -> EnvironmentPicture {
    throw EnvironmentError.noPicture(
      family: about.family, task: about.tasks[task], reason: "nothing draws it")
  }

  /// Sends actions and waits for what becomes of them.
  ///
  /// - Throws: ``EnvironmentError``.
  public func step(_ actions: [Float]) throws -> VectorStep {
    try send(actions)
    return try receive()
  }

  /// Begins an episode and takes the steps that were recorded of it, which leads exactly to where it stood.
  ///
  /// - Parameters:
  ///   - goals: The number of each task's goal.
  ///   - actions: The actions of each step, in order.
  /// - Returns: The last observation of each task.
  /// - Throws: ``EnvironmentError``.
  public func replay(goals: [Int], actions: [[Float]]) throws -> [Float] {
    var observations = try reset(goals: goals)
    for step in actions { observations = try self.step(step).observations }
    return observations
  }
}

/// What one step of all tasks brought.
public struct VectorStep: Equatable, Sendable {
  /// The observations after the step, K × ``EnvironmentsRecord/observationSize`` numbers.
  public var observations: [Float]
  /// The reward of each task.
  public var rewards: [Float]
  /// Whether each task was done well at this step.
  public var successes: [Bool]
  /// Whether each task has come to an end of its own, after which no return follows; a horizon is none.
  public var terminated: [Bool]

  /// Creates a step.
  public init(observations: [Float], rewards: [Float], successes: [Bool], terminated: [Bool]) {
    self.observations = observations
    self.rewards = rewards
    self.successes = successes
    self.terminated = terminated
  }
}
