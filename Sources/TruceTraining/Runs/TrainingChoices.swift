package import Torch
import TorchNN
import Truce
import TruceData
import TruceEnvironments
import TruceModels
import TruceOptions
package import TruceRun
import TruceTasks
import TruceTorch

/// What is learned, and what learns it.
enum Subject {
  /// Labelled data, learned by a network.
  case labelled(ProblemEntry, NetworkChoice)
  /// Environments, in which an agent acts.
  case environments(EnvironmentEntry, AgentEntry)

  /// Whether it is learned on the processor alone: an agent acts one step at a time, where a graphics card gains nothing.
  fileprivate var staysOnProcessor: Bool {
    if case .environments = self { true } else { false }
  }
}

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
  let subject: Subject
  let metrics: [MetricEntry]
  private let scaling: GradientScaling?
  private let memoryShare: MemoryShare

  init(
    _ configuration: RunConfiguration, _ catalogues: Catalogues,
    memoryShare: MemoryShare = MemoryShare(processes: WorkerCommand.jobs())
  ) throws {
    self.configuration = configuration
    self.memoryShare = memoryShare
    self.catalogues = catalogues
    subject = try Self.subject(configuration, catalogues)
    device = try Device(configured: configuration.device, onProcessor: subject.staysOnProcessor)
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
    metrics = try (configuration.metrics ?? []).map(catalogues.metrics.entry)
    scaling = try configuration.scaling
    try checkEntries()
    try checkFreezing()
    try checkPrecision()
    try checkPlateau()
  }

  private static func rule(_ configuration: RunConfiguration) throws -> any UpdateRule {
    var options = configuration.optimizerOptions
    options["learning_rate"] = .number(configuration.learningRate)
    return try OptimizerCatalogue.rule(named: configuration.optimizer.rawValue, options: options)
  }

  /// What the configuration names as its problem, and what learns it.
  private static func subject(_ configuration: RunConfiguration, _ catalogues: Catalogues) throws -> Subject {
    let about = try catalogues.descriptions.problems.entry(named: configuration.problem)
    if let agent = configuration.agent(for: about) {
      return .environments(
        try catalogues.environments.entry(named: about.name), try catalogues.agents.entry(named: agent))
    }
    let problem = try catalogues.problems.entry(named: about.name)
    guard let network = configuration.network(for: about) else {
      throw CatalogueError.otherLearner(problem: about.name, expected: "network")
    }
    return .labelled(problem, network)
  }

  /// Refuses unknown trunks and architectures, and options of the wrong form.
  private func checkEntries() throws {
    switch subject {
    case .labelled(let problem, let network):
      try problem.about.check(configuration.options(of: problem.about))
      try catalogues.networks.trunks.entry(named: network.trunk).about.check(network.trunkOptions)
      try catalogues.networks.architectures.entry(named: network.architecture).about
        .check(network.architectureOptions)
    case .environments(let environments, let agent):
      try environments.about.check(configuration.problemOptions)
      try agent.about.check(configuration.agentOptions)
    }
  }

  /// Refuses to freeze parameters under a method that moves them itself.
  private func checkFreezing() throws {
    guard configuration.freeze != nil, !method.respectsFreezing else { return }
    throw TrainingError.incompatible(
      reason: "\(configuration.method) moves the shared parameters itself, so they cannot be frozen",
      help: "leave freeze out, or choose another method")
  }

  /// Refuses autocast where there is nothing to narrow, and both keys where an agent learns, in a configuration that was
  /// made and not read.
  private func checkPrecision() throws {
    let narrows = configuration.autocast != .none
    if narrows, configuration.precision == .float64 {
      throw TrainingError.incompatible(
        reason: "autocast narrows float32, and precision is float64", help: "leave one of them out")
    }
    guard case .environments = subject, narrows || scaling != nil else { return }
    throw TrainingError.incompatible(
      reason: "autocast and gradient_scaling are for networks that learn from labelled data",
      help: "leave them out: an agent computes in its own precision")
  }

  /// Refuses a plateau that takes a falling loss for no improvement.
  private func checkPlateau() throws {
    guard case .plateau(let plateau) = schedule, plateau.goal == .maximize else { return }
    throw TrainingError.incompatible(
      reason: "the schedule plateau follows the sum of the training losses, which is better when lower",
      help: "leave goal out of schedule_options")
  }

  /// What a step does beside the method's rule.
  var settings: StepSettings {
    StepSettings(
      grouping: configuration.grouping, target: configuration.gradients, memory: configuration.gradientMemory,
      memoryShare: memoryShare, nonFinite: configuration.nonFinite, convention: convention, scaling: scaling)
  }

  /// Loads the data and prepares the tasks, with their losses in other units and with further metrics where the
  /// configuration asks for them.
  func makeProblem(_ problem: ProblemEntry) throws -> any Problem {
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

extension TrainingChoices {
  /// Sets how many threads libtorch uses and what it may round.
  func setEngine() throws(TorchError) {
    if configuration.threads > 0 {
      try Engine.setThreadCount(configuration.threads)
    } else if let threads = ProcessorShare.threads(insteadOf: Engine.threadCount) {
      try Engine.setThreadCount(threads)
    }
    try configuration.tf32.apply()
  }
}

extension TF32Use {
  /// Tells libtorch what it may round.
  package func apply() throws(TorchError) {
    try Engine.setTF32(products: self == .all, convolutions: self != .none)
  }
}

extension Device {
  /// The device a configuration names; `auto` is the best one there.
  fileprivate init(configured name: String, onProcessor staysOnProcessor: Bool) throws {
    if name == "auto" {
      self = Device.cudaCount > 0 && !staysOnProcessor ? .cuda(0) : .cpu
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
