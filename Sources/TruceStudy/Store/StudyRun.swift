public import TruceRun

/// A run of a study with its results, as the index holds it.
public struct StudyRun: Equatable, Sendable, Codable {
  /// The cell.
  public let cell: StudyCell
  /// The seed.
  public let seed: Int
  /// How the run stands, in one word: `finished`, `diverged`, `failed`, `interrupted`, `pending`,
  /// `damaged`, ….
  public let state: String
  /// Why, where it did not finish.
  public let reason: String?
  /// The number of tries that came to an end.
  public let attempts: Int
  /// Epochs completed.
  public let epochs: Int
  /// Steps taken.
  public let steps: Int
  /// Seconds of training.
  public let seconds: Double
  /// The median time of a step in seconds.
  public let secondsPerStep: Double?
  /// The mean share of task pairs in conflict, where it was measured.
  public let conflictShare: Double?
  /// The metrics of the last measurement, on every split; none before the first.
  public let metrics: [MetricValue]
  /// Where the run took place.
  public let environment: RunEnvironment?

  /// Creates a run from its parts.
  public init(
    cell: StudyCell, seed: Int, state: String, reason: String? = nil, attempts: Int = 1,
    epochs: Int = 0, steps: Int = 0, seconds: Double = 0, secondsPerStep: Double? = nil,
    conflictShare: Double? = nil, metrics: [MetricValue] = [], environment: RunEnvironment? = nil
  ) {
    self.cell = cell
    self.seed = seed
    self.state = state
    self.reason = reason
    self.attempts = attempts
    self.epochs = epochs
    self.steps = steps
    self.seconds = seconds
    self.secondsPerStep = secondsPerStep
    self.conflictShare = conflictShare
    self.metrics = metrics
    self.environment = environment
  }

  /// The cell and the seed.
  public var key: RunKey { RunKey(cell: cell.id, seed: seed) }

  /// How the run ended, without the values of its last epoch; nil while it has not.
  public var summary: RunSummary? {
    RunStatus(rawValue: state).map {
      RunSummary(
        status: $0, reason: reason, epochs: epochs, steps: steps, seconds: seconds,
        secondsPerStep: secondsPerStep, metrics: metrics, conflictShare: conflictShare)
    }
  }

  /// Whether the run has results to compare.
  public var isFinished: Bool { state == RunStatus.finished.rawValue }
}

extension StudyRun {
  /// Reads a run's folder.
  ///
  /// - Returns: The run and its record; the record is nil before the run has begun, and where a file of it is damaged.
  static func read(
    _ key: RunKey, of cell: StudyCell, in folder: StudyFolder
  ) -> (run: StudyRun, record: RunRecord?) {
    let directory = folder.directory(of: key)
    let state = RunState(of: directory)
    let attempts = directory.attempts.count
    guard directory.hasBegun else {
      return (StudyRun(cell: cell, seed: key.seed, state: state.word, attempts: attempts), nil)
    }
    do throws(RunError) {
      let record = try RunRecord(directory)
      return (read(record, key, of: cell, state: state), record)
    } catch {
      // One run that cannot be read must not take the others down; while a worker is at it, it may be half written.
      let damage = state == .running ? state : .damaged(reason: "\(error)")
      let run = StudyRun(
        cell: cell, seed: key.seed, state: damage.word, reason: damage.reason, attempts: attempts)
      return (run, nil)
    }
  }

  private static func read(
    _ record: RunRecord, _ key: RunKey, of cell: StudyCell, state: RunState
  ) -> StudyRun {
    let directory = record.directory
    let summary = record.summary
    let position = RunPosition(of: directory, maxSteps: nil)
    return StudyRun(
      cell: cell, seed: key.seed, state: state.word, reason: summary?.reason,
      attempts: directory.attempts.count,
      epochs: summary?.epochs ?? position?.epoch ?? 0,
      steps: summary?.steps ?? position?.step ?? 0,
      seconds: summary?.seconds ?? position?.seconds ?? 0,
      secondsPerStep: summary?.secondsPerStep, conflictShare: summary?.conflictShare,
      metrics: record.measuredSplits.flatMap { record.metrics(split: $0) }, environment: record.environment)
  }
}
