import RealModule

/// Smooth Tchebycheff scalarisation: a soft maximum of the preferred losses.
///
/// The total loss is `μ log Σ exp(λᵢ (Lᵢ − zᵢ)/μ)` with preferences λ, an ideal point z and a smoothing μ;
/// as μ falls it nears the largest term. With `y = λ (L − z)`, `wᵢ = λᵢ softmax(y/μ)ᵢ`.
///
/// The form `log` is that of the authors' experiments: `μ K log Σ exp(yᵢ/μ)` with `yᵢ = log(Lᵢ/nᵢ)`, where
/// the nadir n is the mean loss of the epoch after `warmup_epochs` epochs; until it is known the total is
/// `Σ log Lᵢ`.
///
/// - Note: The authors' code shifts the terms by their largest and does not add it back, which changes the
///   value of the total and not its gradient.
/// - Source: X. Lin et al., "Smooth Tchebycheff Scalarization for Multi-Objective Optimization", ICML 2024,
///   arXiv 2402.19078; the form `log` from the repository Xi-L/STCH.
public struct STCH: LossWeighting {
  static let mu = Parameter<Double>.positive(
    "mu", default: 1, "Smoothing; the smaller, the nearer to the largest loss.")
  static let preference = Parameter<TaskValues?>.preference()
  static let reference = Parameter<TaskValues>.finite(
    "reference", default: 0, "Ideal point subtracted from the losses.")
  static let form = Parameter<Form>.any(
    "form", default: .linear, "Whether the losses or their logarithms over the nadir are compared.")
  static let warmUpEpochs = Parameter<Int>.atLeast(
    0, "warmup_epochs", default: 4, "Epochs before the one whose mean losses are the nadir of the form log.")

  /// What is compared.
  public enum Form: String, ParameterValue, CaseIterable {
    /// The losses times their preferences.
    case linear
    /// The logarithms of the losses over the nadir.
    case log
  }

  /// The smoothing μ.
  public let mu: Double
  /// The preferences λ; nil gives each task 1/K.
  public let preference: TaskValues?
  /// The ideal point z.
  public let reference: TaskValues
  /// What is compared.
  public let form: Form
  /// The epochs before the one whose mean losses are the nadir.
  public let warmUpEpochs: Int

  /// Creates the weighting.
  ///
  /// - Throws: `OptionError` where a value breaks its
  ///   rule.
  public init(
    mu: Double = 1, preference: TaskValues? = nil, reference: TaskValues = 0, form: Form = .linear,
    warmUpEpochs: Int = 4
  ) throws(OptionError) {
    self.mu = try Self.mu.checked(mu, for: Self.about.name)
    self.preference = try Self.preference.checked(preference, for: Self.about.name)
    self.reference = try Self.reference.checked(reference, for: Self.about.name)
    self.form = form
    self.warmUpEpochs = try Self.warmUpEpochs.checked(warmUpEpochs, for: Self.about.name)
  }

  /// Creates the weighting from named options.
  public init(options: Options) throws(OptionError) {
    mu = try options.value(of: Self.mu)
    preference = try options.value(of: Self.preference)
    reference = try options.value(of: Self.reference)
    form = try options.value(of: Self.form)
    warmUpEpochs = try options.value(of: Self.warmUpEpochs)
  }

  /// The epochs seen and the nadir once known.
  public struct Nadir: Codable, Equatable, Sendable {
    var endedEpochs = 0
    var losses: [Double]?
  }

  /// No nadir yet.
  public func initialState(taskCount: Int) -> Nadir { Nadir() }

  /// Returns the derivative of the total with respect to each loss.
  ///
  /// - Throws: ``MethodError/lossOutOfDomain(method:task:rule:received:)`` in the form `log` where a loss
  ///   is not positive, ``MethodError/wrongCount(what:expected:received:)`` where a list does not fit the
  ///   tasks.
  /// - Complexity: O(K).
  public func weights(
    context: StepContext, state: inout Nadir, using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    try context.requireFiniteLosses()
    let losses = context.losses
    if form == .linear {
      let preference = try preference.preference(taskCount: losses.count)
      return zip(preference, softmax(try terms(losses))).map { $0 * $1 }
    }
    try context.requireLosses(above: 0, for: Self.about.name)
    guard let nadir = state.losses else { return losses.map { 1 / $0 } }
    let shares = softmax(logarithmicTerms(losses, nadir: nadir))
    return zip(shares, losses).map { Double(losses.count) * $0 / $1 }
  }

  /// Takes the mean losses of the epoch after the warm-up as the nadir.
  public func endEpoch(meanLosses: [Double], state: inout Nadir) throws(MethodError) {
    if state.endedEpochs == warmUpEpochs { state.losses = meanLosses }
    state.endedEpochs += 1
  }

  /// The exponents `λᵢ (Lᵢ − zᵢ)/μ` of the form `linear`.
  private func terms(_ losses: [Double]) throws(MethodError) -> [Double] {
    let preference = try preference.preference(taskCount: losses.count)
    let reference = try reference.values(taskCount: losses.count, what: "reference losses")
    return losses.indices.map { preference[$0] * (losses[$0] - reference[$0]) / mu }
  }

  /// The exponents `log(Lᵢ/nᵢ)/μ` of the form `log`.
  private func logarithmicTerms(_ losses: [Double], nadir: [Double]) -> [Double] {
    zip(losses, nadir).map { Double.log($0 / $1) / mu }
  }

  /// The total loss; in the form `log` with this nadir.
  func total(_ losses: [Double], nadir: [Double] = []) throws(MethodError) -> Double {
    if form == .linear { return mu * logSumExp(try terms(losses)) }
    return mu * Double(losses.count) * logSumExp(logarithmicTerms(losses, nadir: nadir))
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "stch",
    title: "STCH",
    summary: "Minimises a soft maximum of the preferred losses.",
    kind: .lossWeighting,
    paper: Citation(
      authors: "Lin et al.",
      title: "Smooth Tchebycheff Scalarization for Multi-Objective Optimization",
      year: 2024, venue: "ICML", address: "https://arxiv.org/abs/2402.19078"),
    formula: "L = μ log Σ exp(λᵢ (Lᵢ − zᵢ)/μ)",
    parameters: [
      mu.description, preference.description, reference.description, form.description,
      warmUpEpochs.description,
    ],
    needs: .epochEnds,
    cost: .lossWeighting,
    state: "the nadir of the form log",
    properties: [.permutationEquivariant, .nonNegativeWeights, .deterministic])
}
