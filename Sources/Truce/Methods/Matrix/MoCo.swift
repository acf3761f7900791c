import RealModule

/// MoCo: weights are found from gradients tracked over time, which removes the bias of single batches.
///
/// In step k, from 1, with `β_k = β/k^σ` and `γ_k = γ/k^τ`, each task's tracked gradient follows its own,
/// `yᵢ ← yᵢ − β_k (yᵢ − Lᵢ gᵢ/|gᵢ|)`, the weights `λ ← softmax(λ − γ_k (Y Yᵀ + ρ I) λ)` descend the length
/// of the combination, and the update is `Σ λᵢ yᵢ`.
///
/// - Note: The paper projects the weights onto the simplex; its authors' code, which LibMTL follows, takes a
///   softmax and scales the gradients by loss over length.
/// - Source: H. Fernando et al., "Mitigating Gradient Bias in Multi-objective Learning: A Provably Convergent
///   Approach", ICLR 2023, Algorithm 1 (openreview.net/forum?id=dLAYGdKTi2).
public struct MoCo: MatrixMethod {
  static let beta = Parameter<Double>.inside(
    0...1, "beta", default: 0.5, "Step size of the tracked gradients.")
  static let betaDecay = Parameter<Double>.atLeast(
    0, "beta_sigma", default: 0.5, "Power of the step number that divides beta.")
  static let gamma = Parameter<Double>.atLeast(
    0, "gamma", default: 0.1, "Step size of the weights.")
  static let gammaDecay = Parameter<Double>.atLeast(
    0, "gamma_sigma", default: 0.5, "Power of the step number that divides gamma.")
  static let rho = Parameter<Double>.atLeast(
    0, "rho", default: 0, "Strength of the pull towards equal weights.")

  /// The step size of the tracked gradients.
  public let beta: Double
  /// The power of the step number that divides β.
  public let betaDecay: Double
  /// The step size of the weights.
  public let gamma: Double
  /// The power of the step number that divides γ.
  public let gammaDecay: Double
  /// The strength of the pull towards equal weights.
  public let rho: Double

  /// Creates the method.
  ///
  /// - Throws: `OptionError` where a value breaks its
  ///   rule.
  public init(
    beta: Double = 0.5, betaDecay: Double = 0.5, gamma: Double = 0.1, gammaDecay: Double = 0.5,
    rho: Double = 0
  ) throws(OptionError) {
    self.beta = try Self.beta.checked(beta, for: Self.about.name)
    self.betaDecay = try Self.betaDecay.checked(betaDecay, for: Self.about.name)
    self.gamma = try Self.gamma.checked(gamma, for: Self.about.name)
    self.gammaDecay = try Self.gammaDecay.checked(gammaDecay, for: Self.about.name)
    self.rho = try Self.rho.checked(rho, for: Self.about.name)
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    beta = try options.value(of: Self.beta)
    betaDecay = try options.value(of: Self.betaDecay)
    gamma = try options.value(of: Self.gamma)
    gammaDecay = try options.value(of: Self.gammaDecay)
    rho = try options.value(of: Self.rho)
  }

  /// The weights and the number of steps; the tracked gradients are the buffer `tracked`.
  public struct Weights: Codable, Equatable, Sendable {
    var weights: [Double]
    var stepCount = 0
  }

  /// Weights of 1/K.
  public func initialState(taskCount: Int) -> Weights {
    Weights(weights: [Double](repeating: 1 / Double(taskCount), count: taskCount))
  }

  /// Returns `Σ λᵢ yᵢ`.
  ///
  /// - Complexity: O(K² P).
  public func direction<Rows: GradientRows>(
    rows: Rows, context: StepContext, state: inout MatrixState<Weights, Rows.Vector>,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> Rows.Vector {
    try context.requireLosses(count: rows.taskCount)
    try context.requireFiniteLosses()
    state.scalars.stepCount += 1
    let step = Double(state.scalars.stepCount)
    let beta = beta / Double.pow(step, betaDecay)
    let before = state.buffers["tracked"] ?? rows.rows.map { $0.scaled(by: 0) }
    let tracked = rows.rows.indices.map { task in
      let row = rows.rows[task]
      let factor = context.losses[task] / (Double.sqrt(row.dot(row)) + 1e-8)
      return before[task].scaled(by: 1 - beta).adding(row, scaledBy: beta * factor)
    }
    state.buffers["tracked"] = tracked
    let tracking = Rows(rows: tracked)
    let weights = state.scalars.weights
    let slopes = zip(tracking.gramian().applied(to: weights), weights).map { $0 + rho * $1 }
    let gamma = gamma / Double.pow(step, gammaDecay)
    state.scalars.weights = softmax(zip(weights, slopes).map { $0 - gamma * $1 })
    return tracking.combined(with: state.scalars.weights)
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "moco",
    title: "MoCo",
    summary: "Weighs gradients that are tracked over time, so that single batches do not bias the weights.",
    kind: .matrix,
    paper: Citation(
      authors: "Fernando et al.",
      title: "Mitigating Gradient Bias in Multi-objective Learning: A Provably Convergent Approach",
      year: 2023, venue: "ICLR", address: "https://openreview.net/forum?id=dLAYGdKTi2"),
    formula: "yᵢ ← yᵢ − β_k (yᵢ − Lᵢ gᵢ/|gᵢ|), λ ← softmax(λ − γ_k (Y Yᵀ + ρ I) λ), d = Σ λᵢ yᵢ",
    parameters: [
      beta.description, betaDecay.description, gamma.description, gammaDecay.description, rho.description,
    ],
    needs: .losses,
    cost: MethodCost(backwardPasses: "K", memory: "4·K·P"),
    state: "a tracked gradient and a weight for each task",
    properties: [.permutationEquivariant, .deterministic])
}
