/// COSMOS: a weighted sum that also rewards losses in the direction of the preference.
///
/// The total loss is `Σ rᵢ Lᵢ − λ cos(r, L)` with preferences r. With the unit vectors ρ of r and u of L,
/// `wᵢ = rᵢ − λ (ρᵢ − (ρ·u) uᵢ)/|L|`; weights may be negative. With a concentration `alpha` the preferences
/// are drawn at every step from a Dirichlet distribution.
///
/// - Note: The full method also feeds the preferences to the network; this is its objective alone. Where
///   all losses are 0 the cosine has no direction and its part is left out.
/// - Source: M. Ruchte and J. Grabocka, "Scalable Pareto Front Approximation for Deep Multi-Objective
///   Learning", ICDM 2021, arXiv 2103.13392.
public struct COSMOS: LossWeighting {
  static let lambda = Parameter<Double>.atLeast(
    0, "lambda", default: 1, "Strength of the cosine term; the paper uses 0.01 to 8.")
  static let preference = Parameter<TaskValues?>.preference()
  static let alpha = Parameter<Double?>(
    "alpha", default: .some(nil), rule: "greater than 0, or none",
    "Concentration of the Dirichlet distribution that preferences are drawn from; none keeps them."
  ) { $0.map { $0.isFinite && $0 > 0 } ?? true }

  /// The strength λ of the cosine term.
  public let lambda: Double
  /// The preferences r; nil gives each task 1/K.
  public let preference: TaskValues?
  /// The concentration of the Dirichlet distribution, or nil for fixed preferences.
  public let alpha: Double?

  /// Creates the weighting.
  ///
  /// - Throws: `OptionError` where a value breaks its
  ///   rule.
  public init(
    lambda: Double = 1, preference: TaskValues? = nil, alpha: Double? = nil
  ) throws(OptionError) {
    self.lambda = try Self.lambda.checked(lambda, for: Self.about.name)
    self.preference = try Self.preference.checked(preference, for: Self.about.name)
    self.alpha = try Self.alpha.checked(alpha, for: Self.about.name)
  }

  /// Creates the weighting from named options.
  public init(options: Options) throws(OptionError) {
    lambda = try options.value(of: Self.lambda)
    preference = try options.value(of: Self.preference)
    alpha = try options.value(of: Self.alpha)
  }

  /// Returns the derivative of the total with respect to each loss.
  ///
  /// - Throws: ``MethodError/wrongCount(what:expected:received:)`` where the preferences do not fit the
  ///   tasks.
  /// - Complexity: O(K).
  public func weights(
    context: StepContext, state: inout Stateless, using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    try context.requireFiniteLosses()
    let losses = context.losses
    var preference = try preference.preference(taskCount: losses.count)
    if let alpha {
      preference = generator.dirichlet(count: losses.count, concentration: alpha)
    }
    let length = norm(losses)
    guard length > 0 else { return preference }
    let unit = losses.map { $0 / length }
    let preferred = preference.map { $0 / norm(preference) }
    let cosine = dot(preferred, unit)
    return losses.indices.map {
      preference[$0] - lambda * (preferred[$0] - cosine * unit[$0]) / length
    }
  }

  /// The total loss for fixed preferences.
  func total(_ losses: [Double]) throws(MethodError) -> Double {
    let preference = try preference.preference(taskCount: losses.count)
    let product = dot(preference, losses)
    return product - lambda * product / (norm(preference) * norm(losses))
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "cosmos",
    title: "COSMOS",
    summary: "Adds the losses by preference and rewards losses in the preference's direction.",
    kind: .lossWeighting,
    paper: Citation(
      authors: "Ruchte and Grabocka",
      title: "Scalable Pareto Front Approximation for Deep Multi-Objective Learning",
      year: 2021, venue: "ICDM", address: "https://arxiv.org/abs/2103.13392"),
    formula: "L = Σ rᵢ Lᵢ − λ cos(r, L)",
    parameters: [lambda.description, preference.description, alpha.description],
    cost: .lossWeighting,
    properties: [.permutationEquivariant, .deterministic],
    notes: ["The network is not conditioned on the preference."])
}
