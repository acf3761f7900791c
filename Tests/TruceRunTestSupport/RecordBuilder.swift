import Foundation
public import TruceRun

/// Makes run records by hand, without training and without files.
public struct RecordBuilder: Sendable {
  /// The problem's name.
  public var problem: String
  /// The tasks with their metrics.
  public var tasks: [TaskRecord]
  /// The split on which metrics are measured.
  public var split = "test"
  /// Seconds of an epoch.
  public var secondsPerEpoch = 10.0
  /// What an agent's results depend on; nil for labelled data.
  public var conditions: [String: String]?

  /// Creates a builder of records of one problem.
  public init(problem: String = "pair", tasks: [TaskRecord] = Self.twoTasks) {
    self.problem = problem
    self.tasks = tasks
  }

  /// A task with an accuracy and one with an error.
  public static let twoTasks = [
    TaskRecord(name: "left", metrics: [MetricRecord(name: "accuracy", higherIsBetter: true)]),
    TaskRecord(name: "right", metrics: [MetricRecord(name: "error", higherIsBetter: false)]),
  ]

  /// Makes a record.
  ///
  /// - Parameters:
  ///   - method: The method's name.
  ///   - optimizer: The optimizer.
  ///   - learningRate: The learning rate.
  ///   - seed: The seed.
  ///   - epochs: The metrics after each epoch, in the order of the tasks.
  ///   - task: The only task, for a single-task baseline.
  ///   - status: How the run ended; nil while it runs.
  ///   - reason: Why, where it did not finish.
  ///   - change: Further changes of the configuration.
  public func record(
    _ method: String = "ew", _ optimizer: OptimizerName = .adam, learningRate: Double = 0.001, seed: Int = 0,
    epochs: [[Double]], task: String? = nil, status: RunStatus? = .finished, reason: String? = nil,
    change: (inout RunConfiguration) -> Void = { _ in }
  ) -> RunRecord {
    var configuration = RunConfiguration(problem: problem, method: method)
    configuration.optimizer = optimizer
    configuration.learningRate = learningRate
    configuration.seed = seed
    configuration.epochs = max(1, epochs.count)
    configuration.tasks = task.map { [$0] }
    change(&configuration)
    let tasks = tasks.filter { task == nil || $0.name == task }
    let curves = curves(of: epochs, tasks: tasks)
    let folder = "\(method)-\(optimizer.rawValue)-\(learningRate)-\(task ?? "all")/\(seed)"
    return RunRecord(
      directory: RunDirectory(URL(filePath: "/runs/\(folder)")), configuration: configuration,
      environment: Self.environment,
      summary: status.map { summary(of: epochs, curves: curves, tasks: tasks, status: $0, reason: reason) },
      beginning: RunBeginning(
        tasks: tasks, sharedParameters: 1000, totalParameters: 1200, stepsPerEpoch: 50, epochs: epochs.count,
        conditions: conditions),
      epochCurves: curves)
  }

  private func curves(of epochs: [[Double]], tasks: [TaskRecord]) -> [String: [CurvePoint]] {
    var curves: [String: [CurvePoint]] = [:]
    let keys = tasks.flatMap { task in
      task.metrics.map { MetricKey.metric($0.name, of: task.name, split: split) }
    }
    for (index, values) in epochs.enumerated() {
      for (key, value) in zip(keys, values) {
        curves[key, default: []].append(
          CurvePoint(
            epoch: index + 1, step: 50 * (index + 1), seconds: secondsPerEpoch * Double(index + 1),
            value: value))
      }
    }
    return curves
  }

  private func summary(
    of epochs: [[Double]], curves: [String: [CurvePoint]], tasks: [TaskRecord], status: RunStatus,
    reason: String?
  ) -> RunSummary {
    let metrics = tasks.flatMap { task in
      task.metrics.compactMap { metric -> MetricValue? in
        let key = MetricKey.metric(metric.name, of: task.name, split: split)
        return curves[key]?.last.map {
          MetricValue(
            task: task.name, name: metric.name, split: split, value: $0.value,
            higherIsBetter: metric.higherIsBetter)
        }
      }
    }
    return RunSummary(
      status: status, reason: reason, epochs: epochs.count, steps: 50 * epochs.count,
      seconds: secondsPerEpoch * Double(epochs.count), secondsPerStep: secondsPerEpoch / 50, metrics: metrics)
  }

  /// The same environment for every record.
  static let environment: RunEnvironment = {
    var environment = RunEnvironment(
      device: "cpu", threads: 2, libtorchVersion: "2.13.0", repository: nil,
      startedAt: Date(timeIntervalSince1970: 1_750_000_000))
    environment.host = "example"
    environment.operatingSystem = "Debian GNU/Linux 12"
    environment.gitRevision = "0123456789abcdef0123456789abcdef01234567"
    environment.gitIsDirty = false
    environment.commandLine = ["truce-engine", "train"]
    return environment
  }()
}
