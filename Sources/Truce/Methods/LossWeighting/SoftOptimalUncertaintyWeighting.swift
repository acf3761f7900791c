/// Soft optimal uncertainty weighting: a softmax of the inverse losses.
///
/// `w = softmax((1/L)/T)`, with the losses held constant. The temperature `T` sets how far the weights lie
/// from equal; it is the only parameter and must be tuned.
///
/// - Source: L. Kirchdorfer et al., "Analytical Uncertainty-Based Loss Weighting in Multi-Task Learning",
///   GCPR 2024, arXiv 2408.07985.
public struct SoftOptimalUncertaintyWeighting: LossWeighting {
  static let temperature = Parameter<Double>.positive(
    "temperature", default: 1, "Temperature of the softmax; larger means more equal weights.")

  /// The temperature of the softmax.
  public let temperature: Double

  /// Creates the weighting.
  ///
  /// - Throws: `OptionError` where the temperature is not
  ///   positive.
  public init(temperature: Double = 1) throws(OptionError) {
    self.temperature = try Self.temperature.checked(temperature, for: Self.about.name)
  }

  /// Creates the weighting from named options.
  public init(options: Options) throws(OptionError) {
    temperature = try options.value(of: Self.temperature)
  }

  /// Returns the softmax of `1/(T Lᵢ)`.
  ///
  /// - Throws: ``MethodError/lossOutOfDomain(method:task:rule:received:)`` where a loss is not positive.
  /// - Complexity: O(K).
  public func weights(
    context: StepContext, state: inout Stateless, using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    try context.requireLosses(above: 0, for: Self.about.name)
    return softmax(context.losses.map { min(1 / ($0 * temperature), .greatestFiniteMagnitude) })
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "uw-so",
    title: "UW-SO",
    summary: "Weighs the losses by a softmax of their inverses.",
    kind: .lossWeighting,
    paper: Citation(
      authors: "Kirchdorfer et al.",
      title: "Analytical Uncertainty-Based Loss Weighting in Multi-Task Learning",
      year: 2024, venue: "GCPR", address: "https://arxiv.org/abs/2408.07985"),
    formula: "w = softmax((1/L)/T)",
    parameters: [temperature.description],
    cost: .lossWeighting,
    properties: [.permutationEquivariant, .nonNegativeWeights, .convexWeights, .deterministic])
}
