import RealModule

/// DB-MTL, dual balancing: losses are balanced by a logarithm, gradients by bringing them to one length.
///
/// The gradients are those of `log(Lᵢ + 10⁻⁸)`, smoothed over time: `bᵢ ← gᵢ + (β/k^σ) (bᵢ − gᵢ)` in step
/// k, from 1. The update is `Σ aᵢ bᵢ` with `aᵢ = maxⱼ |bⱼ| / (|bᵢ| + 10⁻⁸)`: every task's gradient as long
/// as the longest.
///
/// - Note: In LibMTL the heads descend the logarithms too; here they keep the gradients of their tasks,
///   unless a loss weighting stands in front.
/// - Source: B. Lin et al., "Dual-Balancing for Multi-Task Learning", 2023, arXiv 2308.12029, Algorithm 1.
public struct DBMTL: MatrixMethod {
  static let beta = Parameter<Double>.inside(
    0...1, "beta", default: 0.9, "Share of the smoothed gradient that is kept in the first step.")
  static let betaDecay = Parameter<Double>.atLeast(
    0, "beta_sigma", default: 0, "Power of the step number that divides beta.")

  /// The share of the smoothed gradient that is kept.
  public let beta: Double
  /// The power of the step number that divides β.
  public let betaDecay: Double

  /// Creates the method.
  ///
  /// - Throws: `OptionError` where a value breaks its
  ///   rule.
  public init(beta: Double = 0.9, betaDecay: Double = 0) throws(OptionError) {
    self.beta = try Self.beta.checked(beta, for: Self.about.name)
    self.betaDecay = try Self.betaDecay.checked(betaDecay, for: Self.about.name)
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    beta = try options.value(of: Self.beta)
    betaDecay = try options.value(of: Self.betaDecay)
  }

  /// The number of steps; the smoothed gradients are the buffer `smoothed`.
  public struct Steps: Codable, Equatable, Sendable {
    var count = 0
  }

  /// No step yet.
  public func initialState(taskCount: Int) -> Steps { Steps() }

  /// Returns the sum of the smoothed gradients at one length.
  ///
  /// - Throws: ``MethodError/lossOutOfDomain(method:task:rule:received:)`` where a loss is negative.
  /// - Complexity: O(K P).
  public func direction<Rows: GradientRows>(
    rows: Rows, context: StepContext, state: inout MatrixState<Steps, Rows.Vector>,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> Rows.Vector {
    try context.requireLosses(count: rows.taskCount)
    try context.requireNonNegativeLosses(for: Self.about.name)
    state.scalars.count += 1
    let kept = beta / Double.pow(Double(state.scalars.count), betaDecay)
    let before = state.buffers["smoothed"] ?? rows.rows.map { $0.scaled(by: 0) }
    let smoothed = rows.rows.indices.map { task in
      let ofLogarithm = (1 - kept) / (context.losses[task] + 1e-8)
      return before[task].scaled(by: kept).adding(rows.rows[task], scaledBy: ofLogarithm)
    }
    state.buffers["smoothed"] = smoothed
    let lengths = smoothed.map { Double.sqrt($0.dot($0)) }
    let longest = lengths.max() ?? 0
    return Rows(rows: smoothed).combined(with: lengths.map { longest / ($0 + 1e-8) })
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "db-mtl",
    title: "DB-MTL",
    summary: "Balances losses by a logarithm and gradients by one common length.",
    kind: .matrix,
    paper: Citation(
      authors: "Lin et al.",
      title: "Dual-Balancing for Multi-Task Learning",
      year: 2023, venue: "arXiv", address: "https://arxiv.org/abs/2308.12029"),
    formula: "bᵢ ← ∇log Lᵢ + (β/k^σ)(bᵢ − ∇log Lᵢ), d = Σ bᵢ maxⱼ |bⱼ|/|bᵢ|",
    parameters: [beta.description, betaDecay.description],
    needs: .losses,
    cost: MethodCost(backwardPasses: "K", memory: "3·K·P"),
    state: "a smoothed gradient for each task",
    properties: [.permutationEquivariant, .deterministic])
}
