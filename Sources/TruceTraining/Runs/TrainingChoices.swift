import Torch
import TorchNN
import Truce
import TruceData
import TruceModels
import TruceOptions
import TruceRun
import TruceTasks
import TruceTorch

/// What a configuration chooses, made without any data, so that a wrong choice is found before data are read.
struct TrainingChoices {
  let configuration: RunConfiguration
  let catalogues: Catalogues
  let device: Device
  let method: AnyMethod
  let weighting: (any LossWeighting)?
  let convention: GradientConvention
  let schedule: LearningRateSchedule
  let rule: any UpdateRule
  let corruptions: [Corruption]
  let problem: ProblemEntry
  let network: NetworkChoice
  let metrics: [MetricEntry]

  init(_ configuration: RunConfiguration, _ catalogues: Catalogues) throws {
    self.configuration = configuration
    self.catalogues = catalogues
    device = try Device(configured: configuration.device)
    let preset = try configuration.preset.map { try Preset.named($0) }
    convention = preset?.convention(for: configuration.method) ?? GradientConvention()
    let options = preset?.options(for: configuration.method, refinedBy: configuration.options)
    method = try catalogues.methods.method(
      named: configuration.method, options: options ?? configuration.options)
    weighting = try configuration.weighting.map {
      try catalogues.methods.weighting(named: $0, options: configuration.weightingOptions)
    }
    schedule = try ScheduleCatalogue.schedule(
      named: configuration.schedule.rawValue, options: configuration.scheduleOptions)
    rule = try Self.rule(configuration)
    corruptions = try Corruption.named(configuration.corruptions ?? [])
    problem = try catalogues.problems.entry(named: configuration.problem)
    network = configuration.network(for: problem.about)
    metrics = try (configuration.metrics ?? []).map(catalogues.metrics.entry)
    try checkEntries()
    try checkFreezing()
  }

  private static func rule(_ configuration: RunConfiguration) throws -> any UpdateRule {
    var options = configuration.optimizerOptions
    options["learning_rate"] = .number(configuration.learningRate)
    return try OptimizerCatalogue.rule(named: configuration.optimizer.rawValue, options: options)
  }

  /// Refuses unknown trunks and architectures, and options of the wrong form.
  private func checkEntries() throws {
    try problem.about.check(configuration.options(of: problem.about))
    try catalogues.networks.trunks.entry(named: network.trunk).about.check(network.trunkOptions)
    try catalogues.networks.architectures.entry(named: network.architecture).about
      .check(network.architectureOptions)
  }

  /// Refuses to freeze parameters under a method that moves them itself.
  private func checkFreezing() throws {
    guard configuration.freeze != nil, !method.respectsFreezing else { return }
    throw TrainingError.incompatible(
      reason: "\(configuration.method) moves the shared parameters itself, so they cannot be frozen",
      help: "leave freeze out, or choose another method")
  }

  /// Loads the data and prepares the tasks, with their losses in other units and with further metrics where the
  /// configuration asks for them.
  func makeProblem() throws -> any Problem {
    let made = try problem.make(
      ProblemRequest(
        options: configuration.options(of: problem.about), tasks: configuration.tasks,
        batchSize: configuration.batchSize, evaluationBatchSize: configuration.evaluationBatchSize,
        seed: UInt64(configuration.seed), device: device,
        dtype: configuration.precision == .float64 ? .float64 : .float32))
    let scaled = try configuration.lossScales.map { try ScaledProblem(made, by: $0) } ?? made
    return metrics.isEmpty ? scaled : try MeasuredProblem(scaled, with: metrics)
  }
}

extension Corruption {
  private static let all = "all"

  /// The corruptions with these names; `all` stands for every one.
  fileprivate static func named(_ names: [String]) throws(TrainingError) -> [Corruption] {
    if names == [all] { return allCases }
    var corruptions: [Corruption] = []
    for name in names {
      guard let corruption = Corruption(rawValue: name) else { throw unknown(name) }
      corruptions.append(corruption)
    }
    return corruptions
  }

  private static func unknown(_ name: String) -> TrainingError {
    let known = allCases.map(\.rawValue)
    let closest = closestName(to: name, among: known + [all])
    return .incompatible(
      reason: "unknown corruption '\(name)'",
      help: closest.map { "did you mean '\($0)'?" } ?? "the corruptions are \(known.joined(separator: ", "))")
  }
}

extension Device {
  /// The device a configuration names; `auto` is the best one there.
  fileprivate init(configured name: String) throws {
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
