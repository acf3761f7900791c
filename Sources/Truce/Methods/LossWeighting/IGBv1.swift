/// IGBv1, improvable gap balancing: tasks far from what a first epoch reached get more weight.
///
/// The total loss is `Σ aᵢ log Lᵢ` with `a = K softmax(L/L_base)` held constant, so `wᵢ = aᵢ/Lᵢ`; until the
/// base losses are known `a = 1`. They are the mean training losses of the epoch `base_epoch`, or given
/// from outside.
///
/// - Source: Y. Dai, N. Fei and Z. Lu, "Improvable Gap Balancing for Multi-Task Learning", UAI 2023, arXiv
///   2307.15429; the base epoch from the repository YanqiDai/IGB4MTL.
public struct IGBv1: LossWeighting {
  static let baseLosses = Parameter<TaskValues?>.positive(
    "base_losses", "Losses that gaps are measured against; none takes those of the base epoch.")
  static let baseEpoch = Parameter<Int>.atLeast(
    0, "base_epoch", default: 1, "Epoch, from 0, whose mean training losses become the base.")

  /// The losses that gaps are measured against, or nil for those of the base epoch.
  public let baseLosses: TaskValues?
  /// The epoch whose mean training losses become the base.
  public let baseEpoch: Int

  /// Creates the weighting.
  ///
  /// - Throws: `OptionError` where a value breaks its
  ///   rule.
  public init(baseLosses: TaskValues? = nil, baseEpoch: Int = 1) throws(OptionError) {
    self.baseLosses = try Self.baseLosses.checked(baseLosses, for: Self.about.name)
    self.baseEpoch = try Self.baseEpoch.checked(baseEpoch, for: Self.about.name)
  }

  /// Creates the weighting from named options.
  public init(options: Options) throws(OptionError) {
    baseLosses = try options.value(of: Self.baseLosses)
    baseEpoch = try options.value(of: Self.baseEpoch)
  }

  /// The epochs seen and the base losses once known.
  public struct Base: Codable, Equatable, Sendable {
    var endedEpochs = 0
    var losses: [Double]?
  }

  /// The base losses given from outside, if any.
  public func initialState(taskCount: Int) -> Base {
    Base(losses: baseLosses?.spread(over: taskCount))
  }

  /// Returns `K softmax(L/L_base)ᵢ / Lᵢ`.
  ///
  /// - Throws: ``MethodError/lossOutOfDomain(method:task:rule:received:)`` where a loss is not positive,
  ///   ``MethodError/wrongCount(what:expected:received:)`` where the base losses do not fit the tasks.
  /// - Complexity: O(K).
  public func weights(
    context: StepContext, state: inout Base, using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    try context.requireLosses(above: 0, for: Self.about.name)
    let losses = context.losses
    guard let base = state.losses else { return losses.map { 1 / $0 } }
    let bases = try TaskValues.each(base).values(taskCount: losses.count, what: "base losses")
    let shares = softmax(zip(losses, bases).map { $0 / $1 })
    return zip(shares, losses).map { Double(losses.count) * $0 / $1 }
  }

  /// Takes the mean losses of the base epoch where none were given.
  public func endEpoch(meanLosses: [Double], state: inout Base) throws(MethodError) {
    if state.losses == nil, state.endedEpochs == baseEpoch { state.losses = meanLosses }
    state.endedEpochs += 1
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "igbv1",
    title: "IGBv1",
    summary: "Gives more weight to tasks whose loss is still far from a base.",
    kind: .lossWeighting,
    paper: Citation(
      authors: "Dai et al.",
      title: "Improvable Gap Balancing for Multi-Task Learning",
      year: 2023, venue: "UAI", address: "https://arxiv.org/abs/2307.15429"),
    formula: "L = Σ aᵢ log Lᵢ, a = K softmax(L/L_base)",
    parameters: [baseLosses.description, baseEpoch.description],
    needs: .epochEnds,
    cost: .lossWeighting,
    state: "the base losses",
    properties: [
      .permutationEquivariant, .taskScaleInvariant, .commonScaleInvariant, .nonNegativeWeights,
      .deterministic,
    ])
}
