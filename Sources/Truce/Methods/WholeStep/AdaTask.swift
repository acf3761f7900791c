import RealModule

/// AdaTask: the shared parameters have one Adam state for each task.
///
/// Every task's gradient has its own running mean `mᵢ` and square `vᵢ`, and the shared parameters move by
/// `−η Σ aᵢ m̂ᵢ/(√v̂ᵢ + ε)`. So every task adapts its own step, and the update does not change when a
/// task's loss is multiplied by a positive number. Heads use Adam as usual.
///
/// - Note: The paper also states the rule for AdaGrad and RMSProp; `mtl-io` gives every task an optimizer
///   of any kind.
/// - Source: E. Yang et al., "AdaTask: A Task-Aware Adaptive Learning Rate Approach to Multi-Task Learning",
///   AAAI 2023, arXiv 2211.15055.
public struct AdaTask: WholeStepMethod {
  static let taskWeights = Parameter<TaskValues>.atLeast(
    0, "weights", default: 1, "Weight of each task's step.")
  static let beta1 = Parameter<Double>.share(
    "beta1", default: 0.9, "Decay of the mean gradients.")
  static let beta2 = Parameter<Double>.share(
    "beta2", default: 0.999, "Decay of the mean squared gradients.")
  static let epsilon = Parameter<Double>.positive(
    "epsilon", default: 1e-8, "Number added to the root of the mean square.")

  /// The weight of each task's step.
  public let taskWeights: TaskValues
  /// The decay of the mean gradients.
  public let beta1: Double
  /// The decay of the mean squared gradients.
  public let beta2: Double
  /// The number added to the root of the mean square.
  public let epsilon: Double

  /// Creates the method.
  ///
  /// - Throws: `OptionError` where a value breaks its
  ///   rule.
  public init(
    taskWeights: TaskValues = 1, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8
  ) throws(OptionError) {
    self.taskWeights = try Self.taskWeights.checked(taskWeights, for: Self.about.name)
    self.beta1 = try Self.beta1.checked(beta1, for: Self.about.name)
    self.beta2 = try Self.beta2.checked(beta2, for: Self.about.name)
    self.epsilon = try Self.epsilon.checked(epsilon, for: Self.about.name)
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    taskWeights = try options.value(of: Self.taskWeights)
    beta1 = try options.value(of: Self.beta1)
    beta2 = try options.value(of: Self.beta2)
    epsilon = try options.value(of: Self.epsilon)
  }

  /// The number of steps; the running averages are the buffers `means` and `squares`.
  public struct Steps: Codable, Equatable, Sendable {
    var count = 0
  }

  /// No step yet.
  public func initialState(taskCount: Int) -> Steps { Steps() }

  /// Returns `Σ aᵢ m̂ᵢ/(√v̂ᵢ + ε)`: the shared parameters' step, against which they move by the learning
  /// rate.
  ///
  /// - Throws: ``MethodError/wrongCount(what:expected:received:)`` where the weights do not fit the tasks.
  /// - Complexity: O(K P).
  public func step<Rows: GradientRows>(
    rows: Rows, state: inout MatrixState<Steps, Rows.Vector>
  ) throws(MethodError) -> Rows.Vector {
    let weights = try taskWeights.values(taskCount: rows.taskCount, what: "task weights")
    let zeros = rows.rows.map { $0.scaled(by: 0) }
    let means = zip(state.buffers["means"] ?? zeros, rows.rows).map {
      $0.scaled(by: beta1).adding($1, scaledBy: 1 - beta1)
    }
    let squares = zip(state.buffers["squares"] ?? zeros, rows.rows).map {
      $0.scaled(by: beta2).adding($1.multiplied(by: $1), scaledBy: 1 - beta2)
    }
    state.buffers = ["means": means, "squares": squares]
    state.scalars.count += 1
    let meanCorrection = 1 - Double.pow(beta1, state.scalars.count)
    let squareCorrection = 1 - Double.pow(beta2, state.scalars.count)
    let steps = zip(means, squares).map { mean, square in
      let root = square.scaled(by: 1 / squareCorrection).squareRoots().adding(constant: epsilon)
      return mean.divided(by: root)
    }
    return Rows(rows: steps).combined(with: weights.map { $0 / meanCorrection })
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "adatask",
    title: "AdaTask",
    summary: "Keeps one Adam state for each task on the shared parameters.",
    kind: .wholeStep,
    paper: Citation(
      authors: "Yang et al.",
      title: "AdaTask: A Task-Aware Adaptive Learning Rate Approach to Multi-Task Learning",
      year: 2023, venue: "AAAI", address: "https://arxiv.org/abs/2211.15055"),
    formula: "θ ← θ − η Σ aᵢ m̂ᵢ/(√v̂ᵢ + ε), with Adam's averages of each task",
    parameters: [taskWeights.description, beta1.description, beta2.description, epsilon.description],
    cost: MethodCost(backwardPasses: "K", memory: "6·K·P"),
    state: "two running averages of the gradient for each task",
    properties: [.permutationEquivariant, .taskScaleInvariant, .commonScaleInvariant, .deterministic])
}
