public import Torch
public import TorchNN
import Truce
public import TruceData
public import TruceModels
public import TruceRun
public import TruceTasks
public import TruceTorch

/// A network that learns tasks from labelled batches.
///
/// One batch's way: source → network → task losses → task gradients and weights → optimizer → ``LearnerStep``.
public final class SupervisedLearner: Learner {
  /// What is learned.
  public let problem: any Problem
  /// The network and the tasks that judge it.
  public let supervisedNetwork: SupervisedNetwork
  /// What turns losses into moved parameters.
  public let multiTaskStep: MultiTaskStep
  /// What layers with randomness of their own draw from.
  public let generator: Generator
  /// How the learning rate moves and how often the conflict is measured.
  public let settings: LearnerSettings

  /// What a plateau schedule remembers.
  var plateau: PlateauSchedule.State?
  private let further: FurtherPasses
  private let conflictMeter: ConflictMeter
  private var batches: (any EpochBatches)?

  /// Creates a learner.
  ///
  /// - Parameters:
  ///   - problem: What is learned.
  ///   - network: The network that learns it.
  ///   - step: What turns losses into moved parameters.
  ///   - generator: What layers with randomness of their own draw from.
  ///   - settings: How the learning rate moves and how often the conflict is measured.
  ///   - autocast: The narrower type in which the network's operations compute that bear it; nil for none.
  public init(
    problem: any Problem, network: any MultiTaskNetwork, step: MultiTaskStep, generator: Generator,
    settings: LearnerSettings, autocast: DType? = nil
  ) {
    self.problem = problem
    multiTaskStep = step
    self.generator = generator
    self.settings = settings
    supervisedNetwork = SupervisedNetwork(network, tasks: problem.tasks, autocast: autocast)
    further = FurtherPasses(supervisedNetwork, needs: step.needs, heldOut: problem.validationLoader)
    conflictMeter = ConflictMeter(
      every: problem.tasks.count > 1 ? settings.conflictEvery : 0,
      measuresParameters: step.settings.target == .parameters)
  }

  /// What updates the parameters.
  public var optimizer: Optimizer { multiTaskStep.optimizer }

  /// The network that learns.
  public var network: any MultiTaskNetwork { supervisedNetwork.network }

  /// The tasks' names.
  public var taskNames: [String] { supervisedNetwork.taskNames }

  /// What reading the batches of the epoch has cost so far.
  public var loaderStatistics: LoaderStatistics { batches?.statistics ?? LoaderStatistics() }

  /// The seconds in which the steps of the epoch waited for a batch to be read.
  public var waitedSeconds: Double { loaderStatistics.waitedSeconds }

  /// The tasks with their metrics, the sizes of the network and the steps of an epoch.
  public func beginning(epochs: Int) -> RunBeginning {
    RunBeginning(
      tasks: problem.tasks.map { task in
        TaskRecord(
          name: task.name, metrics: ConstantPredictor.records(of: task, on: problem.trainingLoader))
      },
      sharedParameters: network.sharedParameters.elementCount, totalParameters: network.parameterCount,
      stepsPerEpoch: problem.trainingLoader.batchCount, epochs: epochs)
  }

  /// The splits of the problem that are measured.
  public var splits: [String] { problem.evaluationLoaders.map(\.split) }

  /// The tasks' metrics on the split that decides.
  public var score: EpochScore {
    EpochScore(
      problem.tasks.flatMap { task in
        task.metricRecords.map { record in
          (
            key: MetricKey.metric(record.name, of: task.name, split: splits.first ?? "test"),
            higherIsBetter: record.higherIsBetter
          )
        }
      })
  }

  // MARK: Epochs

  /// Sets the learning rate of the epoch and opens its batches.
  public func beginEpoch(at position: TrainingPosition) {
    network.setTraining(true)
    (network as? any EpochFollowing)?.beginEpoch(position.epoch, of: settings.epochs)
    if case .planned(let schedule) = settings.schedule {
      optimizer.follow(schedule, at: position.epoch, of: settings.epochs)
    }
    batches = problem.trainingLoader.batches(epoch: position.epoch, from: position.batch)
  }

  /// Tells the weighting and the schedule how the epoch went.
  ///
  /// - Returns: The learning rate of the epoch, the number of steps in which the conflict was measured, and where the losses
  ///   are scaled the scale and the number of steps skipped for it so far.
  public func endEpoch(means: RunningMeans) throws -> [String: Double] {
    var values = settingsInForce
    values[MetricKey.gradientScaleSkips] = multiTaskStep.gradientScale.map { Double($0.skippedSteps) }
    let measured = means.totalWeight(of: MetricKey.conflictShare)
    if measured > 0 { values[MetricKey.conflictSteps] = measured }
    let losses = taskNames.compactMap { means[MetricKey.loss($0, split: "train")] }
    if losses.count == taskNames.count {
      try namingTasks { try multiTaskStep.endEpoch(meanLosses: losses) }
    }
    followPlateau(losses)
    return values
  }

