public import Torch
public import TorchNN
import Truce
import TruceData
public import TruceModels
public import TruceRun
public import TruceTorch

/// The training loop: batches in, steps out, events to handlers.
///
/// It prints nothing and writes no file.
///
/// Everything the next step depends on is in the network, the optimizer, the step and ``progress``, so
/// that a checkpoint of these continues bit for bit on the CPU.
public final class Trainer {
  /// What is learned.
  public let problem: any Problem
  /// The network that learns it.
  public let network: any MultiTaskNetwork
  /// What turns losses into moved parameters.
  public let multiTaskStep: MultiTaskStep
  /// What layers with randomness of their own draw from.
  public let generator: Generator
  /// How long and how often.
  public let plan: TrainingPlan
  /// Where training stands, and what it has gathered in the current epoch.
  public internal(set) var progress = TrainingProgress()

  /// What watches training, told in this order.
  public var handlers: [any TrainingHandler]
  private let clock: StepClock
  private var resumedAt = 0.0
  /// The held-out batches of one round through them, for methods that learn from them.
  var validationBatches: (epoch: Int, batches: any EpochBatches)?

  /// Creates a trainer; nothing happens before ``run()``.
  public init(
    problem: any Problem, network: any MultiTaskNetwork, step: MultiTaskStep,
    generator: Generator, plan: TrainingPlan, handlers: [any TrainingHandler] = [],
    clock: StepClock = .system
  ) {
    self.problem = problem
    self.network = network
    multiTaskStep = step
    self.generator = generator
    self.plan = plan
    self.handlers = handlers
    self.clock = clock
  }

  /// Trains from where ``progress`` stands to the end of the plan.
  ///
  /// - Returns: How training ended.
  /// - Throws: What a handler threw to end training, or the error that made a step impossible.
  public func run() throws -> RunEnding {
    resumedAt = clock.seconds() - progress.seconds
    try notify(.began(beginning, progress.position))
    while progress.position.epoch < plan.epochs, !isAtLastStep {
      try trainEpoch()
    }
    let ending = RunEnding(
      epoch: progress.position.epoch, step: progress.position.step, seconds: seconds, status: .finished)
    try notify(.ended(ending))
    return ending
  }

  /// What updates the parameters.
  public var optimizer: Optimizer { multiTaskStep.optimizer }

  /// Seconds of training so far, over all its parts.
  public var seconds: Double { clock.seconds() - resumedAt }

  /// Remembers the score of the best epoch so far.
  func noteBest(_ score: Double) { progress.bestScore = score }

  // MARK: Loop

  private func trainEpoch() throws {
    network.setTraining(true)
    updateLearningRate()
    let batches = problem.trainingLoader.batches(
      epoch: progress.position.epoch, from: progress.position.batch)
    while !isAtLastStep {
      let start = clock.seconds()
      guard let batch = try batches.next() else { break }
      try step(batch, of: batches, since: start)
    }
    try endEpoch()
  }

  private func step(_ batch: Batch, of batches: any EpochBatches, since start: Double) throws {
    let pass = forward(batch)
    multiTaskStep.position = StepPosition(
      epoch: progress.position.epoch, iteration: progress.position.step)
    let report = try multiTaskStep.step(
      pass, further: furtherPasses(batches),
      measuresConflict: plan.measuresConflict(step: progress.position.step))
    progress.position.batch += 1
    progress.position.step += 1
    progress.seconds = seconds
    gather(report, of: batch)
    try notify(
      .stepped(
        StepEvent(
          position: progress.position, seconds: progress.seconds, stepSeconds: clock.seconds() - start,
          report: report, learningRate: optimizer.learningRates[0])))
  }

  private func endEpoch() throws {
    progress.position.epoch += 1
    progress.position.batch = 0
    let means = progress.means
    progress.means = RunningMeans()
    var values = means.values
    values["learning_rate"] = optimizer.learningRates[0]
    try endEpochOfMethod(means)
    followPlateau(means)
    let isMeasured = plan.isMeasured(epoch: progress.position.epoch) || isAtLastStep
    if isMeasured { values.merge(try evaluate()) { $1 } }
    if progress.position.epoch == plan.epochs || isAtLastStep { values.merge(try evaluateCorrupted()) { $1 } }
    progress.lastValues.merge(values) { $1 }
    progress.seconds = seconds
    try notify(
      .epochEnded(
        EpochEvent(
          position: progress.position, seconds: progress.seconds, values: values, isMeasured: isMeasured)))
  }

  private var isAtLastStep: Bool {
    plan.maximumSteps.map { progress.position.step >= $0 } ?? false
  }

  private func notify(_ event: TrainingEvent) throws {
    for handler in handlers { try handler.handle(event, of: self) }
  }

  private func updateLearningRate() {
    if case .planned(let schedule) = plan.schedule {
      optimizer.follow(schedule, at: progress.position.epoch, of: plan.epochs)
    }
  }

  /// Lowers the learning rate where the training loss has stopped falling.
  private func followPlateau(_ means: RunningMeans) {
    guard case .plateau(let schedule) = plan.schedule else { return }
    let losses = taskNames.compactMap { means[MetricKey.loss($0, split: "train")] }
    var state = progress.plateau ?? PlateauSchedule.State()
    optimizer.follow(schedule, after: losses.reduce(0, +), state: &state)
    progress.plateau = state
  }

  // MARK: Facts

  /// The tasks' names.
  public var taskNames: [String] { problem.tasks.map(\.name) }

  private var beginning: RunBeginning {
    RunBeginning(
      tasks: problem.tasks.map { TaskRecord(name: $0.name, metrics: $0.metricRecords) },
      sharedParameters: network.sharedParameters.elementCount,
      totalParameters: network.parameterCount,
      stepsPerEpoch: problem.trainingLoader.batchCount, epochs: plan.epochs)
  }
}
