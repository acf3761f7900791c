/// Nash-MTL: the tasks bargain over the update, and each gains in proportion.
///
/// The weights satisfy `gᵢ · d = 1 / wᵢ`: the update in a ball that maximises the product of the tasks'
/// gains. A rescaled task gets the same update, and its length is `√K`.
///
/// A zero gradient gets weight 0; at a Pareto-stationary point all weights are 0 (``BargainingPoint``).
///
/// - Note: The authors' code approximates the weights by a sequence of convex programs, clips the update to
///   a length of 1 (`maximumNorm: 1`) and keeps the last weights where its solver fails; here they are
///   exact.
/// - Source: A. Navon et al., "Multi-Task Learning as a Bargaining Game", ICML 2022, arXiv 2202.01017,
///   Algorithm 1.
public struct NashMTL: GramianMethod {
  /// The weights last found, and how many steps have used them.
  public struct State: Codable, Equatable, Sendable {
    /// The weights, empty before the first step.
    public var weights: [Double] = []
    /// The number of steps since training began.
    public var stepCount = 0
  }

  static let updateInterval = Parameter<Int>.atLeast(
    1, "update_weights_every", default: 1, "The number of steps that share one set of weights.")
  static let maximumNorm = Parameter<Double?>.maximumNorm

  /// The number of steps that share one set of weights.
  public let updateInterval: Int
  /// The length to which a longer update is cut, or nil.
  public let maximumNorm: Double?

  /// Creates the method.
  ///
  /// - Throws: `OptionError`.
  public init(updateInterval: Int = 1, maximumNorm: Double? = nil) throws(OptionError) {
    self.updateInterval = try Self.updateInterval.checked(updateInterval, for: Self.about.name)
    self.maximumNorm = try Self.maximumNorm.checked(maximumNorm, for: Self.about.name)
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    updateInterval = try options.value(of: Self.updateInterval)
    maximumNorm = try options.value(of: Self.maximumNorm)
  }

  /// No weights yet.
  public func initialState(taskCount: Int) -> State { State() }

  /// −1, or nil where weights of an earlier step are used again.
  public var scalePower: Double? { updateInterval == 1 ? -1 : nil }

  /// Returns the weights of the bargain, or the last ones between updates.
  ///
  /// - Throws: ``MethodError/solverDidNotConverge(method:residual:tolerance:)``.
  /// - Complexity: O(K³) for each of about ten Newton steps.
  public func weights(
    gramian: Gramian, context: StepContext, state: inout State,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    if state.stepCount % updateInterval == 0 || state.weights.count != gramian.taskCount {
      let demands = [Double](repeating: 1, count: gramian.taskCount)
      let point = BargainingPoint(of: gramian, demands: demands, exponent: 1)
      try SolverAccuracy.require(point.residual, for: Self.about.name)
      state.weights = point.weights
    }
    state.stepCount += 1
    return maximumNorm.map { gramian.clipped(state.weights, to: $0) } ?? state.weights
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "nash-mtl",
    title: "Nash-MTL",
    summary: "Lets the tasks bargain over the update, so that each gains in proportion.",
    kind: .gramian,
    paper: Citation(
      authors: "Navon et al.", title: "Multi-Task Learning as a Bargaining Game",
      year: 2022, venue: "ICML", address: "https://arxiv.org/abs/2202.01017"),
    formula: "gᵢ·d = 1 / wᵢ, w > 0",
    parameters: [updateInterval.description, maximumNorm.description],
    cost: .gradientRows,
    state: "the last weights and a step count",
    properties: [
      .permutationEquivariant, .nonConflicting, .taskScaleInvariant, .commonScaleInvariant,
      .nonNegativeWeights, .deterministic,
    ],
    notes: [
      "The weights are exact; the authors' code approximates them and clips the update: max_norm=1.",
      "A zero gradient gets weight 0; at a Pareto-stationary point all weights are 0.",
    ])
}
