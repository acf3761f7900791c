import Torch
import TorchNN
import Truce
public import TruceEnvironments
public import TruceRun
public import TruceTasks
import TruceTorch
public import TruceTraining

/// A multi-task soft actor-critic that learns in environments.
///
/// A step is one step of every environment and, from the first update on, an update: the agent acts, sends its actions,
/// updates from what it remembers while the environments are at work, then waits for them and remembers. The results are
/// those of one after the other, since an update sees nothing of the step it runs beside. An epoch is
/// ``SACSettings/epochSteps`` steps and ends with an evaluation on environments of their own.
public final class AgentLearner: ActingLearner, CheckpointFollowing {
  /// How it learns.
  public let settings: SACSettings
  /// The tasks' names, in order.
  public let taskNames: [String]
  /// What is learned with, and how it moves.
  let update: SACUpdate
  /// What acts and remembers.
  let collector: Collector
  /// The remembered rows in a file; nil where the agent is not to be resumed.
  var log: ReplayLog?
  /// What batches are drawn from the memory with; one for all where a draw decides whose transition it is.
  var replaySources: PerTask<RandomSource>
  /// What the actions that updates try are drawn with.
  var updateNoise: TaskNoise

  private let evaluationEnvironments: any TaskEnvironments
  private let schedule: any Schedule
  private let epochs: Int
  private let conflictEvery: Int

  /// Makes an agent.
  ///
  /// - Throws: `TrainingError.incompatible` where settings, environments and method do not go together, `MethodError`,
  ///   `OptionError` or `TorchError`.
  public init(_ request: AgentRequest) throws {
    try request.check()
    if request.threads > 0 { try Engine.setThreadCount(request.threads) }
    let (settings, streams) = (request.settings, RandomStreams(seed: request.seed))
    let networks = try SACNetworks(
      settings, request.shape, dtype: request.precision,
      using: Generator(seed: streams.seed(of: .firstWeights)))
    update = try SACUpdate(
      networks, settings, AgentRules(request.rule, settings), request.choice, streams)
    collector = Collector(request.training, settings, networks, streams)
    self.settings = settings
    taskNames = request.training.about.tasks
    log = request.replayFolder.map { ReplayLog(in: $0) }
    replaySources = streams.replaySources(settings.replay, taskCount: taskNames.count)
    updateNoise = TaskNoise(.updates, streams, taskCount: taskNames.count)
    evaluationEnvironments = request.evaluation
    (schedule, epochs) = (request.schedule, request.epochs)
    conflictEvery = taskNames.count > 1 ? request.conflictEvery : 0
  }

  /// What is learned with.
  var networks: SACNetworks { update.networks }

  /// What updates each part.
  var optimizers: [(name: String, optimizer: Optimizer)] {
    [
      ("actor", update.actorStep.optimizer), ("critics", update.criticStep.optimizer),
      ("temperatures", update.temperatureStep.optimizer),
    ]
  }

  /// The tasks with their metrics, the sizes of the networks and the steps of an epoch.
  public func beginning(epochs: Int) -> RunBeginning {
    let metrics = ["success", "return"].map { MetricRecord(name: $0, higherIsBetter: true) }
    let parts = [networks.actor.split(taskCount: 1), networks.critics.split(taskCount: 1)]
    return RunBeginning(
      tasks: taskNames.map { TaskRecord(name: $0, metrics: metrics) },
      sharedParameters: parts.reduce(0) { $0 + $1.shared.elementCount },
      totalParameters: networks.actor.parameterCount + networks.critics.parameterCount,
      stepsPerEpoch: settings.epochSteps, epochs: epochs,
      conditions: settings.conditions(in: evaluationEnvironments.about))
  }

  /// The environments it learns in and those it is measured in, by `EnvironmentRequest.Purpose`.
  public var environments: [String: EnvironmentsRecord] {
    [
      EnvironmentRequest.Purpose.training.rawValue: collector.environments.about,
      EnvironmentRequest.Purpose.evaluation.rawValue: evaluationEnvironments.about,
    ]
  }

  /// The evaluation, called `test`.
  public var splits: [String] { ["test"] }

  /// The tasks' shares of successes.
  public var score: EpochScore {
    EpochScore(
      taskNames.map { (key: MetricKey.metric("success", of: $0, split: "test"), higherIsBetter: true) })
  }

  // MARK: Epochs

  /// Sets the learning rates of the epoch.
  public func beginEpoch(at position: TrainingPosition) {
    for (_, optimizer) in optimizers { optimizer.follow(schedule, at: position.epoch, of: epochs) }
  }

