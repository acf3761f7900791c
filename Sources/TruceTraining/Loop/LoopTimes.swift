/// Where the time of a training loop went, in seconds.
public struct LoopTimes: Equatable, Sendable {
  /// All of it.
  public internal(set) var whole = 0.0
  /// The steps, the waiting for their data included.
  public private(set) var steps = 0.0
  /// The waiting of the steps for their data.
  public internal(set) var loader = 0.0
  /// What watches: logs, progress, checkpoints.
  public internal(set) var handlers = 0.0
  /// The measuring of splits.
  public internal(set) var evaluation = 0.0
  /// How many steps were taken.
  public private(set) var stepCount = 0
  /// When the first step had ended, by the loop's clock; nil before.
  public private(set) var firstStepEnd: Double?

  /// Adds a step.
  mutating func countStep(from start: Double, to end: Double) {
    steps += end - start
    stepCount += 1
    if firstStepEnd == nil { firstStepEnd = end }
  }
}
