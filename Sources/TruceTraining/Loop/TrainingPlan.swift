/// How long training goes on and how often it is measured.
public struct TrainingPlan: Sendable {
  /// How often the training data are gone through.
  public var epochs: Int
  /// Where to stop before the last epoch, in steps; nil for nowhere.
  public var maximumSteps: Int?
  /// Epochs between two measurements of the splits; the last epoch is always measured.
  public var evaluateEvery: Int

  /// Creates a plan.
  public init(epochs: Int, maximumSteps: Int? = nil, evaluateEvery: Int = 1) {
    self.epochs = epochs
    self.maximumSteps = maximumSteps
    self.evaluateEvery = evaluateEvery
  }

  /// Whether the splits are measured once this many epochs are complete.
  func isMeasured(epoch: Int) -> Bool {
    epoch == epochs || epoch % max(evaluateEvery, 1) == 0
  }
}
