import RealModule

/// Scale-invariant weighting: the total loss is the sum of the logarithms of the task losses.
///
/// `L = Σ log(Lᵢ + a)` with a shift `a` of 0, so `wᵢ = 1/(Lᵢ + a)`. Without a shift, multiplying a task's
/// loss by a positive number changes nothing.
///
/// - Note: With a shift of 1 it is the variant of SamsungLabs/MTL, which is defined for a loss of 0 but
///   depends on the scale of the losses.
/// - Source: A. Navon et al., "Multi-Task Learning as a Bargaining Game", ICML 2022, arXiv 2202.01017,
///   where it is the baseline SI.
public struct ScaleInvariantWeighting: LossWeighting {
  static let shift = Parameter<Double>.atLeast(
    0, "shift", default: 0, "Number added to each loss inside the logarithm.")

  /// The number added to each loss inside the logarithm.
  public let shift: Double

  /// Creates the weighting.
  ///
  /// - Throws: `OptionError` where the shift is negative.
  public init(shift: Double = 0) throws(OptionError) {
    self.shift = try Self.shift.checked(shift, for: Self.about.name)
  }

  /// Creates the weighting from named options.
  public init(options: Options) throws(OptionError) {
    shift = try options.value(of: Self.shift)
  }

  /// Returns `1/(Lᵢ + a)`.
  ///
  /// - Throws: ``MethodError/lossOutOfDomain(method:task:rule:received:)`` where a logarithm does not exist.
  /// - Complexity: O(K).
  public func weights(
    context: StepContext, state: inout Stateless, using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    try context.requireLosses(above: -shift, for: Self.about.name)
    return context.losses.map { 1 / ($0 + shift) }
  }

  /// The total loss, `Σ log(Lᵢ + a)`.
  func total(_ losses: [Double]) -> Double {
    losses.reduce(0) { $0 + Double.log($1 + shift) }
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "si",
    title: "SI",
    summary: "Adds the logarithms of the task losses.",
    kind: .lossWeighting,
    paper: Citation(
      authors: "Navon et al.",
      title: "Multi-Task Learning as a Bargaining Game",
      year: 2022, venue: "ICML", address: "https://arxiv.org/abs/2202.01017"),
    formula: "L = Σ log Lᵢ, so wᵢ = 1/Lᵢ",
    parameters: [shift.description],
    cost: .lossWeighting,
    properties: [
      .permutationEquivariant, .taskScaleInvariant, .commonScaleInvariant, .nonNegativeWeights,
      .deterministic,
    ])
}
