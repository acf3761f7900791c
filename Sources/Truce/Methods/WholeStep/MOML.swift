import RealModule

/// MOML, multi-objective meta learning: weights are learned so that a step with them lowers every held-out
/// loss.
///
/// The weights are `w = softmax(α)`. A trial step on one batch leads to `θ' = θ − η Σ wⱼ ∇Lⱼ(θ)`; the
/// losses of a second batch at θ' have the derivatives `hᵢ = −η (Mᵢ J)` with respect to α, where
/// `Mᵢⱼ = ∇Fᵢ(θ') · ∇Lⱼ(θ)` and `J` is the Jacobian of the softmax. The logits take one Adam step along the
/// min-norm point of the `hᵢ`, each brought to length 1; then the network takes its step with the new
/// weights.
///
/// - Note: With one trial step θ' is linear in the weights, so the derivative needs no second derivatives.
///   Where no direction lowers every loss the logits stay.
/// - Source: F. Ye et al., "Multi-Objective Meta Learning", NeurIPS 2021, arXiv 2102.07121;
///   for loss weights as in the repository Baijiong-Lin/FORUM and LibMTL.
public struct MOML: WholeStepMethod {
  static let innerRate = Parameter<Double>.positive(
    "inner_lr", default: 0.1, "Learning rate η of the trial step.")
  static let outerRate = Parameter<Double>.atLeast(
    0, "outer_lr", default: 1e-3, "Learning rate of the logits.")

  /// The learning rate η of the trial step.
  public let innerRate: Double
  /// The learning rate of the logits.
  public let outerRate: Double

  /// Creates the method.
  ///
  /// - Throws: `OptionError` where a value breaks its
  ///   rule.
  public init(innerRate: Double = 0.1, outerRate: Double = 1e-3) throws(OptionError) {
    self.innerRate = try Self.innerRate.checked(innerRate, for: Self.about.name)
    self.outerRate = try Self.outerRate.checked(outerRate, for: Self.about.name)
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    innerRate = try options.value(of: Self.innerRate)
    outerRate = try options.value(of: Self.outerRate)
  }

  /// Equal logits.
  public func initialState(taskCount: Int) -> LearnedValues {
    LearnedValues([Double](repeating: 1 / Double(taskCount), count: taskCount))
  }

  /// Returns the loss weights, `softmax(α)`.
  public func weights(of state: LearnedValues) -> [Double] { softmax(state.values) }

  /// Moves the logits by what the second batch says of the trial step.
  ///
  /// - Parameters:
  ///   - state: The logits α.
  ///   - products: `∇Fᵢ(θ') · ∇Lⱼ(θ)`, the second batch's gradients after the trial step with the first
  ///     batch's before it.
  /// - Throws: ``MethodError`` where the products are not finite or do not fit the tasks.
  /// - Complexity: O(K³).
  public func update(_ state: inout LearnedValues, products: CrossGramian) throws(MethodError) {
    let count = state.values.count
    guard products.taskCount == count else {
      throw .wrongCount(what: "task gradients", expected: count, received: products.taskCount)
    }
    if let task = products.firstNonFiniteTask { throw .nonFinite(task: task, what: "gradient") }
    let slopes = derivatives(products: products, weights: weights(of: state)).map { row in
      let length = norm(row)
      return length > 0 ? row.map { $0 / length } : row
    }
    let point = MinimumNormPoint(of: Gramian(taskCount: count) { dot(slopes[$0], slopes[$1]) })
    try SolverAccuracy.require(point.residual, for: Self.about.name)
    // Where no direction lowers every loss the point is rounding, which Adam would blow up to a full step.
    if point.isOrigin { return }
    let slope = (0..<count).map { j in
      slopes.indices.reduce(0) { $0 + point.weights[$1] * slopes[$1][j] }
    }
    state.descend(along: slope, learningRate: outerRate)
  }

  /// Returns the derivative of each loss of the second batch with respect to the logits.
  func derivatives(products: CrossGramian, weights: [Double]) -> [[Double]] {
    weights.indices.map { i in
      let row = weights.indices.map { products[i, $0] }
      return softmaxSlopes(at: weights, along: row).map { -innerRate * $0 }
    }
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "moml",
    title: "MOML",
    summary: "Learns weights with which a step lowers every loss of a second batch.",
    kind: .wholeStep,
    paper: Citation(
      authors: "Ye et al.", title: "Multi-Objective Meta Learning",
      year: 2021, venue: "NeurIPS", address: "https://arxiv.org/abs/2102.07121"),
    formula: "α ← α − β MGDA(∇_α Fᵢ(θ − η Σ softmax(α)ⱼ ∇Lⱼ(θ)))",
    parameters: [innerRate.description, outerRate.description],
    needs: .validationBatches,
    cost: MethodCost(backwardPasses: "2K", memory: "2·K·P"),
    state: "a logit for each task with its Adam moments")
}
