import RealModule

/// FORUM: loss weights and network descend together, first order only, with the inner training as a
/// constraint.
///
/// The weights are `w = softmax(α)`. An inner run of some SGD steps on `f = Σ wⱼ Lⱼ` tells how far the
/// network is from its inner optimum: `q = f(α, θ) − f(α, θᵀ)` with the θᵀ it reaches. The update of
/// `(α, θ)` is `Σ λ̃ᵢ Fᵢ + ν q`, where `Fᵢ` are the unit gradients of a second batch's losses and, below,
/// `q` stands for the gradient of q with θᵀ held constant. λ solves `min ½ |Σ λᵢ Fᵢ + ν q|² − ν φ |q|²`
/// over the simplex and `ν ≥ 0`, so that q falls at the rate φ at least; λ̃ averages λ over the epochs, and
/// `ν = max(0, φ − q · Σ λ̃ᵢ Fᵢ/|q|²)`.
///
/// - Note: The authors' program leaves the ½ out of the first term, which moves its λ away from the optimum
///   of the stated problem; here the problem is solved as stated, and exactly.
/// - Source: F. Ye et al., "A First-Order Multi-Gradient Algorithm for Multi-Objective Bi-Level
///   Optimization", ECAI 2024, arXiv 2401.09257; settings from the repository
///   Baijiong-Lin/FORUM.
public struct FORUM: WholeStepMethod {
  static let phi = Parameter<Double>.atLeast(
    0, "phi", default: 0.1, "Rate φ at which the inner problem's gap must fall.")
  static let innerSteps = Parameter<Int>.atLeast(
    1, "inner_step", default: 5, "Steps of the inner run.")
  static let innerRate = Parameter<Double>.positive(
    "inner_lr", default: 0.1, "Learning rate of the inner run.")
  static let outerRate = Parameter<Double>.atLeast(
    0, "outer_lr", default: 1e-3, "Learning rate of the logits.")

  /// The rate φ at which the inner problem's gap must fall.
  public let phi: Double
  /// The steps of the inner run.
  public let innerSteps: Int
  /// The learning rate of the inner run.
  public let innerRate: Double
  /// The learning rate of the logits.
  public let outerRate: Double

  /// Creates the method.
  ///
  /// - Throws: `OptionError` where a value breaks its
  ///   rule.
  public init(
    phi: Double = 0.1, innerSteps: Int = 5, innerRate: Double = 0.1, outerRate: Double = 1e-3
  ) throws(OptionError) {
    self.phi = try Self.phi.checked(phi, for: Self.about.name)
    self.innerSteps = try Self.innerSteps.checked(innerSteps, for: Self.about.name)
    self.innerRate = try Self.innerRate.checked(innerRate, for: Self.about.name)
    self.outerRate = try Self.outerRate.checked(outerRate, for: Self.about.name)
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    phi = try options.value(of: Self.phi)
    innerSteps = try options.value(of: Self.innerSteps)
    innerRate = try options.value(of: Self.innerRate)
    outerRate = try options.value(of: Self.outerRate)
  }

  /// The logits and the averaged λ̃.
  public struct Balance: Codable, Equatable, Sendable {
    var logits: LearnedValues
    var average: [Double]
  }

  /// Equal logits, and an average that the first step replaces.
  public func initialState(taskCount: Int) -> Balance {
    let equal = [Double](repeating: 1 / Double(taskCount), count: taskCount)
    return Balance(logits: LearnedValues(equal), average: equal.map { _ in 0 })
  }

  /// Returns the loss weights, `softmax(α)`.
  public func weights(of state: Balance) -> [Double] { softmax(state.logits.values) }

  /// Returns the part of the gradient of q along the logits, from the losses before and after the inner run.
  public func gapSlopes(of state: Balance, losses: [Double], innerLosses: [Double]) -> [Double] {
    softmaxSlopes(at: weights(of: state), along: zip(losses, innerLosses).map { $0 - $1 })
  }

  /// Returns the weights on the second batch's gradients and on the gradient of q, and advances λ̃.
  ///
  /// - Parameters:
  ///   - gramian: The inner products of the second batch's K task gradients, as they are, and, last, the
  ///     gradient of q with its parts along the logits and the network.
  ///   - epoch: The epochs completed.
  ///   - state: The logits and the running averages.
  /// - Throws: ``MethodError`` where the products are not finite or the solver misses its tolerance.
  /// - Complexity: O(K²) for each task that enters or leaves the active set.
  public func combination(
    gramian: Gramian, epoch: Int, state: inout Balance
  ) throws(MethodError) -> (weights: [Double], multiplier: Double) {
    let count = state.average.count
    guard gramian.taskCount == count + 1 else {
      throw .wrongCount(what: "gradients with that of q", expected: count + 1, received: gramian.taskCount)
    }
    if let task = gramian.firstNonFiniteTask { throw .nonFinite(task: task, what: "gradient") }
    let factors = gramian.norms.dropLast().map { $0 > 0 ? 1 / $0 : 0 } + [1]
    let unit = gramian.scaled(by: factors)
    let optimum = ConstrainedMinimumNorm(gramian: unit, slope: phi)
    try SolverAccuracy.require(optimum.residual, for: Self.about.name)
    let share = 1 / Double.pow(Double(epoch + 1), 0.75)
    state.average = zip(state.average, optimum.weights).map { $0 + share * ($1 - $0) }
    let squaredLength = unit[count, count]
    let product = dot(state.average, (0..<count).map { unit[$0, count] })
    let multiplier = squaredLength > 0 ? max(phi - product / squaredLength, 0) : 0
    return (zip(state.average, factors).map { $0 * $1 }, multiplier)
  }

  /// Moves the logits along their part of the update, ν times that of the gradient of q.
  public func update(_ state: inout Balance, gapSlopes: [Double], multiplier: Double) {
    state.logits.descend(along: gapSlopes.map { multiplier * $0 }, learningRate: outerRate)
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "forum",
    title: "FORUM",
    summary: "Lets loss weights and network descend together under a first-order constraint.",
    kind: .wholeStep,
    paper: Citation(
      authors: "Ye et al.",
      title: "A First-Order Multi-Gradient Algorithm for Multi-Objective Bi-Level Optimization",
      year: 2024, venue: "ECAI", address: "https://arxiv.org/abs/2401.09257"),
    formula: "d = Σ λᵢ Fᵢ + ν ∇q, (λ, ν) = argmin ½ |d|² − ν φ |∇q|²",
    parameters: [phi.description, innerSteps.description, innerRate.description, outerRate.description],
    needs: .validationBatches,
    cost: MethodCost(backwardPasses: "K + T for T inner steps", memory: "K·P"),
    state: "a logit for each task with its Adam moments, and averaged weights")
}
