import Foundation

/// A run as its folder tells it.
public struct RunRecord: Sendable {
  /// The folder.
  public let directory: RunDirectory
  /// What was asked for.
  public let configuration: RunConfiguration
  /// Where it took place; nil before it has begun.
  public let environment: RunEnvironment?
  /// How it ended; nil while it has not.
  public let summary: RunSummary?
  /// What was known when it began; nil before.
  public let beginning: RunBeginning?
  /// Values measured within epochs, by ``MetricKey``.
  public let stepCurves: [String: [CurvePoint]]
  /// Values measured at the ends of epochs, by ``MetricKey``.
  public let epochCurves: [String: [CurvePoint]]
  /// What is wrong with a file of the run, where it cannot be read; nothing else of it is known then.
  public let damage: String?

  /// Creates a record of a run that is known from elsewhere than its folder.
  public init(
    directory: RunDirectory, configuration: RunConfiguration, environment: RunEnvironment? = nil,
    summary: RunSummary? = nil, beginning: RunBeginning? = nil, stepCurves: [String: [CurvePoint]] = [:],
    epochCurves: [String: [CurvePoint]] = [:], damage: String? = nil
  ) {
    self.damage = damage
    self.directory = directory
    self.configuration = configuration
    self.environment = environment
    self.summary = summary
    self.beginning = beginning
    self.stepCurves = stepCurves
    self.epochCurves = epochCurves
  }

  /// Reads the folder of a run.
  ///
  /// - Throws: ``RunError`` where there is no run or a file of it is damaged.
  public init(_ directory: RunDirectory) throws(RunError) {
    guard FileManager.default.fileExists(atPath: directory.configurationFile.path) else {
      throw .missing(path: directory.url.relativePath, what: "run")
    }
    self.directory = directory
    damage = nil
    configuration = try directory.configuration()
    environment = try directory.environment()
    summary = try directory.summary()
    let events = try MetricLog.events(in: directory)
    beginning = events.lazy.compactMap { if case .begin(let begin) = $0 { begin } else { nil } }.first
    stepCurves = Self.curves(events.compactMap { if case .step(let step) = $0 { step } else { nil } })
    epochCurves = Self.curves(events.compactMap { if case .epoch(let epoch) = $0 { epoch } else { nil } })
  }

  private static func curves(_ progress: [RunProgress]) -> [String: [CurvePoint]] {
    var curves: [String: [CurvePoint]] = [:]
    for point in progress {
      for (key, value) in point.values {
        curves[key, default: []].append(
          CurvePoint(epoch: point.epoch, step: point.step, seconds: point.seconds, value: value))
      }
    }
    return curves
  }
}

/// A value and when it was measured.
public struct CurvePoint: Codable, Equatable, Sendable {
  /// Epochs completed.
  public let epoch: Int
  /// Steps taken.
  public let step: Int
  /// Seconds of training.
  public let seconds: Double
  /// The value.
  public let value: Double

  /// Creates a point.
  public init(epoch: Int, step: Int, seconds: Double, value: Double) {
    self.epoch = epoch
    self.step = step
    self.seconds = seconds
    self.value = value
  }
}

extension RunRecord {
  /// The metrics that the run measures on a split, at the end of an epoch.
  ///
  /// - Parameters:
  ///   - split: The split, such as `test`.
  ///   - epoch: Epochs completed; nil for the last measurement.
  /// - Returns: The metrics in the order of the tasks, without those that were not measured.
  public func metrics(split: String, atEpoch epoch: Int? = nil) -> [MetricValue] {
    (beginning?.tasks ?? []).flatMap { task in
      task.metrics.compactMap { metric in
        let curve = epochCurves[MetricKey.metric(metric.name, of: task.name, split: split)] ?? []
        let point = epoch.map { wanted in curve.last { $0.epoch == wanted } } ?? curve.last
        return point.map {
          MetricValue(
            task: task.name, name: metric.name, split: split, value: $0.value,
            higherIsBetter: metric.higherIsBetter)
        }
      }
    }
  }
}
