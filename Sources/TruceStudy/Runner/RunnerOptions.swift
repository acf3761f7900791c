public import TruceRun

/// How a runner goes about a study.
public struct RunnerOptions: Sendable {
  /// The number of workers at once.
  public var jobs: Int
  /// The threads of the machine, shared out between the workers.
  public var threads: Int
  /// Whether runs that failed earlier are tried again.
  public var retriesFailedRuns: Bool
  /// How often a run that crashed is tried again; nil for the study's own number.
  public var retries: Int?
  /// Runs that are thrown away and begun anew, because a file of theirs is damaged.
  public var restarts: Set<RunKey> = []
  /// The time between two looks at how the runs stand, for an observer.
  public var updateInterval: Duration

  /// Creates options.
  ///
  /// - Parameters:
  ///   - jobs: The number of workers at once.
  ///   - threads: The threads to share out; by default as many as there are processors for this process.
  ///   - retriesFailedRuns: Whether runs that failed earlier are tried again.
  ///   - retries: How often a run that crashed is tried again; nil for the study's own number.
  ///   - updateInterval: The time between two looks at how the runs stand, for an observer.
  public init(
    jobs: Int = 1, threads: Int = ProcessorShare.count(),
    retriesFailedRuns: Bool = false, retries: Int? = nil,
    updateInterval: Duration = .milliseconds(500)
  ) {
    self.jobs = max(1, jobs)
    self.threads = threads
    self.retriesFailedRuns = retriesFailedRuns
    self.retries = retries
    self.updateInterval = updateInterval
  }

  /// The threads of one worker.
  public var threadsPerJob: Int { max(1, threads / jobs) }
}

/// What a runner tells while it works.
public enum RunnerEvent: Equatable, Sendable {
  /// A worker was started.
  case started(RunKey, isResuming: Bool)
  /// A run came to an end.
  case ended(RunKey, RunState, seconds: Double)
  /// A run that crashed will be tried again.
  case retrying(RunKey, reason: String)
  /// Nothing is left to start, but other runners are still at work.
  case waiting(runs: Int)
  /// No further run is started.
  case stopping(StopReason)
  /// The index could not be written.
  case indexBehind(reason: String)
  /// Some runs are settled whose folders hold other observations than the plan now asks for: they stay as they are.
  case observedOtherwise(runs: Int, keys: [String])
}

/// Why a runner stops before all runs are settled.
public enum StopReason: Equatable, Sendable {
  /// A signal asked for it.
  case interrupted
  /// The study was called off.
  case cancelled
  /// The study's time is used up.
  case budget
  /// A run met something that would befall the others too.
  case failure(StudyError)
}

/// Someone who watches a runner.
public protocol RunnerObserver: AnyObject {
  /// Something happened.
  func handle(_ event: RunnerEvent)
  /// This is how the study stands.
  func show(_ progress: StudyProgress)
}

/// How a runner's work ended.
public struct RunnerOutcome: Equatable, Sendable {
  /// How each run of the plan stands.
  public let states: [RunKey: RunState]
  /// Why it stopped early; nil where nothing was left to do.
  public let stopReason: StopReason?
}
