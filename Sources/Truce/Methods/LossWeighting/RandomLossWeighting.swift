/// Random loss weighting: the weights are drawn anew at every step.
///
/// By default `w = softmax(r)` with `r ~ N(0, I)`. Further distributions: `uniform` (softmax of U(0, 1)),
/// `dirichlet` (a uniform point of the simplex), `random_normal` (softmax of normals whose means and
/// deviations are drawn once from U(0, 1)), `bernoulli` (each task with probability one half, at least one)
/// and `constrained_bernoulli` (one task).
///
/// - Note: Every distribution is normalised to the reduction's total: 1 for a mean, as in LibMTL, FAMO and
///   TorchJD, K for a sum, as in IGB4MTL and Kurin et al. LibMTL 1.1.5 takes a further softmax of the
///   Dirichlet draw and leaves Bernoulli weights at 0 and 1; the paper does neither.
/// - Source: B. Lin et al., "Reasonable Effectiveness of Random Weighting: A Litmus Test for Multi-Task
///   Learning", TMLR 2022, arXiv 2111.10603, Algorithm 2; the further distributions in its appendix.
public struct RandomLossWeighting: LossWeighting {
  static let distribution = Parameter<Distribution>.any(
    "distribution", default: .normal, "What the weights are drawn from.")
  static let reduction = Parameter<Reduction>.any(
    "reduction", default: .mean, "Whether the weights add up to 1 or to K.")

  /// What the weights are drawn from.
  public enum Distribution: String, ParameterValue, CaseIterable {
    /// The softmax of standard normals.
    case normal
    /// The softmax of uniforms.
    case uniform
    /// A uniform point of the simplex.
    case dirichlet
    /// The softmax of normals with random means and deviations that stay the same.
    case randomNormal = "random_normal"
    /// Each task with probability one half, at least one.
    case bernoulli
    /// One task.
    case constrainedBernoulli = "constrained_bernoulli"
  }

  /// The means and deviations of `random_normal`, drawn at the first step.
  public struct Moments: Codable, Equatable, Sendable {
    var means: [Double] = []
    var deviations: [Double] = []
  }

  /// What the weights are drawn from.
  public let distribution: Distribution
  /// Whether the weights add up to 1 or to K.
  public let reduction: Reduction

  /// Creates the weighting.
  public init(distribution: Distribution = .normal, reduction: Reduction = .mean) {
    self.distribution = distribution
    self.reduction = reduction
  }

  /// Creates the weighting from named options.
  public init(options: Options) throws(OptionError) {
    self.init(
      distribution: try options.value(of: Self.distribution),
      reduction: try options.value(of: Self.reduction))
  }

  /// No moments; they are drawn when first needed.
  public func initialState(taskCount: Int) -> Moments { Moments() }

  /// Returns freshly drawn weights.
  ///
  /// - Complexity: O(K).
  public func weights(
    context: StepContext, state: inout Moments, using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    try context.requireFiniteLosses()
    let taskCount = context.losses.count
    let total = reduction.total(taskCount: taskCount)
    return draw(taskCount: taskCount, state: &state, using: &generator).map { total * $0 }
  }

  /// Returns drawn weights that add up to 1.
  private func draw(
    taskCount: Int, state: inout Moments, using generator: inout some RandomNumberGenerator
  ) -> [Double] {
    let tasks = 0..<taskCount
    switch distribution {
    case .normal: return softmax(tasks.map { _ in generator.standardNormal() })
    case .uniform: return softmax(tasks.map { _ in Double.random(in: 0..<1, using: &generator) })
    case .dirichlet: return generator.dirichlet(count: taskCount, concentration: 1)
    case .randomNormal:
      if state.means.isEmpty {
        state.means = tasks.map { _ in Double.random(in: 0..<1, using: &generator) }
        state.deviations = tasks.map { _ in Double.random(in: 0..<1, using: &generator) }
      }
      return softmax(
        zip(state.means, state.deviations).map { $0 + $1 * generator.standardNormal() })
    case .bernoulli:
      var chosen: [Double]
      repeat { chosen = tasks.map { _ in Bool.random(using: &generator) ? 1 : 0 } } while !chosen.contains(1)
      let count = chosen.reduce(0, +)
      return chosen.map { $0 / count }
    case .constrainedBernoulli:
      let task = Int.random(in: tasks, using: &generator)
      return tasks.map { $0 == task ? 1 : 0 }
    }
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "rlw",
    title: "RLW",
    summary: "Draws the loss weights at random at every step.",
    kind: .lossWeighting,
    paper: Citation(
      authors: "Lin et al.",
      title: "Reasonable Effectiveness of Random Weighting: A Litmus Test for Multi-Task Learning",
      year: 2022, venue: "TMLR", address: "https://arxiv.org/abs/2111.10603"),
    formula: "w = softmax(r), r ~ N(0, I)",
    parameters: [distribution.description, reduction.description],
    cost: .lossWeighting,
    state: "the means and deviations of random_normal",
    properties: [.homogeneous, .linearUnderScaling, .nonNegativeWeights, .convexWeights])
}
