public import TorchNN
public import TruceData

/// How long training goes on, how its learning rate moves and how often it is measured.
public struct TrainingPlan: Sendable {
  /// How often the training data are gone through.
  public var epochs: Int
  /// Where to stop before the last epoch, in steps; nil for nowhere.
  public var maximumSteps: Int?
  /// Epochs between two measurements of the splits; the last epoch is always measured.
  public var evaluateEvery: Int
  /// Steps between two measurements of the conflict; 0 for none.
  public var conflictEvery: Int
  /// How the learning rate moves from epoch to epoch.
  public var schedule: LearningRateSchedule
  /// The corruptions under which the test data are measured after the last epoch.
  public var corruptions: [Corruption]

  /// Creates a plan.
  public init(
    epochs: Int, maximumSteps: Int? = nil, evaluateEvery: Int = 1, conflictEvery: Int = 0,
    schedule: LearningRateSchedule = .planned(ConstantSchedule()), corruptions: [Corruption] = []
  ) {
    self.epochs = epochs
    self.maximumSteps = maximumSteps
    self.evaluateEvery = evaluateEvery
    self.conflictEvery = conflictEvery
    self.schedule = schedule
    self.corruptions = corruptions
  }

  /// Whether the splits are measured once this many epochs are complete.
  func isMeasured(epoch: Int) -> Bool {
    epoch == epochs || epoch % max(evaluateEvery, 1) == 0
  }

  /// Whether the conflict is measured at a step, counted from 0.
  func measuresConflict(step: Int) -> Bool {
    conflictEvery > 0 && step % conflictEvery == 0
  }
}

/// Where training stands: with network, optimizer and step, all that the next step depends on.
public struct TrainingProgress: Codable, Equatable, Sendable {
  /// Epochs, batches and steps.
  public var position = TrainingPosition()
  /// Seconds of training so far.
  public var seconds = 0.0
  /// What the current epoch has gathered.
  public var means = RunningMeans()
  /// The latest value under every metric key.
  public var lastValues: [String: Double] = [:]
  /// The score of the best epoch so far; higher is better.
  public var bestScore: Double?
  /// What a plateau schedule remembers.
  public var plateau: PlateauSchedule.State?

  /// The beginning.
  public init() {}
}
