/// How a run stands or ended.
public enum RunStatus: String, Codable, Sendable, CaseIterable {
  /// All its epochs are done.
  case finished
  /// It ended with an error.
  case failed
  /// A loss or gradient was infinite or not a number.
  case diverged
  /// It was called off and is not to be continued.
  case cancelled
  /// It was stopped after a checkpoint and can be continued.
  case interrupted
}

/// How a run ended: the content of `summary.json`.
public struct RunSummary: Codable, Equatable, Sendable {
  /// How it ended.
  public var status: RunStatus
  /// Why, where it did not finish.
  public var reason: String?
  /// Epochs completed.
  public var epochs: Int
  /// Steps taken.
  public var steps: Int
  /// Seconds of training, over all its parts.
  public var seconds: Double
  /// The median time of a step in seconds; nil where none was taken.
  public var secondsPerStep: Double?
  /// The metrics of the last measurement.
  public var metrics: [MetricValue]
  /// The mean share of task pairs in conflict, where it was measured.
  public var conflictShare: Double?
  /// The number of steps behind ``conflictShare``.
  public var conflictSteps: Int?
  /// All values of the last epoch, by ``MetricKey``.
  public var values: [String: Double]

  /// Creates a summary.
  public init(
    status: RunStatus, reason: String? = nil, epochs: Int, steps: Int, seconds: Double,
    secondsPerStep: Double? = nil, metrics: [MetricValue] = [], conflictShare: Double? = nil,
    conflictSteps: Int? = nil, values: [String: Double] = [:]
  ) {
    self.status = status
    self.reason = reason
    self.epochs = epochs
    self.steps = steps
    self.seconds = seconds
    self.secondsPerStep = secondsPerStep
    self.metrics = metrics
    self.conflictShare = conflictShare
    self.conflictSteps = conflictSteps
    self.values = values
  }

  enum CodingKeys: String, CodingKey {
    case status, reason, epochs, steps, seconds
    case secondsPerStep = "seconds_per_step"
    case metrics
    case conflictShare = "conflict_share"
    case conflictSteps = "conflict_steps"
    case values
  }
}

/// A metric of a task, measured.
public struct MetricValue: Codable, Equatable, Sendable {
  /// The task.
  public var task: String
  /// The metric.
  public var name: String
  /// The split on which it was measured, such as `test`.
  public var split: String
  /// The value.
  public var value: Double
  /// Whether a larger value is a better one.
  public var higherIsBetter: Bool

  /// Creates a value.
  public init(task: String, name: String, split: String, value: Double, higherIsBetter: Bool) {
    self.task = task
    self.name = name
    self.split = split
    self.value = value
    self.higherIsBetter = higherIsBetter
  }

  /// The key under which the value is recorded.
  public var key: String { MetricKey.metric(name, of: task, split: split) }

  enum CodingKeys: String, CodingKey {
    case task, name, split, value
    case higherIsBetter = "higher_is_better"
  }
}
