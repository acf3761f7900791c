/// PCGrad: projects each gradient off those it conflicts with, then adds up.
///
/// For each task `v = gᵢ`; for every other task `j` in random order, where `v · gⱼ < 0`:
/// `v ← v - (v · gⱼ / |gⱼ|²) gⱼ`. The update is `d = Σ v`, or the average. In terms of coefficients
/// `v = Σ cₘ gₘ`, so that `v · gⱼ` is row `j` of `G c` and the gradients themselves are not needed.
///
/// For two tasks the order does not matter and the method is deterministic.
///
/// - Note: The authors' code uses one shuffle for all tasks; the paper's Algorithm 1 draws one for each,
///   as is done here. `order` fixes the order for the reproduction of recorded values.
/// - Source: T. Yu et al., "Gradient Surgery for Multi-Task Learning", NeurIPS 2020, arXiv 2001.06782,
///   Algorithm 1.
public struct PCGrad: GramianMethod {
  static let reduction = Parameter<Reduction>.any(
    "reduction", default: .sum, "Whether the projected gradients are summed or averaged.")
  static let order = Parameter<[[Int]]?>.order

  /// Whether the projected gradients are summed or averaged.
  public let reduction: Reduction
  /// For each task the order in which it meets the others, or nil for a random one.
  public private(set) var order: [[Int]]?

  /// Creates the method with random orders.
  public init(reduction: Reduction = .sum) {
    self.reduction = reduction
    self.order = nil
  }

  /// Creates the method with fixed orders.
  ///
  /// - Throws: `OptionError` unless entry `i` lists every
  ///   task but `i` once.
  public init(reduction: Reduction = .sum, order: [[Int]]) throws(OptionError) {
    self.reduction = reduction
    self.order = try Self.order.checked(order, for: Self.about.name)
  }

  /// Returns the method with the orders of some tasks among themselves.
  public func restricted(to tasks: [Int]) -> Self {
    var copy = self
    copy.order = order.map { order in
      tasks.filter(order.indices.contains).map { task in order[task].compactMap(tasks.firstIndex) }
    }
    return copy
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    reduction = try options.value(of: Self.reduction)
    order = try options.value(of: Self.order)
  }

  /// Returns the summed coefficients of the projected gradients.
  ///
  /// - Throws: ``MethodError/wrongCount(what:expected:received:)`` where the fixed order is for another K.
  /// - Complexity: O(K³).
  public func weights(
    gramian: Gramian, context: StepContext, state: inout Stateless,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    let taskCount = gramian.taskCount
    let order = try EncounterOrder.drawn(fixed: order, taskCount: taskCount, using: &generator)
    var weights = [Double](repeating: 0, count: taskCount)
    for task in 0..<taskCount {
      let coefficients = Self.projected(task, off: order[task], gramian: gramian)
      for other in 0..<taskCount { weights[other] += coefficients[other] }
    }
    let factor = reduction.factor(taskCount: taskCount)
    return weights.map { $0 * factor }
  }

  private static func projected(_ task: Int, off others: [Int], gramian: Gramian) -> [Double] {
    var combination = GradientCombination(task: task, gramian: gramian)
    for other in others where gramian[other, other] > 0 && combination.products[other] < 0 {
      combination.add(-combination.products[other] / gramian[other, other], task: other)
    }
    return combination.coefficients
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "pcgrad",
    title: "PCGrad",
    summary: "Projects each gradient off those it conflicts with, then adds up.",
    kind: .gramian,
    paper: Citation(
      authors: "Yu et al.", title: "Gradient Surgery for Multi-Task Learning",
      year: 2020, venue: "NeurIPS", address: "https://arxiv.org/abs/2001.06782"),
    formula: "v = gᵢ; for j in random order, v·gⱼ < 0: v ← v − (v·gⱼ / |gⱼ|²) gⱼ; d = Σ v",
    parameters: [reduction.description, order.description],
    cost: .gradientRows,
    properties: [.homogeneous, .nonNegativeWeights],
    notes: [
      "One random order for each task, as in the paper; the authors' code shuffles once for all tasks.",
      "For two tasks the order does not matter and the method is deterministic.",
    ])
}
