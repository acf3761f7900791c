import RealModule

/// SDMGrad: the common descent direction is found from two batches and pulled towards a preferred one.
///
/// With `M = G₁ G₂ᵀ` divided by the square of the mean gradient length, the weights descend along
/// `M (w + λ w̃)` by projected steps with momentum, starting from those of the step before; w̃ is the
/// preference. The third batch's gradients get the weights `(w + λ w̃)/(1 + λ)`.
///
/// - Note: The learning rate is 5 in LibMTL (the default here) and 10 in TorchJD and the authors'
///   reinforcement learning code; λ is 0.6 in the authors' class and 0.3 in their experiments (the default
///   here).
/// - Source: P. Xiao, H. Ban and K. Ji, "Direction-oriented Multi-objective Learning: Simple and Provable
///   Stochastic Algorithms", NeurIPS 2023, arXiv 2305.18409, Algorithm 1; the normalisation from section
///   6.1.
public struct SDMGrad: CrossGramianMethod {
  static let lambda = Parameter<Double>.atLeast(
    0, "lambda", default: 0.3, "Strength of the pull towards the preferred direction.")
  static let learningRate = Parameter<Double>.positive(
    "lr", default: 5, "Step size of the weights.")
  static let momentum = Parameter<Double>.share(
    "momentum", default: 0.5, "Momentum of the weights.")
  static let iterationCount = Parameter<Int>.atLeast(
    1, "n_iter", default: 20, "Steps of the weights for each step of the network.")
  static let preference = Parameter<TaskValues?>.preference()

  /// The strength λ of the pull.
  public let lambda: Double
  /// The step size of the weights.
  public let learningRate: Double
  /// The momentum of the weights.
  public let momentum: Double
  /// The steps of the weights for each step of the network.
  public let iterationCount: Int
  /// The preference w̃; nil gives each task 1/K.
  public let preference: TaskValues?

  /// Creates the method.
  ///
  /// - Throws: `OptionError` where a value breaks its
  ///   rule.
  public init(
    lambda: Double = 0.3, learningRate: Double = 5, momentum: Double = 0.5, iterationCount: Int = 20,
    preference: TaskValues? = nil
  ) throws(OptionError) {
    self.lambda = try Self.lambda.checked(lambda, for: Self.about.name)
    self.learningRate = try Self.learningRate.checked(learningRate, for: Self.about.name)
    self.momentum = try Self.momentum.checked(momentum, for: Self.about.name)
    self.iterationCount = try Self.iterationCount.checked(iterationCount, for: Self.about.name)
    self.preference = try Self.preference.checked(preference, for: Self.about.name)
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    lambda = try options.value(of: Self.lambda)
    learningRate = try options.value(of: Self.learningRate)
    momentum = try options.value(of: Self.momentum)
    iterationCount = try options.value(of: Self.iterationCount)
    preference = try options.value(of: Self.preference)
  }

  /// The weights w, 1/K at first.
  public func initialState(taskCount: Int) -> SimplexWeights { SimplexWeights(taskCount: taskCount) }

  /// Returns `(w + λ w̃)/(1 + λ)`.
  ///
  /// - Throws: ``MethodError/wrongCount(what:expected:received:)`` where the preference does not fit the
  ///   tasks.
  /// - Complexity: O(n K²) for n inner steps.
  public func weights(
    crossGramian: CrossGramian, context: StepContext, state: inout SimplexWeights,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    let pull = try preference.preference(taskCount: crossGramian.taskCount).map { lambda * $0 }
    let scale = Self.scale(of: crossGramian)
    var velocity = pull.map { _ in 0.0 }
    for _ in 0..<iterationCount {
      let slopes = crossGramian.applied(to: zip(state.weights, pull).map { $0 + $1 })
      velocity = zip(velocity, slopes).map { momentum * $0 + $1 / scale }
      state.weights = projectedOntoSimplex(
        zip(state.weights, velocity).map { $0 - learningRate * $1 })
    }
    return zip(state.weights, pull).map { ($0 + $1) / (1 + lambda) }
  }

  /// The square of the mean length of the gradients, from the diagonal without its negative entries.
  private static func scale(of matrix: CrossGramian) -> Double {
    let lengths = (0..<matrix.taskCount).map { Double.sqrt(max(matrix[$0, $0], 0)) }
    let mean = lengths.reduce(0, +) / Double(matrix.taskCount)
    return mean * mean + 1e-8
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "sdmgrad",
    title: "SDMGrad",
    summary: "Finds a common descent direction from two batches, pulled towards a preferred one.",
    kind: .crossGramian,
    paper: Citation(
      authors: "Xiao et al.",
      title: "Direction-oriented Multi-objective Learning: Simple and Provable Stochastic Algorithms",
      year: 2023, venue: "NeurIPS", address: "https://arxiv.org/abs/2305.18409"),
    formula: "w ← Proj(w − η M (w + λ w̃)), M = G₁ G₂ᵀ; d = Σ (w + λ w̃)ᵢ g³ᵢ/(1 + λ)",
    parameters: [
      lambda.description, learningRate.description, momentum.description, iterationCount.description,
      preference.description,
    ],
    needs: .extraBatches,
    cost: MethodCost(backwardPasses: "3K", memory: "2·K·P"),
    state: "a weight for each task",
    properties: [.permutationEquivariant, .nonNegativeWeights, .convexWeights, .deterministic])
}
