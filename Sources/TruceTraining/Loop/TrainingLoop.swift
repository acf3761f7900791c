public import TruceRun
import TruceTasks
public import TruceTorch

/// The training loop: steps and epochs in, events to handlers.
///
/// It prints nothing and writes no file, and knows of the learner only that it takes steps and can be measured.
///
/// Everything the next step depends on is in the learner's state and in ``progress``, so that a checkpoint of these
/// continues bit for bit on the CPU.
public final class TrainingLoop {
  /// What learns.
  public let learner: any Learner
  /// How long and how often.
  public let plan: TrainingPlan
  /// Where training stands, and what it has gathered in the current epoch.
  public private(set) var progress = TrainingProgress()
  /// What was known as training began; nil before.
  public private(set) var beginning: RunBeginning?
  /// Where the time of ``run()`` went.
  public private(set) var times = LoopTimes()
  /// What watches training, told in this order.
  public var handlers: [any TrainingHandler]

  private let score: EpochScore
  private let evaluators: [any Evaluator]
  private let clock: StepClock
  private var resumedAt = 0.0

  /// Creates a loop; nothing happens before ``run()``.
  ///
  /// - Parameters:
  ///   - learner: What learns.
  ///   - plan: How long and how often.
  ///   - score: What makes an epoch the best one.
  ///   - evaluators: What is measured once more after the last epoch.
  ///   - handlers: What watches.
  ///   - clock: Where the time is read.
  public init(
    _ learner: any Learner, plan: TrainingPlan, score: EpochScore = EpochScore([]),
    evaluators: [any Evaluator] = [], handlers: [any TrainingHandler] = [], clock: StepClock = .system
  ) {
    self.learner = learner
    self.plan = plan
    self.score = score
    self.evaluators = evaluators
    self.handlers = handlers
    self.clock = clock
  }

  /// Lets training go on from where an earlier part of it stood, whose state the learner has.
  public func resume(at progress: TrainingProgress) { self.progress = progress }

  /// Trains from where ``progress`` stands to the end of the plan.
  ///
  /// What was learned is looked at once at the end of every epoch, so that a run that ends well is finite.
  ///
  /// - Returns: How training ended.
  /// - Throws: What a handler threw to end training, ``TrainingError/diverged(step:reason:)``, or the error that made
  ///   a step impossible.
  public func run() throws -> RunEnding {
    let start = clock.seconds()
    defer { times.whole += clock.seconds() - start }
    resumedAt = start - progress.seconds
    let beginning = learner.beginning(epochs: plan.epochs)
    self.beginning = beginning
    try notify(.began(beginning))
    while progress.position.epoch < plan.epochs, !isAtLastStep {
      try reportingDivergence { try trainEpoch() }
    }
    let ending = RunEnding(
      epoch: progress.position.epoch, step: progress.position.step, seconds: seconds, status: .finished)
    try notify(.ended(ending))
    return ending
  }

  /// Seconds of training so far, over all its parts.
  private var seconds: Double { clock.seconds() - resumedAt }

  private var isAtLastStep: Bool {
    plan.maximumSteps.map { progress.position.step >= $0 } ?? false
  }

  // MARK: Loop

  private func trainEpoch() throws {
    try learner.beginEpoch(at: progress.position)
    while !isAtLastStep {
      let start = clock.seconds()
      guard let step = try learner.step(at: progress.position, addingTo: &progress.means) else { break }
      progress.position.batch += 1
      progress.position.step += 1
      progress.seconds = seconds
      let end = clock.seconds()
      times.countStep(from: start, to: end)
      try notify(.stepped(StepEvent(seconds: end - start, step: step)))
    }
    try endEpoch()
  }

  private func endEpoch() throws {
    let means = progress.means
    times.loader += learner.waitedSeconds
    var values = means.values.merging(try learner.endEpoch(means: means)) { $1 }
    try learner.requireFiniteState(step: progress.position.step)
    progress.position.epoch += 1
    progress.position.batch = 0
    progress.means = RunningMeans()
    let isLast = progress.position.epoch == plan.epochs || isAtLastStep
    let isMeasured = isLast || plan.isMeasured(epoch: progress.position.epoch)
    try timing(\.evaluation) {
      if isMeasured { values.merge(try learner.measure()) { $1 } }
      if isLast { for evaluator in evaluators { values.merge(try evaluator.measure()) { $1 } } }
    }
    let isBest = isMeasured && score.takeIn(values, &progress.best)
    progress.lastValues.merge(values) { $1 }
    progress.seconds = seconds
    try notify(
      .epochEnded(EpochEvent(values: values, isMeasured: isMeasured, isBest: isBest, isLast: isLast)))
  }

  private func notify(_ event: TrainingEvent) throws {
    try timing(\.handlers) {
      for handler in handlers { try handler.handle(event, at: progress) }
    }
  }

  private func timing(_ part: WritableKeyPath<LoopTimes, Double>, _ body: () throws -> Void) rethrows {
    let start = clock.seconds()
    defer { times[keyPath: part] += clock.seconds() - start }
    try body()
  }

  /// Says at which step the learner met a value that is not finite.
  private func reportingDivergence(_ body: () throws -> Void) throws {
    do { try body() } catch let divergence as Divergence {
      throw TrainingError.diverged(step: progress.position.step + 1, reason: divergence.reason)
    }
  }
}

extension Learner {
  /// Makes sure that nothing that was learned is infinite or not a number.
  ///
  /// - Throws: ``TrainingError/diverged(step:reason:)``.
  func requireFiniteState(step: Int) throws(TrainingError) {
    if let part = nonFiniteState() { throw .diverged(step: step, reason: "\(part) is not finite") }
  }
}
