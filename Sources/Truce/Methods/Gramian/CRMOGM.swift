/// CR-MOGM: smooths the weights of another Gramian method over the steps.
///
/// `wₜ = a wₜ₋₁ + (1 − a) ŵₜ`, where `ŵₜ` are the weights of the other method; the first step takes them as
/// they are. Smoothing takes out the bias that weights computed from the same noisy gradients bring in.
///
/// - Source: S. Zhou et al., "On the Convergence of Stochastic Multi-Objective Gradient Manipulation and
///   Beyond", NeurIPS 2022, Algorithm 1.
public struct CRMOGM<Inner: GramianMethod>: GramianMethod {
  /// The state of the other method and the last weights.
  public struct State: Codable, Sendable {
    /// The state of the other method.
    public var inner: Inner.State
    /// The last weights, or nil before the first step.
    public var weights: [Double]?
  }

  /// The method whose weights are smoothed.
  public let inner: Inner
  /// The share of the last weights, `a`.
  public let smoothing: Double

  /// Creates the method.
  ///
  /// - Throws: `OptionError` unless `a` lies in [0, 1].
  public init(of inner: Inner, alpha smoothing: Double = 0.9) throws(OptionError) {
    self.inner = inner
    self.smoothing = try CRMOGMOptions.smoothing.checked(smoothing, for: Self.about.name)
  }

  /// Creates the method from named options; those of the other method begin with `of.`.
  public init(options: Options) throws(OptionError) {
    inner = try Inner(options: Options(for: Inner.about, values: options.values(under: "of")))
    smoothing = try options.value(of: CRMOGMOptions.smoothing)
  }

  /// The other method's state, and no weights yet.
  public func initialState(taskCount: Int) -> State {
    State(inner: inner.initialState(taskCount: taskCount))
  }

  /// 0 where that is the other method's, else nil, since weights of several steps meet.
  public var scalePower: Double? { inner.scalePower == 0 ? 0 : nil }

  /// Returns the smoothed weights.
  public func weights(
    gramian: Gramian, context: StepContext, state: inout State,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    let fresh = try inner.weights(
      gramian: gramian, context: context, state: &state.inner, using: &generator)
    let last = state.weights ?? fresh
    let weights = zip(last, fresh).map { smoothing * $0 + (1 - smoothing) * $1 }
    state.weights = weights
    return weights
  }

  /// What is known about the method.
  public static var about: MethodDescription { CRMOGMOptions.about }
}

/// What all smoothed methods have in common.
enum CRMOGMOptions {
  static let inner = Parameter<String>(
    "of", default: "mgda", rule: "the name of a Gramian method", "The method whose weights are smoothed.",
    isValid: { !$0.isEmpty })
  static let smoothing = Parameter<Double>.inside(
    0...1, "alpha", default: 0.9, "The share of the last weights.")
  static let innerOptions = ParameterDescription(
    name: "of.*", type: "any", rule: "an option of that method", defaultValue: "none",
    summary: "The options of the method whose weights are smoothed, such as of.c for cagrad.")

  static let about = MethodDescription(
    name: "cr-mogm",
    title: "CR-MOGM",
    summary: "Smooths the weights of another Gramian method over the steps.",
    kind: .gramian,
    paper: Citation(
      authors: "Zhou et al.",
      title: "On the Convergence of Stochastic Multi-Objective Gradient Manipulation and Beyond",
      year: 2022, venue: "NeurIPS", address: "https://openreview.net/forum?id=ScwfQ7hdwyP"),
    formula: "wₜ = a wₜ₋₁ + (1 − a) ŵₜ",
    parameters: [inner.description, smoothing.description, innerOptions],
    needs: .losses,
    cost: .gradientRows,
    state: "the last weights and the other method's state",
    notes: [
      "The properties are those of the other method, in the first step.",
      "The losses are read only if the other method reads them.",
    ])

  /// Creates the smoothed method that the options name.
  static func method(_ options: Options) throws(MethodError) -> any GramianMethod {
    let name = try MethodError.reading { () throws(OptionError) in try options.value(of: Self.inner) }
    let inner = try Catalogue.method(named: name, options: options.values(under: "of"))
    guard case .gramian(let method) = inner else {
      throw .option(
        .invalidOption(owner: about.name, option: "of", rule: Self.inner.rule, received: name))
    }
    return try MethodError.reading { () throws(OptionError) in
      try smoothed(method, alpha: options.value(of: smoothing))
    }
  }

  private static func smoothed(
    _ method: some GramianMethod, alpha: Double
  ) throws(OptionError) -> any GramianMethod {
    try CRMOGM(of: method, alpha: alpha)
  }
}
