public import TruceRun
import TruceTorch

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
  public func handle(_ event: TrainingEvent, of trainer: Trainer) throws {
    switch event {
    case .began(let beginning, _):
      if !isResumed { try log.append(.begin(beginning)) }
    case .stepped(let step):
      guard step.isLogged(every: stepInterval) else { return }
      try log.append(
        .step(
          RunProgress(
            epoch: step.position.epoch, step: step.position.step, seconds: step.seconds,
            values: step.values(tasks: trainer.taskNames))))
    case .epochEnded(let epoch):
      try log.append(
        .epoch(
          RunProgress(
            epoch: epoch.position.epoch, step: epoch.position.step, seconds: epoch.seconds,
            values: epoch.finiteValues)))
    case .ended(let ending):
      try log.append(.end(ending))
    }
  }
}

extension StepEvent {
  /// Whether the step is one of those that logs tell of.
  func isLogged(every interval: Int) -> Bool {
    position.step % interval == 0 || conflict != nil
  }

  /// What logs tell of the step, by `MetricKey`; values that are not finite are left out.
  func values(tasks: [String]) -> [String: Double] {
    var values = conflict?.values ?? [:]
    for (name, loss) in zip(tasks, report.losses) {
      values[MetricKey.loss(name, split: "train")] = loss
    }
    for (name, weight) in zip(tasks, report.meanWeights ?? []) {
      values[MetricKey.weight(name)] = weight
    }
    values["learning_rate"] = learningRate
    values["seconds/step"] = stepSeconds
    return values.filter { $0.value.isFinite }
  }
}

extension EpochEvent {
  /// What logs tell of the epoch: its values without those that are not finite.
  var finiteValues: [String: Double] { values.filter { $0.value.isFinite } }
}