  /// Tells the weightings how the epoch went.
  public func endEpoch(means: RunningMeans) throws -> [String: Double] {
    var values = ["learning_rate": update.criticStep.optimizer.learningRates[0]]
    let measured = means.totalWeight(of: MetricKey.conflictShare)
    if measured > 0 { values[MetricKey.conflictSteps] = measured }
    try namingTasks {
      try update.endEpoch(
        critic: taskNames.map { means[MetricKey.loss($0, split: "train")] },
        actor: taskNames.map { means[AgentKey.actorLoss($0)] })
    }
    return values
  }

  /// Plays episodes by the mean actions: each task's share of successes and mean return, by `MetricKey`.
  public func measure() throws -> [String: Double] {
    let evaluation = PolicyEvaluation(
      evaluationEnvironments, episodes: settings.evaluationEpisodes, horizon: settings.horizon)
    return try evaluation.run(actions).reduce(into: [:]) { values, outcome in
      values[MetricKey.metric("success", of: outcome.task, split: "test")] = outcome.successRate
      values[MetricKey.metric("return", of: outcome.task, split: "test")] = outcome.meanReturn
    }
  }

  /// The actions in the middle of the policy's distributions.
  ///
  /// - Parameter observations: Those of all tasks, task after task.
  /// - Returns: The actions of all tasks.
  public func actions(for observations: [Float]) -> [Float] {
    withoutGradients { networks.distribution(observations).center.toArray() }
  }

  // MARK: Steps

  /// Takes a step in every environment, and the updates that are due.
  public func step(
    at position: TrainingPosition, addingTo means: inout RunningMeans
  ) throws -> LearnerStep? {
    guard position.batch < settings.epochSteps else { return nil }
    try collector.send(position.step < settings.randomSteps ? .random : .actor)
    let isDue = conflictEvery > 0 && position.step % conflictEvery == 0
    let reports = try namingTasks {
      try (0..<settings.updates(atStep: position.step)).map { number in
        try takeUpdate(at: position, measuresConflict: isDue && number == 0)
      }
    }
    let episode = try collector.receive()
    return describe(reports, episode, &means)
  }

  private func takeUpdate(at position: TrainingPosition, measuresConflict: Bool) throws -> SACUpdate.Report {
    try checkReplay()
    update.position = StepPosition(epoch: position.epoch, iteration: position.step)
    return try update.take(
      drawInput(), further: { [self] in drawInput() }, measuresConflict: measuresConflict)
  }

  /// Throws where a task has nothing left in the replay, so that it would no longer be learned.
  ///
  /// The rows of all tasks come and go together. A replay as long as an episode always has the first step of one, which every
  /// task takes.
  private func checkReplay() throws(TrainingError) {
    guard let task = collector.memory.transitionCounts.firstIndex(of: 0) else { return }
    throw .incompatible(
      reason:
        "the replay of \(settings.replayCapacity) transitions a task holds none of '\(taskNames[task])' any more, which "
        + "ended early in an episode of up to \(settings.horizon) steps",
      help: "set replay_capacity to at least the horizon, \(settings.horizon)")
  }

  /// Draws a batch and what an update tries in its states.
  private func drawInput() -> UpdateInput {
    let count = settings.batchSize(taskCount: taskNames.count)
    let places =
      settings.replay == .perTask
      ? collector.memory.drawEach(count / taskNames.count, using: &replaySources)
      : collector.memory.drawAny(count, using: &replaySources[0])
    let batch = collector.memory.batch(
      places, networks.shape, dtype: networks.dtype, factors: collector.rewardFactors)
    return UpdateInput(batch, using: updateNoise)
  }

  // MARK: Divergence

  /// Turns a method's complaint about a value that is not finite into `Divergence`, with the task's name.
  private func namingTasks<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as PartError {
      guard error.error.isAboutFiniteness else { throw error.error }
      throw Divergence(error.words(taskNames))
    }
  }
}

extension SACSettings {
  /// What success rates depend on beside the agent: the environments' options, and how long and how often they are played.
  func conditions(in environments: EnvironmentsRecord) -> [String: String] {
    (environments.conditions ?? [:]).merging([
      TrialConditions.horizon: "\(horizon)", TrialConditions.episodes: "\(evaluationEpisodes)",
      TrialConditions.rewardScale: NumberText.exact(rewardScale),
      TrialConditions.rewardNormalization: rewardNormalization.rawValue,
    ]) { $1 }
  }

  /// The updates that are due before a step, counted from 0.
  func updates(atStep step: Int) -> Int {
    step < firstUpdateStep ? 0 : step == firstUpdateStep ? initialUpdates : updatesPerStep
  }
}
