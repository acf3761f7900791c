public import Truce

/// What became of one run from one start.
public struct ToyRun: Sendable {
  /// Where the run began.
  public let start: SIMD2<Double>
  /// The number of steps after which the criterion was first met, or nil where it never was.
  public internal(set) var iterationsToGlobalMinimum: Int?
  /// The last point.
  public internal(set) var final: ToyPoint
  /// Why the run ended before its last step, or nil where it did not.
  public internal(set) var stop: ToyStop?
  /// The recorded points.
  public internal(set) var trajectory: [ToyPoint] = []

  /// The run with at most so many recorded points between an iteration and twice that iteration, and the last point.
  ///
  /// Paths move most at their beginning, which equal distances would miss.
  public func thinned(perOctave count: Int) -> ToyRun {
    var run = self
    var next = 0
    run.trajectory = trajectory.filter { point in
      guard point.iteration >= next else { return false }
      next = point.iteration + max(1, point.iteration / count)
      return true
    }
    if let last = trajectory.last, run.trajectory.last != last { run.trajectory.append(last) }
    return run
  }
}

/// A point of a run.
public struct ToyPoint: Sendable, Equatable {
  /// The number of steps taken before it.
  public let iteration: Int
  /// Where it is.
  public let x: SIMD2<Double>
  /// `L₁` and `L₂` there.
  public let losses: SIMD2<Double>

  /// The mean loss `L₀` there.
  public var meanLoss: Double { (losses.x + losses.y) / 2 }
}

/// Why a run ended early.
public struct ToyStop: Sendable, Equatable {
  /// The number of steps taken before it.
  public let iteration: Int
  /// What the method or the loss ran into.
  public let reason: MethodError
}

/// Runs of the toy.
public enum Toy {
  /// Whether the toy has what a method needs; a rule inside the training step finds no layers to work on.
  public static func canRun(_ method: MethodDescription) -> Bool { method.kind != .wholeStep }

  /// Runs every setting from every start, several runs at a time, and returns the runs in the same order.
  ///
  /// - Throws: As ``run(from:settings:)``.
  public static func runs(
    of settings: [ToySettings], from starts: [SIMD2<Double>]
  ) async throws -> [[ToyRun]] {
    let jobs = settings.flatMap { setting in starts.map { (setting, $0) } }
    let runs = try await concurrentMap(jobs) { try run(from: $0.1, settings: $0.0) }
    return settings.indices.map { Array(runs[($0 * starts.count)..<(($0 + 1) * starts.count)]) }
  }

  /// Runs from one start.
  ///
  /// A run whose loss or gradient stops being finite, or whose method cannot go on, ends there and says why.
  ///
  /// - Throws: `MethodError` where the method is unknown, its options break a rule, or it cannot run on
  ///   the toy.
  /// - Complexity: O(iterations).
  public static func run(
    from start: SIMD2<Double>, settings: ToySettings
  ) throws(MethodError) -> ToyRun {
    switch settings.precision {
    case .float32:
      var runner = try ToyRunner<Float>(start: start, settings: settings)
      return runner.run()
    case .float64:
      var runner = try ToyRunner<Double>(start: start, settings: settings)
      return runner.run()
    }
  }
}
