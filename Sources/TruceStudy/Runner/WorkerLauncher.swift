public import TruceRun

/// A way to start the program that does a run.
public protocol WorkerLauncher: Sendable {
  /// Starts the program for a run.
  ///
  /// - Throws: ``StudyError/noWorker(path:)`` or `RunError` where it cannot be started.
  func launch(_ order: WorkerOrder) throws -> any Worker
}

/// What a worker is to do.
public struct WorkerOrder: Sendable {
  /// The run's folder, with its configuration in place.
  public let directory: RunDirectory
  /// What the run is asked to do.
  public let configuration: RunConfiguration
  /// Whether to continue from the last checkpoint.
  public let isResuming: Bool
  /// The threads it may use.
  public let threads: Int
  /// The number of workers at once, which share the memory.
  public let jobs: Int
  /// The claim on the folder, which the worker shares.
  public let claim: RunClaim

  /// Creates an order.
  public init(
    directory: RunDirectory, configuration: RunConfiguration, isResuming: Bool, threads: Int,
    jobs: Int = 1, claim: RunClaim
  ) {
    self.directory = directory
    self.configuration = configuration
    self.isResuming = isResuming
    self.threads = threads
    self.jobs = jobs
    self.claim = claim
  }
}

/// A program at work on a run.
public protocol Worker: AnyObject {
  /// How the program ended; nil while it runs.
  var exit: WorkerExit? { get }
  /// Asks the program to stop after a checkpoint.
  func stop()
  /// Ends the program at once.
  func kill()
}
