/// Dynamic weight average: a loss that falls slower than the others gets more weight.
///
/// With `rᵢ = L̄ᵢ(e−1)/L̄ᵢ(e−2)`, the ratio of the mean losses of the last two epochs,
/// `w = K softmax(r/T)`; before two epochs have ended `w = 1`. With a window of `n` steps the ratio
/// compares the last `n` losses with the `n` before; the history starts as ones and the weights leave 1
/// after `n + 1` steps.
///
/// - Note: The window, 25 steps, is that of the Nash-MTL, FAMO and SamsungLabs/MTL repositories, which
///   besides average the weighted losses (`reduction` mean).
/// - Source: S. Liu, E. Johns and A. J. Davison, "End-to-End Multi-Task Learning with Attention", CVPR 2019,
///   arXiv 1803.10704, equation 7.
public struct DynamicWeightAverage: LossWeighting {
  static let temperature = Parameter<Double>.positive(
    "temperature", default: 2, "Temperature of the softmax; larger means more equal weights.")
  static let window = Parameter<Int?>(
    "window", default: .some(nil), rule: "a whole number, at least 1, or none",
    "Steps in each of the two windows compared; none compares epochs."
  ) { $0.map { $0 >= 1 } ?? true }
  static let reduction = Parameter<Reduction>.any(
    "reduction", default: .sum, "Whether the weighted losses are summed or averaged.")

  /// The temperature of the softmax.
  public let temperature: Double
  /// The steps in each window, or nil for epochs.
  public let window: Int?
  /// Whether the weighted losses are summed or averaged.
  public let reduction: Reduction

  /// Creates the weighting.
  ///
  /// - Throws: `OptionError` where the temperature or the
  ///   window is not positive.
  public init(
    temperature: Double = 2, window: Int? = nil, reduction: Reduction = .sum
  ) throws(OptionError) {
    self.temperature = try Self.temperature.checked(temperature, for: Self.about.name)
    self.window = try Self.window.checked(window, for: Self.about.name)
    self.reduction = reduction
  }

  /// Creates the weighting from named options.
  public init(options: Options) throws(OptionError) {
    temperature = try options.value(of: Self.temperature)
    window = try options.value(of: Self.window)
    reduction = try options.value(of: Self.reduction)
  }

  /// The losses to compare: the means of the last two epochs, or the losses of the last steps.
  public struct History: Codable, Equatable, Sendable {
    var losses: [[Double]] = []
    var stepCount = 0
  }

  /// An empty history, or one of ones.
  public func initialState(taskCount: Int) -> History {
    guard let window else { return History() }
    return History(losses: Array(repeating: [Double](repeating: 1, count: taskCount), count: 2 * window))
  }

  /// Returns `K softmax(r/T)`.
  ///
  /// - Throws: ``MethodError/lossOutOfDomain(method:task:rule:received:)`` where a mean loss to divide by
  ///   is 0.
  /// - Complexity: O(K), or O(K n) with a window of n steps.
  public func weights(
    context: StepContext, state: inout History, using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    try context.requireFiniteLosses()
    let factor = reduction.factor(taskCount: context.losses.count)
    var isWarm = state.losses.count == 2
    if let window {
      state.losses.removeFirst()
      state.losses.append(context.losses)
      isWarm = state.stepCount > window
      state.stepCount += 1
    }
    guard isWarm else { return context.losses.map { _ in factor } }
    let ratios = try ratios(in: state.losses)
    return softmax(ratios.map { $0 / temperature }).map { Double(ratios.count) * factor * $0 }
  }

  /// Keeps the mean losses of the last two epochs.
  public func endEpoch(meanLosses: [Double], state: inout History) throws(MethodError) {
    guard window == nil else { return }
    state.losses = Array((state.losses + [meanLosses]).suffix(2))
  }

  /// Returns the mean of the newer half of the losses over that of the older half, task by task.
  private func ratios(in losses: [[Double]]) throws(MethodError) -> [Double] {
    let half = losses.count / 2
    var ratios: [Double] = []
    for task in losses[0].indices {
      let older = losses[..<half].reduce(0) { $0 + $1[task] }
      let newer = losses[half...].reduce(0) { $0 + $1[task] }
      guard older != 0 else {
        throw .lossOutOfDomain(
          method: Self.about.name, task: task, rule: "different from 0 on average", received: older)
      }
      ratios.append(newer / older)
    }
    return ratios
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "dwa",
    title: "DWA",
    summary: "Gives more weight to losses that fall slower than the others.",
    kind: .lossWeighting,
    paper: Citation(
      authors: "Liu et al.",
      title: "End-to-End Multi-Task Learning with Attention",
      year: 2019, venue: "CVPR", address: "https://arxiv.org/abs/1803.10704"),
    formula: "w = K softmax(r/T), rᵢ = L̄ᵢ(e−1)/L̄ᵢ(e−2)",
    parameters: [temperature.description, window.description, reduction.description],
    needs: .epochEnds,
    cost: .lossWeighting,
    state: "the mean losses of two epochs, or the losses of two windows",
    properties: [
      .permutationEquivariant, .homogeneous, .linearUnderScaling, .nonNegativeWeights, .deterministic,
    ])
}
