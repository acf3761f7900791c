/// SVFair (VolDet): fair weights by how far each task's gradient points from the others'.
///
/// The conflict among a set of tasks is the determinant of the cosines between their gradients; the Shapley
/// values `φᵢ` share it among the tasks. With `u = softmax(φ / τ)` the weights satisfy
/// `(gᵢ · d)² = uᵢ / wᵢ`.
///
/// Up to 12 tasks the Shapley values are exact; for more they are averages over random orders of the tasks,
/// `samples` sets in all. A zero gradient gets weight 0; at a Pareto-stationary point all weights are 0
/// (``BargainingPoint``).
///
/// - Note: The authors sample sets of tasks; random orders give the same averages with one factorisation
///   for K sets. The variant VolDetPro, which also counts negative inner products, is not offered: its
///   published form leaves its sign open.
/// - Source: X. Wang et al., "From Gradient Volume to Shapley Fairness: Towards Fair Multi-Task Learning",
///   ICLR 2026 (https://openreview.net/forum?id=2PdLKGdtqW).
public struct SVFair: GramianMethod {
  /// The largest number of tasks for which all sets are visited.
  static let exactLimit = 12

  static let temperature = Parameter<Double>.positive(
    "temperature", default: 1, "The temperature of the softmax over the Shapley values.")
  static let samples = Parameter<Int>.atLeast(
    1, "samples", default: 1000, "The number of sets visited for more than 12 tasks.")

  /// The temperature of the softmax, `τ`.
  public let temperature: Double
  /// The number of sets visited for more than 12 tasks.
  public let samples: Int

  /// Creates the method.
  ///
  /// - Throws: `OptionError`.
  public init(temperature: Double = 1, samples: Int = 1000) throws(OptionError) {
    self.temperature = try Self.temperature.checked(temperature, for: Self.about.name)
    self.samples = try Self.samples.checked(samples, for: Self.about.name)
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    temperature = try options.value(of: Self.temperature)
    samples = try options.value(of: Self.samples)
  }

  /// −4/3.
  public var scalePower: Double? { -4.0 / 3 }

  /// Returns the fair weights for the tasks' Shapley values.
  ///
  /// - Throws: ``MethodError/solverDidNotConverge(method:residual:tolerance:)``.
  /// - Complexity: O(2ᴷ K²) up to 12 tasks, then O(samples K²).
  public func weights(
    gramian: Gramian, context: StepContext, state: inout Stateless,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    let unit = UnitGramian(gramian)
    let shares = softmax(shapleyValues(unit, using: &generator).map { $0 / temperature })
    let demands = unit.spread(shares.map { $0.squareRoot() }, taskCount: gramian.taskCount)
    let point = BargainingPoint(of: gramian, demands: demands, exponent: 0.5)
    try SolverAccuracy.require(point.residual, for: Self.about.name)
    return point.weights
  }

  private func shapleyValues(
    _ unit: UnitGramian, using generator: inout some RandomNumberGenerator
  ) -> [Double] {
    let game = VolumeShapley(cosines: unit.cosines)
    if unit.count <= Self.exactLimit { return game.exactValues() }
    return game.sampledValues(orders: (samples - 1) / unit.count + 1, using: &generator)
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "svfair",
    title: "SVFair",
    summary: "Finds fair weights by how far each task's gradient points from the others'.",
    kind: .gramian,
    paper: Citation(
      authors: "Wang et al.",
      title: "From Gradient Volume to Shapley Fairness: Towards Fair Multi-Task Learning",
      year: 2026, venue: "ICLR", address: "https://openreview.net/forum?id=2PdLKGdtqW"),
    formula: "(gᵢ·d)² = uᵢ / wᵢ, u = softmax(φ / τ), φ the Shapley values of v(S) = det C_S",
    parameters: [temperature.description, samples.description],
    cost: .gradientRows,
    properties: [.nonConflicting, .nonNegativeWeights],
    notes: [
      "The metric VolDet; exact and deterministic up to 12 tasks, sampled for more.",
      "A zero gradient gets weight 0; at a Pareto-stationary point all weights are 0.",
    ])
}
