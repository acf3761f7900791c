import Torch
import TorchNN
import Truce
import TruceData
import TruceModels
import TruceRun
import TruceTorch

/// The parts of a run, made from its configuration before anything is written.
struct TrainingAssembly {
  let configuration: RunConfiguration
  let device: Device
  let problem: any Problem
  let method: AnyMethod
  private let convention: GradientConvention
  private let weighting: (any LossWeighting)?
  private let schedule: LearningRateSchedule
  private let corruptions: [Corruption]

  init(_ configuration: RunConfiguration) throws {
    self.configuration = configuration
    device = try Device(configured: configuration.device)
    if configuration.threads > 0 { try Engine.setThreadCount(configuration.threads) }
    let preset = try configuration.preset.map { try Preset.named($0) }
    convention = preset?.convention(for: configuration.method) ?? GradientConvention()
    let options = preset?.options(for: configuration.method, refinedBy: configuration.options)
    method = try Catalogue.method(named: configuration.method, options: options ?? configuration.options)
    weighting = try Self.weighting(configuration)
    schedule = try ScheduleCatalogue.schedule(
      named: configuration.schedule.rawValue,
      options: configuration.scheduleOptions)
    problem = try Self.problem(configuration, device)
    corruptions = try Self.corruptions(configuration, of: problem)
    try checkFreezing()
  }

  /// The problem, with its losses in other units where the configuration asks for them.
  private static func problem(_ configuration: RunConfiguration, _ device: Device) throws -> any Problem {
    let problem = try ProblemCatalogue.make(named: configuration.problem, request(configuration, device))
    return try configuration.lossScales.map { try ScaledProblem(problem, by: $0) } ?? problem
  }

  /// Refuses to freeze parameters under a method that moves them itself.
  private func checkFreezing() throws {
    guard configuration.freeze != nil, !method.respectsFreezing else { return }
    throw TrainingError.incompatible(
      reason: "\(configuration.method) moves the shared parameters itself, so they cannot be frozen",
      help: "leave freeze out, or choose another method")
  }

  private static func request(_ configuration: RunConfiguration, _ device: Device) -> ProblemRequest {
    ProblemRequest(
      options: configuration.problemOptions, tasks: configuration.tasks, batchSize: configuration.batchSize,
      evaluationBatchSize: configuration.evaluationBatchSize, seed: UInt64(configuration.seed),
      device: device, dtype: configuration.precision == .float64 ? .float64 : .float32)
  }

  private static func weighting(_ configuration: RunConfiguration) throws -> (any LossWeighting)? {
    try configuration.weighting.map {
      try Catalogue.weighting(named: $0, options: configuration.weightingOptions)
    }
  }

  /// Makes network, optimizer and step from the seed.
  func makeLearner() throws -> SupervisedLearner {
    let generator = try Generator(seed: UInt64(configuration.seed), device: .cpu)
    let network = try makeNetwork(using: generator)
    if configuration.similarityEvery > 0 {
      _ = try SimilarityProbe(
        of: JudgedNetwork(network, tasks: problem.tasks), layers: configuration.similarityLayers)
    }
    let step = try MultiTaskStep(
      method: method, weighting: weighting, partition: network.partition,
      optimizer: makeOptimizer(network), settings: settings, seed: UInt64(configuration.seed))
    return SupervisedLearner(
      problem: problem, network: network, step: step, generator: generator,
      settings: LearnerSettings(
        schedule: schedule, epochs: configuration.epochs, conflictEvery: configuration.conflictEvery))
  }

  /// Puts a learner under a loop.
  func makeLoop(_ learner: SupervisedLearner) -> TrainingLoop {
    let plan = TrainingPlan(
      epochs: configuration.epochs, maximumSteps: configuration.maxSteps,
      evaluateEvery: configuration.evaluateEvery)
    return TrainingLoop(learner, plan: plan, score: score, evaluators: evaluators(of: learner.judged))
  }

  /// What is measured once after the last epoch.
  private func evaluators(of network: JudgedNetwork) -> [any Evaluator] {
    guard !corruptions.isEmpty, let clean = problem.evaluationLoaders.last?.loader else { return [] }
    return [CorruptionEvaluator(network, on: clean, corruptions: corruptions)]
  }

  private var settings: StepSettings {
    StepSettings(
      grouping: configuration.grouping, target: configuration.gradients, nonFinite: configuration.nonFinite,
      convention: convention)
  }

  private func makeOptimizer(_ network: any MultiTaskNetwork) throws -> Optimizer {
    var options = configuration.optimizerOptions
    options["learning_rate"] = .number(configuration.learningRate)
    let rule = try OptimizerCatalogue.rule(named: configuration.optimizer.rawValue, options: options)
    return optimizer(of: network, rule: rule)
  }

  /// What makes an epoch the best one: its metrics on the split that decides.
  private var score: EpochScore {
    let split = problem.evaluationLoaders.first?.split ?? "test"
    return EpochScore(
      problem.tasks.flatMap { task in
        task.metricRecords.map { record in
          (
            key: MetricKey.metric(record.name, of: task.name, split: split),
            higherIsBetter: record.higherIsBetter
          )
        }
      })
  }
}

extension Device {
  /// The device a configuration names; `auto` is the best one there.
  init(configured name: String) throws {
    if name == "auto" {
      self = Device.cudaCount > 0 ? .cuda(0) : .cpu
      return
    }
    guard let device = Device(name) else {
      throw TrainingError.incompatible(
        reason: "unknown device '\(name)'", help: "choose cpu, cuda, cuda:<index>, mps or auto")
    }
    try device.requireAvailable()
    self = device
  }
}
