/// An episode of some tasks in pictures.
public struct EpisodeFilm: Equatable, Sendable {
  /// A task's pictures.
  public struct Strip: Equatable, Sendable {
    /// The task.
    public let task: String
    /// The pictures, one for each of ``EpisodeFilm/steps``.
    public internal(set) var pictures: [EnvironmentPicture] = []
    /// The step at which it first succeeded, counted from 1; nil where it did not.
    public internal(set) var firstSuccess: Int?
  }

  /// After how many steps there is a picture, ascending from 0.
  public let steps: [Int]
  /// The tasks, in the order they were asked for.
  public private(set) var strips: [Strip]

  /// Plays an episode of all tasks, and takes pictures of some.
  ///
  /// - Parameters:
  ///   - environments: Where to play.
  ///   - tasks: The places of those to be taken.
  ///   - goal: The number of every task's goal.
  ///   - horizon: The steps of the episode.
  ///   - frames: How many pictures to take of each task, spread evenly over the episode; no more than there are steps,
  ///     and one more.
  ///   - size: How large they are to be.
  ///   - act: The actions of all tasks for the observations of all tasks.
  /// - Throws: ``EnvironmentError``, and what `act` throws.
  public init(
    of environments: any TaskEnvironments, tasks: [Int], goal: Int, horizon: Int, frames: Int,
    size: PictureSize, _ act: (_ observations: [Float]) throws -> [Float]
  ) throws {
    try environments.about.check(horizon: horizon)
    steps = Self.steps(horizon: horizon, frames: frames)
    strips = tasks.map { Strip(task: environments.about.tasks[$0]) }
    var observations = try environments.reset(goals: environments.about.tasks.map { _ in goal })
    var isEnded = tasks.map { _ in false }
    for step in 0...horizon {
      if steps.contains(step) { try expose(environments, tasks, size) }
      guard step < horizon else { break }
      let taken = try environments.step(act(observations))
      for (place, task) in tasks.enumerated() where !isEnded[place] {
        if taken.successes[task] { strips[place].firstSuccess = strips[place].firstSuccess ?? step + 1 }
        isEnded[place] = taken.terminated[task]
      }
      observations = taken.observations
    }
  }

  static func steps(horizon: Int, frames: Int) -> [Int] {
    let count = min(frames, horizon + 1)
    guard count > 1 else { return [0] }
    return (0..<count).map { (2 * $0 * horizon + count - 1) / (2 * (count - 1)) }
  }

  private mutating func expose(
    _ environments: any TaskEnvironments, _ tasks: [Int], _ size: PictureSize
  ) throws {
    for (place, task) in tasks.enumerated() {
      strips[place].pictures.append(try environments.picture(ofTask: task, size: size))
    }
  }
}
