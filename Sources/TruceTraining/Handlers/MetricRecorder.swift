public import TruceRun

/// Writes the run's events to `metrics.jsonl`: every n-th step, every epoch, the beginning and the end.
public final class MetricRecorder: TrainingHandler {
  private let log: MetricLog
  private let stepInterval: Int
  private let isResumed: Bool

  /// Creates a recorder.
  ///
  /// - Parameters:
  ///   - log: The open log.
  ///   - stepInterval: Steps between two lines.
  ///   - isResumed: Whether the log already holds the beginning.
  public init(log: MetricLog, stepInterval: Int, isResumed: Bool) {
    self.log = log
    self.stepInterval = max(stepInterval, 1)
    self.isResumed = isResumed
  }

  /// Writes the event if it is due.
  public func handle(_ event: TrainingEvent, at progress: TrainingProgress) throws {
    switch event {
    case .began(let beginning):
      if !isResumed { try log.append(.begin(beginning)) }
    case .stepped(let step):
      guard step.isLogged(every: stepInterval, at: progress) else { return }
      try log.append(.step(record(step.finiteValues, at: progress)))
    case .epochEnded(let epoch): try log.append(.epoch(record(epoch.finiteValues, at: progress)))
    case .ended(let ending): try log.append(.end(ending))
    }
  }

  private func record(_ values: [String: Double], at progress: TrainingProgress) -> RunProgress {
    RunProgress(
      epoch: progress.position.epoch, step: progress.position.step, seconds: progress.seconds, values: values)
  }
}

extension StepEvent {
  /// Whether the step is one of those that logs tell of.
  func isLogged(every interval: Int, at progress: TrainingProgress) -> Bool {
    progress.position.step % interval == 0 || step.isNotable
  }

  /// What logs tell of the step, by `MetricKey`; values that are not finite are left out.
  var finiteValues: [String: Double] {
    step.values.merging(["seconds/step": seconds]) { $1 }.filter { $0.value.isFinite }
  }
}

extension EpochEvent {
  /// What logs tell of the epoch: its values without those that are not finite.
  var finiteValues: [String: Double] { values.filter { $0.value.isFinite } }
}

extension HandlerEntry {
  /// The line of the log of steps and epochs.
  static let metrics = HandlerEntry(name: "metrics") { run in
    MetricRecorder(
      log: run.log, stepInterval: run.configuration.logEvery, isResumed: run.resumedStep != nil)
  }
}
