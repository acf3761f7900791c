import Truce
import TruceRun
import TruceToy

/// A run's configuration in the toy's own terms.
struct ToySetup {
  static let tasks = ["L1", "L2"]
  private static let options = ["iterations", "starts", "smoothing"]
  private static let metric = MetricRecord(name: "final_loss", higherIsBetter: false)

  let settings: ToySettings
  let start: SIMD2<Double>

  /// Reads the configuration.
  ///
  /// Options of the problem: `iterations` (100,000), `starts` (`code`, `paper` or `nash`), `smoothing`. The seed is the
  /// index of the start.
  init(_ configuration: RunConfiguration, file: String) throws(RunError) {
    let place = ConfigurationPlace.file(file, line: nil)
    let options = configuration.problemOptions
    if let name = options.keys.sorted().first(where: { !Self.options.contains($0) }) {
      throw .unknownKey(
        place, key: "problem_options.\(name)", closest: closestName(to: name, among: Self.options))
    }
    func node(_ key: String, _ value: OptionValue) -> ConfigurationNode {
      ConfigurationNode(value, place: place, key: key)
    }
    let named = node("problem_options.starts", options["starts"] ?? "code")
    guard let starts = try ToyStarts(rawValue: named.word()) else {
      throw named.problem("one of \(ToyStarts.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    guard starts.points.indices.contains(configuration.seed) else {
      throw .invalidValue(
        place, key: "seed", rule: "the index of a start, at most \(starts.points.count - 1)",
        received: "\(configuration.seed)")
    }
    start = starts.points[configuration.seed]
    settings = try Self.settings(configuration, options, node, place)
    try Self.refuseNarrowTypes(configuration, place)
  }

  /// The toy has no network whose operations could be narrowed, and its gradients are formulas.
  private static func refuseNarrowTypes(
    _ configuration: RunConfiguration, _ place: ConfigurationPlace
  ) throws(RunError) {
    for key in ["autocast", "gradient_scaling"] where configuration.changedKeys.contains(key) {
      throw .inapplicable(place, key: key, reason: "the toy has no network")
    }
  }

  private static func settings(
    _ configuration: RunConfiguration, _ options: [String: OptionValue],
    _ node: (String, OptionValue) -> ConfigurationNode, _ place: ConfigurationPlace
  ) throws(RunError) -> ToySettings {
    var settings = ToySettings(
      method: configuration.method, options: configuration.options,
      optimizer: try optimizer(configuration, node, place))
    settings.iterations = try node("problem_options.iterations", options["iterations"] ?? 100_000)
      .value(rule: "a whole number, at least 1") { $0 >= 1 }
    settings.iterations = min(settings.iterations, configuration.maxSteps ?? .max)
    settings.smoothing = try node("problem_options.smoothing", options["smoothing"] ?? 1e-4)
      .value(rule: "a number, at least 0") { $0 >= 0 }
    settings.precision = configuration.precision == .float32 ? .float32 : .float64
    settings.recordingInterval = 1
    return settings
  }

  /// `sgd` without momentum is plain gradient descent.
  private static func optimizer(
    _ configuration: RunConfiguration, _ node: (String, OptionValue) -> ConfigurationNode,
    _ place: ConfigurationPlace
  ) throws(RunError) -> ToyOptimizer {
    let rate = configuration.learningRate
    switch configuration.optimizer {
    case .adam: return ToyOptimizer(.adam, learningRate: rate)
    case .sgd:
      let given = configuration.optimizerOptions["momentum"] ?? 0
      let momentum: Double = try node("optimizer_options.momentum", given)
        .value(rule: "a number of at least 0 and less than 1") { $0 >= 0 && $0 < 1 }
      return momentum == 0
        ? ToyOptimizer(.gd, learningRate: rate) : ToyOptimizer(.sgd, learningRate: rate, momentum: momentum)
    default:
      throw .invalidValue(
        place, key: "optimizer", rule: "sgd or adam on the toy", received: configuration.optimizer.rawValue)
    }
  }

  var beginning: RunBeginning {
    RunBeginning(
      tasks: Self.tasks.map { TaskRecord(name: $0, metrics: [Self.metric]) }, sharedParameters: 2,
      totalParameters: 2, stepsPerEpoch: settings.iterations, epochs: 1)
  }

  static func metrics(_ values: [String: Double]) -> [MetricValue] {
    tasks.compactMap { task in
      values[MetricKey.metric(metric.name, of: task, split: "test")].map {
        MetricValue(task: task, name: metric.name, split: "test", value: $0, higherIsBetter: false)
      }
    }
  }
}
