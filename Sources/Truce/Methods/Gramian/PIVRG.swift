import RealModule

/// PIVRG: α-fair weights that give the tasks with the worst results more.
///
/// Each task has a score, its drop in performance against training it alone, in percent. With
/// `u = K softmax(score / T)`, `T = max((max − min score) / ln b, Tₘᵢₙ)`, the weights satisfy
/// `gᵢ · d = (uᵢ / wᵢ)^(1/2)`. Scores change once an epoch: make the method anew from the latest ones; it
/// has no state. Equal scores give FairGrad with `α = 2`.
///
/// A zero gradient gets weight 0; at a Pareto-stationary point all weights are 0 (``BargainingPoint``).
///
/// - Note: The authors' code solves the equation by bounded least squares, multiplies the update by K
///   (`reduction: .sum`) and clips it to a length of 1 (`maximumNorm: 1`).
/// - Source: X. Qin et al., "Revisiting Fairness in Multitask Learning: A Performance-Driven Approach for
///   Variance Reduction", CVPR 2025; jianke0604/MTLlib.
public struct PIVRG: GramianMethod {
  static let scores = Parameter<TaskValues>.finite(
    "scores", default: 0, "Each task's drop in performance against training it alone, in percent.")
  static let bound = Parameter<Double>(
    "bound", default: 2, rule: "greater than 1", "The largest ratio between two tasks' shares.",
    isValid: { $0.isFinite && $0 > 1 })
  static let minimumTemperature = Parameter<Double>.positive(
    "min_temperature", default: 10, "The least temperature of the softmax.")
  static let reduction = FairGrad.reduction
  static let maximumNorm = Parameter<Double?>.maximumNorm

  /// Each task's drop in performance, in percent.
  public private(set) var scores: TaskValues
  /// The largest ratio between two tasks' shares.
  public let bound: Double
  /// The least temperature of the softmax.
  public let minimumTemperature: Double
  /// Whether the result is multiplied by K.
  public let reduction: Reduction
  /// The length to which a longer update is cut, or nil.
  public let maximumNorm: Double?

  /// Creates the method.
  ///
  /// - Throws: `OptionError`.
  public init(
    scores: TaskValues = 0, bound: Double = 2, minimumTemperature: Double = 10,
    reduction: Reduction = .mean, maximumNorm: Double? = nil
  ) throws(OptionError) {
    let name = Self.about.name
    self.scores = try Self.scores.checked(scores, for: name)
    self.bound = try Self.bound.checked(bound, for: name)
    self.minimumTemperature = try Self.minimumTemperature.checked(minimumTemperature, for: name)
    self.reduction = reduction
    self.maximumNorm = try Self.maximumNorm.checked(maximumNorm, for: name)
  }

  /// −4/3, or nil where the update is cut to a length.
  public var scalePower: Double? { maximumNorm == nil ? -4.0 / 3 : nil }

  /// Returns the method with the scores of some tasks.
  public func restricted(to tasks: [Int]) -> Self {
    var copy = self
    copy.scores = scores.chosen(tasks)
    return copy
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    scores = try options.value(of: Self.scores)
    bound = try options.value(of: Self.bound)
    minimumTemperature = try options.value(of: Self.minimumTemperature)
    reduction = try options.value(of: Self.reduction)
    maximumNorm = try options.value(of: Self.maximumNorm)
  }

  /// Returns the fair weights for the tasks' shares.
  ///
  /// - Throws: ``MethodError/solverDidNotConverge(method:residual:tolerance:)``, or
  ///   ``MethodError/wrongCount(what:expected:received:)`` where the scores are for another K.
  /// - Complexity: O(K³) for each of about ten Newton steps.
  public func weights(
    gramian: Gramian, context: StepContext, state: inout Stateless,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    let demands = try shares(taskCount: gramian.taskCount).map { Double.sqrt($0) }
    let point = BargainingPoint(of: gramian, demands: demands, exponent: 0.5)
    try SolverAccuracy.require(point.residual, for: Self.about.name)
    return gramian.finished(point.weights, reduction: reduction, maximumNorm: maximumNorm)
  }

  private func shares(taskCount: Int) throws(MethodError) -> [Double] {
    let scores = try scores.values(taskCount: taskCount, what: "numbers in 'scores'")
    let range = (scores.max() ?? 0) - (scores.min() ?? 0)
    let temperature = max(range / Double.log(bound), minimumTemperature)
    return softmax(scores.map { $0 / temperature }).map { $0 * Double(taskCount) }
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "pivrg",
    title: "PIVRG",
    summary: "Finds α-fair weights that give the tasks with the worst results more.",
    kind: .gramian,
    paper: Citation(
      authors: "Qin et al.",
      title: "Revisiting Fairness in Multitask Learning",
      year: 2025, venue: "CVPR", address: "https://github.com/jianke0604/MTLlib"),
    formula: "gᵢ·d = (uᵢ / wᵢ)^(1/2), u = K softmax(score / T), T = max(range / ln b, Tmin)",
    parameters: [
      scores.description, bound.description, minimumTemperature.description, reduction.description,
      maximumNorm.description,
    ],
    cost: .gradientRows,
    properties: [.permutationEquivariant, .nonConflicting, .nonNegativeWeights, .deterministic],
    notes: [
      "Scores change once an epoch: make the method anew from the latest ones.",
      "The authors' code multiplies by K and clips: reduction=sum, max_norm=1.",
    ])
}
