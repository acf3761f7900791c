import RealModule

/// Penalty-based boundary intersection: progress along the preference, with a penalty on straying from it.
///
/// With the unit preference u and `f = L − z`, the distance along it is `d₁ = f·u` and the distance to it
/// `d₂ = |f − d₁ u|`; the total loss is `d₁ + θ d₂`, so `w = u + θ (f − d₁ u)/d₂`. Weights may be negative.
///
/// - Note: As in TorchJD, 10⁻¹² is added under the root of d₂, so that the gradient is finite on the
///   preference's line.
/// - Source: Q. Zhang and H. Li, "MOEA/D: A Multiobjective Evolutionary Algorithm Based on Decomposition",
///   IEEE Transactions on Evolutionary Computation 11(6), 2007, section II (doi 10.1109/TEVC.2007.892759).
public struct PBI: LossWeighting {
  static let theta = Parameter<Double>.atLeast(
    0, "theta", default: 5, "Penalty on the distance to the preference's line.")
  static let preference = Parameter<TaskValues?>.preference()
  static let reference = Parameter<TaskValues>.finite(
    "reference", default: 0, "Ideal point subtracted from the losses.")

  /// The penalty θ.
  public let theta: Double
  /// The preference; nil gives each task 1/K.
  public let preference: TaskValues?
  /// The ideal point z.
  public let reference: TaskValues

  /// Creates the weighting.
  ///
  /// - Throws: `OptionError` where a value breaks its
  ///   rule.
  public init(
    theta: Double = 5, preference: TaskValues? = nil, reference: TaskValues = 0
  ) throws(OptionError) {
    self.theta = try Self.theta.checked(theta, for: Self.about.name)
    self.preference = try Self.preference.checked(preference, for: Self.about.name)
    self.reference = try Self.reference.checked(reference, for: Self.about.name)
  }

  /// Creates the weighting from named options.
  public init(options: Options) throws(OptionError) {
    theta = try options.value(of: Self.theta)
    preference = try options.value(of: Self.preference)
    reference = try options.value(of: Self.reference)
  }

  /// Returns the derivative of the total with respect to each loss.
  ///
  /// - Throws: ``MethodError/wrongCount(what:expected:received:)`` where a list does not fit the tasks.
  /// - Complexity: O(K).
  public func weights(
    context: StepContext, state: inout Stateless, using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    try context.requireFiniteLosses()
    let parts = try parts(context.losses)
    return zip(parts.unit, parts.offset).map { $0 + theta * $1 / parts.distance }
  }

  /// The total loss.
  func total(_ losses: [Double]) throws(MethodError) -> Double {
    let parts = try parts(losses)
    return parts.along + theta * parts.distance
  }

  /// The unit preference, the distance along it, the vector from its line to the losses and its length.
  private func parts(
    _ losses: [Double]
  ) throws(MethodError) -> (unit: [Double], along: Double, offset: [Double], distance: Double) {
    let preference = try preference.preference(taskCount: losses.count)
    let reference = try reference.values(taskCount: losses.count, what: "reference losses")
    let unit = preference.map { $0 / norm(preference) }
    let shifted = zip(losses, reference).map { $0 - $1 }
    let along = dot(shifted, unit)
    let offset = zip(shifted, unit).map { $0 - along * $1 }
    return (unit, along, offset, norm(offset + [1e-6]))
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "pbi",
    title: "PBI",
    summary: "Lowers the losses along a preference and penalises straying from it.",
    kind: .lossWeighting,
    paper: Citation(
      authors: "Zhang and Li",
      title: "MOEA/D: A Multiobjective Evolutionary Algorithm Based on Decomposition",
      year: 2007, venue: "IEEE Transactions on Evolutionary Computation",
      address: "https://doi.org/10.1109/TEVC.2007.892759"),
    formula: "L = d₁ + θ d₂, d₁ = (L−z)·u, d₂ = |L−z − d₁ u|",
    parameters: [theta.description, preference.description, reference.description],
    cost: .lossWeighting,
    properties: [.permutationEquivariant, .deterministic])
}
