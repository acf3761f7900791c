/// Auto-lambda: weights are learned so that a step with them lowers the validation losses.
///
/// One step of the network with weights w leads to `θ' = θ − η ∇ Σ wᵢ Lᵢ(θ)`. The derivative of the
/// validation loss `L_val(θ')` with respect to `wᵢ` is `−η ∇Lᵢ(θ) · ∇L_val(θ')`, which is found without K
/// backward passes from the losses at `θ ± ε ∇L_val(θ')` with `ε = epsilon/|∇L_val(θ')|`. The weights take
/// one Adam step along it.
///
/// - Note: As in the authors' code the weights are not bounded and may become negative.
/// - Source: S. Liu et al., "Auto-Lambda: Disentangling Dynamic Task Relationships", TMLR 2022, arXiv
///   2202.03091.
public struct AutoLambda: WholeStepMethod {
  static let initialWeights = Parameter<TaskValues>.finite(
    "weight_init", default: 0.1, "Weights before the first step.")
  static let learningRate = Parameter<Double>.atLeast(
    0, "meta_lr", default: 1e-4, "Learning rate of the weights; LibMTL uses 0.001.")
  static let primary = Parameter<TaskValues>.atLeast(
    0, "primary", default: 1, "Weight of each task in the validation loss; 0 marks an auxiliary task.")
  static let epsilon = Parameter<Double>.positive(
    "epsilon", default: 0.01, "Distance at which the derivative is taken.")

  /// The weights before the first step.
  public let initialWeights: TaskValues
  /// The learning rate of the weights.
  public let learningRate: Double
  /// The weight of each task in the validation loss.
  public let primary: TaskValues
  /// The distance at which the derivative is taken.
  public let epsilon: Double

  /// Creates the method.
  ///
  /// - Throws: `OptionError` where a value breaks its
  ///   rule.
  public init(
    initialWeights: TaskValues = 0.1, learningRate: Double = 1e-4, primary: TaskValues = 1,
    epsilon: Double = 0.01
  ) throws(OptionError) {
    self.initialWeights = try Self.initialWeights.checked(initialWeights, for: Self.about.name)
    self.learningRate = try Self.learningRate.checked(learningRate, for: Self.about.name)
    self.primary = try Self.primary.checked(primary, for: Self.about.name)
    self.epsilon = try Self.epsilon.checked(epsilon, for: Self.about.name)
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    initialWeights = try options.value(of: Self.initialWeights)
    learningRate = try options.value(of: Self.learningRate)
    primary = try options.value(of: Self.primary)
    epsilon = try options.value(of: Self.epsilon)
  }

  /// The weights before the first step.
  public func initialState(taskCount: Int) -> LearnedValues {
    LearnedValues(initialWeights.spread(over: taskCount))
  }

  /// Returns the multiple of the validation gradient by which the parameters are moved either way.
  ///
  /// It is 0 where the gradient is: nothing is to be learned there.
  public func perturbation(gradientLength: Double) -> Double {
    gradientLength > 0 ? epsilon / gradientLength : 0
  }

  /// Moves the weights by what the training losses do along the validation gradient.
  ///
  /// - Parameters:
  ///   - state: The weights λ.
  ///   - above: The training losses at `θ + ε ∇L_val(θ')`.
  ///   - below: The training losses at `θ − ε ∇L_val(θ')`.
  ///   - perturbation: The ε of ``perturbation(gradientLength:)``.
  ///   - learningRate: The network's learning rate η.
  /// - Throws: ``MethodError`` where a loss is not finite or the lists do not fit the tasks.
  public func update(
    _ state: inout LearnedValues, above: [Double], below: [Double], perturbation: Double,
    learningRate: Double
  ) throws(MethodError) {
    for losses in [above, below] {
      let context = StepContext(losses: losses)
      try context.requireLosses(count: state.values.count)
      try context.requireFiniteLosses()
    }
    guard perturbation > 0 else { return }
    let slopes = zip(above, below).map { -learningRate * ($0 - $1) / (2 * perturbation) }
    state.descend(along: slopes, learningRate: self.learningRate)
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "auto-lambda",
    title: "Auto-λ",
    summary: "Learns weights with which a step lowers the validation losses.",
    kind: .wholeStep,
    paper: Citation(
      authors: "Liu et al.",
      title: "Auto-Lambda: Disentangling Dynamic Task Relationships",
      year: 2022, venue: "TMLR", address: "https://arxiv.org/abs/2202.03091"),
    formula: "w ← w − β ∇_w L_val(θ − η ∇ Σ wᵢ Lᵢ(θ))",
    parameters: [
      initialWeights.description, learningRate.description, primary.description, epsilon.description,
    ],
    needs: .validationBatches,
    cost: MethodCost(backwardPasses: "3", memory: "2·P"),
    state: "a weight for each task with its Adam moments")
}
