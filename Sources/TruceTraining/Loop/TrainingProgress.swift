public import TruceTasks

/// How far training has come.
public struct TrainingPosition: Codable, Equatable, Sendable {
  /// Epochs completed.
  public var epoch = 0
  /// Batches of the current epoch completed.
  public var batch = 0
  /// Steps taken since training began.
  public var step = 0

  /// The beginning.
  public init() {}

  /// The steps taken before training goes on from here; nil at the beginning.
  public var resumedStep: Int? { self == TrainingPosition() ? nil : step }
}

/// Where training stands: with the learner's state, all that the next step depends on.
public struct TrainingProgress: Codable, Equatable, Sendable {
  /// Epochs, batches and steps.
  public var position = TrainingPosition()
  /// Seconds of training so far.
  public var seconds = 0.0
  /// What the current epoch has gathered.
  public var means = RunningMeans()
  /// The latest value under every metric key.
  public var lastValues: [String: Double] = [:]
  /// What is known of the best epoch so far; nil before the first measurement.
  public var best: BestEpoch?

  /// The beginning.
  public init() {}
}

extension TrainingProgress {
  /// Why training cannot stand here under a plan, in words; nil where it can.
  ///
  /// - Parameters:
  ///   - plan: How long training goes on.
  ///   - stepsPerEpoch: The batches of an epoch.
  func objection(under plan: TrainingPlan, stepsPerEpoch: Int) -> String? {
    let (epoch, batch, step) = (position.epoch, position.batch, position.step)
    guard (0...plan.epochs).contains(epoch) else { return "says epoch \(epoch) of \(plan.epochs)" }
    guard (0...stepsPerEpoch).contains(batch) else { return "says batch \(batch) of \(stepsPerEpoch)" }
    let (whole, overflows) = epoch.multipliedReportingOverflow(by: stepsPerEpoch)
    // A run that stops at a step ends its last epoch there, however many batches are left of it.
    let isCutShort = batch == 0 && step == plan.maximumSteps
    let isRight = !overflows && (step == whole + batch || (isCutShort && (1...max(whole, 1)).contains(step)))
    guard isRight else { return "says step \(step) where \(epoch) epochs and \(batch) batches are done" }
    return seconds.isFinite && seconds >= 0 ? nil : "says \(seconds) seconds of training"
  }
}
