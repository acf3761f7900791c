/// The clock that step timings are read from; injected, so that tests can stand still.
public struct StepClock: Sendable {
  /// Seconds since an arbitrary moment.
  public let seconds: @Sendable () -> Double

  /// Creates a clock.
  public init(seconds: @escaping @Sendable () -> Double) {
    self.seconds = seconds
  }

  /// The system's continuous clock.
  public static let system: StepClock = {
    let start = ContinuousClock.now
    return StepClock {
      let (seconds, attoseconds) = (ContinuousClock.now - start).components
      return Double(seconds) + Double(attoseconds) * 1e-18
    }
  }()
}

/// Seconds between the phases of a step.
public struct PhaseTimer {
  private let clock: StepClock
  private var last: Double

  /// Starts the first phase.
  public init(_ clock: StepClock) {
    self.clock = clock
    last = clock.seconds()
  }

  /// The seconds since the last call.
  public mutating func lap() -> Double {
    let now = clock.seconds()
    defer { last = now }
    return now - last
  }
}
