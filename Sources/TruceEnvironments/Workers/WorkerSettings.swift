public import Foundation

/// How environments in processes of their own are run.
public struct WorkerSettings: Equatable, Sendable {
  /// The number of processes; nil for one on each core, and never more than there are tasks.
  ///
  /// Results do not depend on it.
  public var count: Int?
  /// The Python that runs them; nil for the one that ``PythonLocation`` finds.
  public var python: URL?
  /// How long a worker may take from its start until its environments stand.
  public var startDeadline: Duration
  /// How long a worker may take for a step of its environments, or to begin an episode.
  public var stepDeadline: Duration
  /// How often in a row a worker is started anew before the run gives up.
  public var restartLimit: Int

  /// Creates settings.
  public init(
    count: Int? = nil, python: URL? = nil, startDeadline: Duration = .seconds(180),
    stepDeadline: Duration = .seconds(30), restartLimit: Int = 3
  ) {
    self.count = count
    self.python = python
    self.startDeadline = startDeadline
    self.stepDeadline = stepDeadline
    self.restartLimit = restartLimit
  }
}
