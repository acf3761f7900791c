/// Remembers how long steps took, for the median in the summary.
public final class StepTimes: TrainingHandler {
  private var seconds: [Double] = []

  /// Creates an empty memory.
  public init() {}

  /// Takes in the time of a step.
  public func handle(_ event: TrainingEvent, at progress: TrainingProgress) {
    if case .stepped(let step) = event { seconds.append(step.seconds) }
  }

  /// The median time of a step, in seconds; nil before the first.
  public var median: Double? {
    guard !seconds.isEmpty else { return nil }
    let sorted = seconds.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
