/// One line of `metrics.jsonl`.
///
///     {"event":"begin","tasks":[{"name":"left","metrics":[{"name":"accuracy","higher_is_better":true}]}],…}
///     {"event":"step","epoch":0,"step":50,"seconds":3.2,"values":{"train/left/loss":1.9,"conflict/share":0.3}}
///     {"event":"epoch","epoch":1,"step":235,"seconds":15.1,"values":{"test/left/accuracy":0.93}}
///     {"event":"end","epoch":3,"step":705,"seconds":45.6,"status":"finished"}
public enum RunEvent: Equatable, Sendable {
  /// Training begins.
  case begin(RunBeginning)
  /// Some steps have been taken.
  case step(RunProgress)
  /// An epoch has ended and the network was measured.
  case epoch(RunProgress)
  /// Training has ended.
  case end(RunEnding)

  /// The steps taken when the event happened.
  public var step: Int {
    switch self {
    case .begin: 0
    case .step(let progress), .epoch(let progress): progress.step
    case .end(let ending): ending.step
    }
  }
}

/// What is known when training begins.
public struct RunBeginning: Codable, Equatable, Sendable {
  /// The tasks that are trained, with what is measured of each.
  public var tasks: [TaskRecord]
  /// The number of parameters that the tasks share, P.
  public var sharedParameters: Int
  /// The number of all parameters.
  public var totalParameters: Int
  /// Steps in an epoch.
  public var stepsPerEpoch: Int
  /// The epochs that are planned.
  public var epochs: Int
  /// What an agent's results depend on beside the agent, by name, as ``TrialConditions`` has it; nil for labelled data.
  public var conditions: [String: String]?

  /// Creates the record.
  public init(
    tasks: [TaskRecord], sharedParameters: Int, totalParameters: Int, stepsPerEpoch: Int, epochs: Int,
    conditions: [String: String]? = nil
  ) {
    self.conditions = conditions
    self.tasks = tasks
    self.sharedParameters = sharedParameters
    self.totalParameters = totalParameters
    self.stepsPerEpoch = stepsPerEpoch
    self.epochs = epochs
  }

  enum CodingKeys: String, CodingKey {
    case tasks
    case sharedParameters = "shared_parameters"
    case totalParameters = "total_parameters"
    case stepsPerEpoch = "steps_per_epoch"
    case epochs, conditions
  }

  /// The step at which training ends; the largest number there is where it is larger than any.
  ///
  /// - Parameter maximum: Where training stops before its last epoch; nil for nowhere.
  public func plannedSteps(atMost maximum: Int?) -> Int {
    let (steps, overflows) = stepsPerEpoch.multipliedReportingOverflow(by: epochs)
    return min(overflows ? .max : steps, maximum ?? .max)
  }
}

/// A task and what is measured of it.
public struct TaskRecord: Codable, Equatable, Sendable {
  /// The task's name.
  public var name: String
  /// Its metrics, in the order in which tables show them; the loss is not among them.
  public var metrics: [MetricRecord]

  /// Creates the record.
  public init(name: String, metrics: [MetricRecord]) {
    self.name = name
    self.metrics = metrics
  }
}

/// A metric's name and direction.
public struct MetricRecord: Codable, Equatable, Sendable {
  /// The metric's name, such as `accuracy`.
  public var name: String
  /// Whether a larger value is a better one.
  public var higherIsBetter: Bool
  /// What an answer that ignores the input reaches, such as the most frequent class or the mean; nil where that is not
  /// known.
  public var chance: Double?

  /// Creates the record.
  public init(name: String, higherIsBetter: Bool, chance: Double? = nil) {
    self.name = name
    self.higherIsBetter = higherIsBetter
    self.chance = chance
  }

  enum CodingKeys: String, CodingKey {
    case name
    case higherIsBetter = "higher_is_better"
    case chance
  }
}

/// Values measured after a step or an epoch.
public struct RunProgress: Codable, Equatable, Sendable {
  /// Epochs completed.
  public var epoch: Int
  /// Steps taken since training began, over all its parts.
  public var step: Int
  /// Seconds of training, over all its parts.
  public var seconds: Double
  /// Values by ``MetricKey``.
  public var values: [String: Double]

  /// Creates the record.
  public init(epoch: Int, step: Int, seconds: Double, values: [String: Double]) {
    self.epoch = epoch
    self.step = step
    self.seconds = seconds
    self.values = values
  }
}

/// How training ended.
public struct RunEnding: Codable, Equatable, Sendable {
  /// Epochs completed.
  public var epoch: Int
  /// Steps taken.
  public var step: Int
  /// Seconds of training.
  public var seconds: Double
  /// How it ended.
  public var status: RunStatus
  /// Why, where it did not finish.
  public var reason: String?

  /// Creates the record.
  public init(epoch: Int, step: Int, seconds: Double, status: RunStatus, reason: String? = nil) {
    self.epoch = epoch
    self.step = step
    self.seconds = seconds
    self.status = status
    self.reason = reason
  }
}

/// The names under which values are recorded.
public enum MetricKey {
  /// The share of task pairs whose gradients conflict.
  public static let conflictShare = "conflict/share"

  /// The number of steps behind the epoch's mean of ``conflictShare``.
  public static let conflictSteps = "conflict/steps"

  /// What the losses were multiplied by before they were differentiated.
  public static let gradientScale = "gradient_scale"

  /// The number of steps so far that were skipped for a gradient that is not finite, where the losses are scaled.
  public static let gradientScaleSkips = "gradient_scale/skipped_steps"

  /// A measure of the conflict in one part of what is learned, such as `conflict/actor/share`.
  ///
  /// - Parameters:
  ///   - measure: The measure, such as `share` or `cosine`; a whole key, such as ``conflictShare``, stands for its own.
  ///   - part: The part, such as an agent's `actor` or `critic`.
  public static func conflict(_ measure: String, of part: String) -> String {
    let beginning = "conflict/"
    let name = measure.hasPrefix(beginning) ? String(measure.dropFirst(beginning.count)) : measure
    return "\(beginning)\(part)/\(name)"
  }

  /// A task's loss on a split, such as `train/left/loss`.
  public static func loss(_ task: String, split: String) -> String { "\(split)/\(task)/loss" }

  /// A task's metric on a split, such as `test/left/accuracy`.
  public static func metric(_ metric: String, of task: String, split: String) -> String {
    "\(split)/\(task)/\(metric)"
  }

  /// The weight a method gave to a task.
  public static func weight(_ task: String) -> String { "weight/\(task)" }
}

// MARK: Codable

extension RunEvent: Codable {
  private enum Kind: String, Codable {
    case begin, step, epoch, end
  }

  private enum CodingKeys: String, CodingKey {
    case event
  }

  /// Decodes one line.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self =
      switch try container.decode(Kind.self, forKey: .event) {
      case .begin: .begin(try RunBeginning(from: decoder))
      case .step: .step(try RunProgress(from: decoder))
      case .epoch: .epoch(try RunProgress(from: decoder))
      case .end: .end(try RunEnding(from: decoder))
      }
  }

  /// Encodes one line.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .begin(let record):
      try container.encode(Kind.begin, forKey: .event)
      try record.encode(to: encoder)
    case .step(let record):
      try container.encode(Kind.step, forKey: .event)
      try record.encode(to: encoder)
    case .epoch(let record):
      try container.encode(Kind.epoch, forKey: .event)
      try record.encode(to: encoder)
    case .end(let record):
      try container.encode(Kind.end, forKey: .event)
      try record.encode(to: encoder)
    }
  }
}
