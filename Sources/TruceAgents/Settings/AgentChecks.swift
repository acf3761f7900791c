import Torch
import TorchNN
import Truce
import TruceEnvironments
import TruceTorch
import TruceTraining

// What does not go together is refused before anything is trained.

extension AgentRequest {
  /// Makes sure that settings, environments and method go together.
  ///
  /// - Throws: `TrainingError.incompatible` with the fix.
  func check() throws {
    try checkEnvironments()
    try checkBatch()
    try checkTemperatures()
    try checkMethod()
  }

  private func refuse(_ reason: String, _ help: String) -> TrainingError {
    .incompatible(reason: reason, help: help)
  }

  // MARK: Environments

  private func checkEnvironments() throws(TrainingError) {
    let (learned, measured) = (training.about, evaluation.about)
    guard learned.tasks == measured.tasks, learned.observationSize == measured.observationSize,
      learned.actionSize == measured.actionSize
    else {
      throw refuse(
        "the agent learns \(learned.tasks.joined(separator: ", ")) and is measured on "
          + measured.tasks.joined(separator: ", "),
        "make both environments of the same tasks and options")
    }
    guard let limit = learned.stepLimit, settings.horizon > limit else { return }
    throw refuse(
      "a horizon of \(settings.horizon) steps is longer than an episode of \(learned.family) can be, \(limit)",
      "set horizon to at most \(limit)")
  }

  // MARK: Replay

  private func checkBatch() throws(TrainingError) {
    let taskCount = shape.taskCount
    let batch = settings.batchSize(taskCount: taskCount)
    let isBalanced = settings.replay == .perTask
    if isBalanced, batch % taskCount != 0 {
      throw refuse(
        "a batch of \(batch) transitions cannot be divided among \(taskCount) tasks",
        "set batch_size to a multiple of \(taskCount), or replay to uniform")
    }
    let needed = isBalanced ? batch / taskCount : (batch + taskCount - 1) / taskCount
    guard settings.replayCapacity >= needed else {
      throw refuse(
        "a replay of \(settings.replayCapacity) transitions a task is smaller than a batch, which takes \(needed)",
        "raise replay_capacity, or lower batch_size")
    }
    guard settings.firstUpdateStep >= needed else {
      throw refuse(
        "the first update comes after \(settings.firstUpdateStep) steps, and a batch takes \(needed) transitions a task",
        "set first_update to at least \(needed), or lower batch_size")
    }
  }

  // MARK: Temperatures

  private func checkTemperatures() throws(TrainingError) {
    if settings.taskWeights == .temperature, settings.temperatures == .shared {
      throw refuse(
        "task_weights: temperature weighs tasks by their own temperatures, and they share one",
        "set temperature to per-task, or task_weights to equal")
    }
    guard settings.temperatureGradient == .method else { return }
    if settings.scope == .critic {
      throw refuse(
        "the method is to move the temperatures, and applies to the critics only",
        "set temperature_gradient to plain, or applies_to to both")
    }
    if choice.needs.intersection([.extraBatches, .validationBatches]) != [] {
      throw refuse(
        "\(method.about.name) needs further batches, and the temperatures have none of their own",
        "set temperature_gradient to plain")
    }
  }

  // MARK: Method

  private func checkMethod() throws {
    let name = method.about.name
    if stepSettings.target == .features || method.about.needs.contains(.featureGradients) {
      throw refuse(
        "\(name) is to look at the features that tasks share, and an agent's tasks see states of their own",
        "set gradients to parameters, and choose another method than rotograd")
    }
    if case .wholeStep = method, settings.clipNorm != nil {
      throw refuse(
        "\(name) moves the parameters itself, so that clip_norm has no gradient to cut",
        "leave clip_norm out, or choose a gradient method")
    }
    guard settings.scope == .both else { return }
    do { try tryNegativeLosses() } catch let error as MethodError {
      guard case .lossOutOfDomain(let method, _, let rule, _) = error else { throw error }
      throw refuse(
        "\(method) needs losses of \(rule), and an actor's losses may be negative",
        "set applies_to to critic")
    }
  }

  /// Takes a step with negative losses on a network of a few numbers, to see whether the method allows them.
  private func tryNegativeLosses() throws {
    let taskCount = shape.taskCount
    let parameter = Tensor.ones([taskCount + 1]).requiringGrad()
    let partition = ParameterPartition(
      shared: [("probe", parameter)], heads: (0..<taskCount).map { _ in [] })
    let optimizer = Optimizer(NamedTensors([("probe", parameter)]), rule: try SGD(learningRate: 0))
    let step = try MultiTaskStep(
      method: method, weighting: weighting, partition: partition, optimizer: optimizer, settings: stepSettings
    )
    let pass = { Self.negativePass(parameter, taskCount) }
    _ = try step.step(pass(), further: [pass, pass])
  }

  private static func negativePass(_ parameter: Tensor, _ taskCount: Int) -> ForwardPass {
    ForwardPass(
      losses: (0..<taskCount).map { task in
        (parameter[task] * parameter[taskCount]).square() - Double(2 + task)
      }, again: { negativePass(parameter, taskCount) })
  }
}

extension MethodChoice {
  /// What method and weighting must be given.
  fileprivate var needs: MethodNeeds {
    guard let weighting else { return method.about.needs }
    return method.about.needs.union(AnyMethod.lossWeighting(weighting).about.needs)
  }
}

extension AgentRules {
  /// A rule for each part: the actor with its weight decay, the temperatures without any and with a rate of their own.
  ///
  /// - Throws: `TrainingError.incompatible` where the rule has no weight decay, `OptionError`.
  init(_ rule: any UpdateRule, _ settings: SACSettings) throws {
    critic = rule
    actor = settings.actorWeightDecay == 0 ? rule : try rule.with("weight_decay", settings.actorWeightDecay)
    let plain = rule.options["weight_decay"] == nil ? rule : try rule.with("weight_decay", 0)
    temperature = try settings.temperatureRate.map { try plain.with("learning_rate", $0) } ?? plain
  }
}

extension UpdateRule {
  /// The rule with another value of an option.
  fileprivate func with(_ option: String, _ value: Double) throws -> any UpdateRule {
    let about = Self.about
    guard options[option] != nil else {
      throw TrainingError.incompatible(
        reason: "\(about.name) has no \(option), which the agent's settings ask for",
        help: "choose adam, or leave actor_weight_decay out")
    }
    let changed = options.merging([option: .number(value)]) { $1 }
    return try Self(options: Options(owner: about.name, parameters: about.parameters, values: changed))
  }
}
