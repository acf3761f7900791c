import RealModule

/// ExcessMTL: tasks far from their optimum get more weight, however noisy their labels.
///
/// The excess risk of a task is estimated as `eᵢ = Σ_p g²ᵢₚ/√(Sᵢₚ + 10⁻⁷)`, where `Sᵢ` sums the squared
/// gradients of all steps, and is divided by its first value (or its mean over `warmup_steps`). The weights
/// grow as `wᵢ ← wᵢ exp(η eᵢ)`, renormalised.
///
/// - Note: The authors' code uses the first estimate as it is, not divided by itself, which makes the first
///   update depend on the scale of the gradients; `raw_first_step` false leaves it at 1 for every task. The
///   weights are kept as logarithms, so they saturate instead of overflowing. TorchJD's settings are
///   `reduction` mean and a step size of 1; LibMTL's are the defaults.
/// - Source: Y. He et al., "Robust Multi-Task Learning with Excess Risks", ICML 2024, arXiv 2402.02009,
///   equations 6 to 9.
public struct ExcessMTL: MatrixMethod {
  static let stepSize = Parameter<Double>.positive(
    "robust_step_size", default: 1e-2, "Step size η of the weights.")
  static let warmUpSteps = Parameter<Int>.atLeast(
    0, "warmup_steps", default: 0,
    "Steps of equal weights whose mean excess risk is the base; 0 takes the first.")
  static let reduction = Parameter<Reduction>.any(
    "reduction", default: .sum, "Whether the weights add up to K or to 1.")
  static let rawFirstStep = Parameter<Bool>.any(
    "raw_first_step", default: true, "Whether the first estimate is used undivided, as in the authors' code.")

  /// The step size η.
  public let stepSize: Double
  /// The steps of equal weights.
  public let warmUpSteps: Int
  /// Whether the weights add up to K or to 1.
  public let reduction: Reduction
  /// Whether the first estimate is used undivided.
  public let rawFirstStep: Bool

  /// Creates the method.
  ///
  /// - Throws: `OptionError` where a value breaks its
  ///   rule.
  public init(
    stepSize: Double = 1e-2, warmUpSteps: Int = 0, reduction: Reduction = .sum, rawFirstStep: Bool = true
  ) throws(OptionError) {
    self.stepSize = try Self.stepSize.checked(stepSize, for: Self.about.name)
    self.warmUpSteps = try Self.warmUpSteps.checked(warmUpSteps, for: Self.about.name)
    self.reduction = reduction
    self.rawFirstStep = rawFirstStep
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    stepSize = try options.value(of: Self.stepSize)
    warmUpSteps = try options.value(of: Self.warmUpSteps)
    reduction = try options.value(of: Self.reduction)
    rawFirstStep = try options.value(of: Self.rawFirstStep)
  }

  /// The logarithms of the weights and the base risks; the sums of squares are the buffer `squares`.
  public struct Risks: Codable, Equatable, Sendable {
    var logarithms: [Double]
    var stepCount = 0
    var sum: [Double]
    var base: [Double]?
  }

  /// Equal weights.
  public func initialState(taskCount: Int) -> Risks {
    let zeros = [Double](repeating: 0, count: taskCount)
    return Risks(logarithms: zeros, sum: zeros)
  }

  /// Returns `Σ wᵢ gᵢ`.
  ///
  /// - Complexity: O(K P).
  public func direction<Rows: GradientRows>(
    rows: Rows, context: StepContext, state: inout MatrixState<Risks, Rows.Vector>,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> Rows.Vector {
    let squares = rows.rows.map { $0.multiplied(by: $0) }
    let sums = state.buffers["squares"].map { zip($0, squares).map { $0.adding($1, scaledBy: 1) } } ?? squares
    state.buffers["squares"] = sums
    let risks = zip(squares, sums).map { square, sum in
      square.divided(by: sum.adding(constant: 1e-7).squareRoots()).sum()
    }
    advance(&state.scalars, risks: risks)
    let total = reduction.total(taskCount: rows.taskCount)
    return rows.combined(with: softmax(state.scalars.logarithms).map { total * $0 })
  }

  /// Moves the logarithms of the weights by one step, except while warming up.
  private func advance(_ state: inout Risks, risks: [Double]) {
    state.stepCount += 1
    if state.stepCount <= warmUpSteps {
      state.sum = zip(state.sum, risks).map { $0 + $1 }
      return
    }
    let isFirst = state.base == nil
    let base =
      state.base ?? (warmUpSteps > 0 ? state.sum.map { $0 / Double(warmUpSteps) } : risks)
    state.base = base
    let usesRaw = isFirst && warmUpSteps == 0 && rawFirstStep
    let relative = usesRaw ? risks : zip(risks, base).map { $0 / ($1 + 1e-7) }
    let moved = zip(state.logarithms, relative).map { $0 + stepSize * $1 }
    // Only differences matter; the largest is kept at 0 so that a long run does not drift away.
    let largest = moved.max() ?? 0
    state.logarithms = moved.map { $0 - largest }
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "excess-mtl",
    title: "ExcessMTL",
    summary: "Gives more weight to tasks far from their own optimum.",
    kind: .matrix,
    paper: Citation(
      authors: "He et al.",
      title: "Robust Multi-Task Learning with Excess Risks",
      year: 2024, venue: "ICML", address: "https://arxiv.org/abs/2402.02009"),
    formula: "wᵢ ← wᵢ exp(η eᵢ/eᵢ(0)), eᵢ = Σ g²ᵢ/√(Σₜ g²ᵢ)",
    parameters: [
      stepSize.description, warmUpSteps.description, reduction.description, rawFirstStep.description,
    ],
    cost: MethodCost(backwardPasses: "K", memory: "4·K·P"),
    state: "a sum of squared gradients and a weight for each task",
    properties: [.permutationEquivariant, .deterministic])
}