  /// Lowers the learning rate where the training loss has stopped falling.
  private func followPlateau(_ losses: [Double]) {
    guard case .plateau(let schedule) = settings.schedule else { return }
    var state = plateau ?? PlateauSchedule.State()
    optimizer.follow(schedule, after: losses.reduce(0, +), state: &state)
    plateau = state
  }

  /// Measures every split: losses and metrics of every task.
  public func measure() throws -> [String: Double] {
    try problem.evaluationLoaders.reduce(into: [:]) { values, part in
      values.merge(try supervisedNetwork.measure(part.loader, split: part.split)) { $1 }
    }
  }

  // MARK: Steps

  /// Trains on the next batch of the epoch.
  public func step(
    at position: TrainingPosition, addingTo means: inout RunningMeans
  ) throws -> LearnerStep? {
    guard let batches, let batch = try batches.next() else { return nil }
    let isDue = conflictMeter.isDue(step: position.step)
    multiTaskStep.position = StepPosition(epoch: position.epoch, iteration: position.step)
    let report = try namingTasks {
      try multiTaskStep.step(
        supervisedNetwork.pass(batch), further: further.passes(step: position.step, of: batches),
        measuresConflict: isDue)
    }
    let conflict = conflictMeter.values(of: report)
    add(report, conflict, of: batch, to: &means)
    return LearnerStep(
      losses: report.losses, values: values(of: report).merging(conflict) { $1 },
      skipReason: report.skipReason.map { words(for: $0) }, isNotable: isDue)
  }

  /// Adds a step to the epoch's means.
  private func add(
    _ report: StepReport, _ conflict: [String: Double], of batch: Batch, to means: inout RunningMeans
  ) {
    for (name, loss) in zip(taskNames, report.losses) {
      guard let loss, loss.isFinite else { continue }
      let weight = Double(batch.count(ofTask: name))
      means.add(loss, to: MetricKey.loss(name, split: "train"), weight: weight)
    }
    for (name, weight) in zip(taskNames, report.meanWeights ?? []) {
      means.add(weight, to: MetricKey.weight(name))
    }
    for (key, value) in conflict { means.add(value, to: key) }
  }

  /// The learning rate, and where the losses are scaled their scale.
  private var settingsInForce: [String: Double] {
    var values = ["learning_rate": optimizer.learningRates[0]]
    values[MetricKey.gradientScale] = multiTaskStep.gradientScale?.scale
    return values
  }

  /// What logs tell of a step, by `MetricKey`.
  private func values(of report: StepReport) -> [String: Double] {
    var values = settingsInForce
    for (name, loss) in zip(taskNames, report.losses) {
      values[MetricKey.loss(name, split: "train")] = loss
    }
    for (name, weight) in zip(taskNames, report.meanWeights ?? []) {
      values[MetricKey.weight(name)] = weight
    }
    return values
  }

  // MARK: Divergence

  /// Turns a method's complaint about a value that is not finite into ``Divergence``, with the task's name.
  private func namingTasks<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as MethodError {
      guard error.isAboutFiniteness else { throw error }
      throw Divergence(words(for: error))
    }
  }

  /// What a method's error says, with the task's name in place of its number.
  private func words(for error: MethodError) -> String {
    guard case .nonFinite(let task, let what) = error, taskNames.indices.contains(task) else {
      return error.description
    }
    return "the \(what) of task '\(taskNames[task])' is not finite"
  }
}

/// How a learner's learning rate moves and how often the conflict between its tasks is measured.
public struct LearnerSettings: Sendable {
  /// How the learning rate moves from epoch to epoch.
  public var schedule: LearningRateSchedule
  /// The epochs over which it moves.
  public var epochs: Int
  /// Steps between two measurements of the conflict in full; 0 for none.
  public var conflictEvery: Int

  /// Creates settings.
  public init(
    schedule: LearningRateSchedule = .planned(ConstantSchedule()), epochs: Int, conflictEvery: Int = 0
  ) {
    self.schedule = schedule
    self.epochs = epochs
    self.conflictEvery = conflictEvery
  }
}

extension StepReport {
  /// The weights on the task gradients, averaged over the groups; the loss weights where there are no others.
  public var meanWeights: [Double]? {
    guard let weights, let first = weights.first else { return lossWeights }
    return first.indices.map { task in
      weights.reduce(0) { $0 + $1[task] } / Double(weights.count)
    }
  }
}
