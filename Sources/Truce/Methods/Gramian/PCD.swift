import RealModule

/// PCD: follows one task's gradient as closely as the progress owed to the others allows.
///
/// With `g̃ᵢ = gᵢ / √(v̂ᵢ + ε)`, where `v̂ᵢ` is a moving average of `|gᵢ|²`, the update is the nearest
/// vector to the first task's `g̃₁` with `g̃ⱼ · d ≥ τ |g̃ⱼ|²` for all others, at the length of `g₁`.
///
/// Degenerate inputs have these answers: a zero first gradient or a zero nearest vector gives a zero
/// update; demands that contradict each other are dropped and the update is `g₁`.
///
/// - Note: The authors' code tries all sets of constraints; here an active-set method finds the same vector.
/// - Source: "Not All Objectives Are Born Equal: Priority-Constrained Descent for Hierarchical
///   Multi-Objective Optimization", TMLR 2026, arXiv 2606.29521; the special cases are those of TorchJD
///   0.18.
public struct PCD: GramianMethod {
  /// The moving averages of the squared lengths.
  public struct State: Codable, Equatable, Sendable {
    /// The averages before the correction for their start at 0.
    public var squares: [Double]
    /// The number of steps since training began.
    public var stepCount = 0
  }

  static let progress = Parameter<TaskValues>.inside(
    0...1, "tau", default: 0.02,
    "The progress owed to each other task, as a share of a step along its gradient.")
  static let decay = Parameter<Double>(
    "beta", default: 0.999, rule: "at least 0 and less than 1", "The decay of the moving averages.",
    isValid: { (0..<1).contains($0) })
  static let epsilon = Parameter<Double>.atLeast(
    0, "eps", default: 1e-8, "A constant added to the averages.")

  /// The progress owed to the other tasks, `τ`: one number, or one for each task but the first.
  public let progress: TaskValues
  /// The decay of the moving averages, `β`.
  public let decay: Double
  /// A constant added to the averages, `ε`.
  public let epsilon: Double

  /// Creates the method.
  ///
  /// - Throws: `OptionError`.
  public init(
    tau progress: TaskValues = 0.02, beta decay: Double = 0.999, epsilon: Double = 1e-8
  ) throws(OptionError) {
    self.progress = try Self.progress.checked(progress, for: Self.about.name)
    self.decay = try Self.decay.checked(decay, for: Self.about.name)
    self.epsilon = try Self.epsilon.checked(epsilon, for: Self.about.name)
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    progress = try options.value(of: Self.progress)
    decay = try options.value(of: Self.decay)
    epsilon = try options.value(of: Self.epsilon)
  }

  /// Averages of 0.
  public func initialState(taskCount: Int) -> State {
    State(squares: [Double](repeating: 0, count: taskCount))
  }

  /// Returns the weights of the constrained direction and moves the averages.
  ///
  /// - Throws: ``MethodError/solverDidNotConverge(method:residual:tolerance:)``.
  /// - Complexity: O(K²) for each task that enters or leaves the active set.
  public func weights(
    gramian: Gramian, context: StepContext, state: inout State,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    let owed = try progress.values(taskCount: gramian.taskCount - 1, what: "numbers in 'tau'")
    let scales = scales(of: gramian.diagonal, state: &state)
    guard gramian[0, 0] > 0 else { return scales.map { _ in 0 } }
    let normalized = gramian.scaled(by: scales)
    let direction = try direction(normalized, owed: owed)
    let squaredLength = normalized.squaredNorm(of: direction)
    let reach = SolverAccuracy.reach(of: direction, in: normalized)
    let negligible = SolverAccuracy.negligibleShare(taskCount: gramian.taskCount)
    guard squaredLength > negligible * reach * reach else { return scales.map { _ in 0 } }
    let factor = Double.sqrt(gramian[0, 0] / squaredLength)
    return zip(direction, scales).map { $0 * $1 * factor }
  }

  private func scales(of squares: [Double], state: inout State) -> [Double] {
    state.stepCount += 1
    let correction = 1 - Double.pow(decay, state.stepCount)
    for i in squares.indices {
      state.squares[i] = decay * state.squares[i] + (1 - decay) * squares[i]
    }
    return state.squares.map { average in
      let root = Double.sqrt(average / correction + epsilon)
      return root > 0 ? 1 / root : 0
    }
  }

  /// The weights of the nearest vector to the first gradient that gives the others their due.
  private func direction(_ gramian: Gramian, owed: [Double]) throws(MethodError) -> [Double] {
    let unit = UnitGramian(gramian)
    let start = zip(unit.tasks, unit.lengths).map { $0 == 0 ? $1 : 0 }
    let demands = zip(unit.tasks, unit.lengths).map { $0 == 0 ? -.infinity : owed[$0 - 1] * $1 }
    var problem = ProjectionQuadratic(cosines: unit.cosines, start: start, demands: demands)
    problem.minimize()
    var weights = [Double](repeating: 0, count: gramian.taskCount)
    weights[0] = 1
    guard problem.isFeasible else { return weights }
    try SolverAccuracy.require(problem.residual, for: Self.about.name)
    for (index, task) in unit.tasks.enumerated() {
      weights[task] += problem.additions[index] / unit.lengths[index]
    }
    return weights
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "pcd",
    title: "PCD",
    summary: "Follows the first task's gradient as closely as the progress owed to the others allows.",
    kind: .gramian,
    paper: Citation(
      authors: "Varam et al.", title: "Not All Objectives Are Born Equal: Priority-Constrained Descent",
      year: 2026, venue: "TMLR", address: "https://arxiv.org/abs/2606.29521"),
    formula: "d ∝ argmin |d − g̃₁|² with g̃ⱼ·d ≥ τ |g̃ⱼ|², |d| = |g₁|",
    parameters: [progress.description, decay.description, epsilon.description],
    cost: .gradientRows,
    state: "a moving average of each gradient's squared length and a step count",
    properties: [.nonNegativeWeights, .deterministic],
    notes: [
      "The first task is the primary one.",
      "Demands that contradict each other are dropped; the update is then the first gradient.",
    ])
}
