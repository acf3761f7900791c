import RealModule

/// Krum: the gradients that lie closest to their neighbours.
///
/// Each task's score is the sum of its distances to its `K − f − 2` nearest neighbours, where `f` gradients
/// may be arbitrary. The update is the mean of the `m` gradients with the smallest scores; of equal scores
/// the earlier task wins.
///
/// - Note: The paper sums squared distances; TorchJD sums distances, as is done here.
/// - Source: P. Blanchard et al., "Machine Learning with Adversaries: Byzantine Tolerant Gradient Descent",
///   NeurIPS 2017, arXiv 1703.02757, section 4.
public struct Krum: GramianMethod {
  static let byzantineCount = Parameter<Int>.atLeast(
    0, "n_byzantine", default: 0, "The number of gradients that may be arbitrary; K must be at least 3 more.")
  static let selectedCount = Parameter<Int>.atLeast(
    1, "n_selected", default: 1, "The number of gradients to average.")

  /// The number of gradients that may be arbitrary, `f`.
  public let byzantineCount: Int
  /// The number of gradients to average, `m`.
  public let selectedCount: Int

  /// Creates the method.
  ///
  /// - Throws: `OptionError`.
  public init(byzantineCount: Int = 0, selectedCount: Int = 1) throws(OptionError) {
    self.byzantineCount = try Self.byzantineCount.checked(byzantineCount, for: Self.about.name)
    self.selectedCount = try Self.selectedCount.checked(selectedCount, for: Self.about.name)
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    byzantineCount = try options.value(of: Self.byzantineCount)
    selectedCount = try options.value(of: Self.selectedCount)
  }

  /// Returns 1/m for the selected tasks, 0 for the others.
  ///
  /// - Throws: ``MethodError/notApplicable(method:reason:)`` for fewer than `f + 3` or fewer than `m` tasks.
  /// - Complexity: O(K² log K).
  public func weights(
    gramian: Gramian, context: StepContext, state: inout Stateless,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    let taskCount = gramian.taskCount
    let least = max(byzantineCount + 3, selectedCount)
    guard taskCount >= least else {
      throw .notApplicable(
        method: Self.about.name, reason: "needs at least \(least) tasks with these options, got \(taskCount)")
    }
    let scores = (0..<taskCount).map { score(of: $0, gramian: gramian) }
    let selected = selected(by: scores)
    return (0..<taskCount).map { selected.contains($0) ? 1 / Double(selectedCount) : 0 }
  }

  /// The tasks with the smallest scores; scores that differ by rounding count as equal.
  private func selected(by scores: [Double]) -> Set<Int> {
    var selected: Set<Int> = []
    for _ in 0..<selectedCount {
      let rest = scores.indices.filter { !selected.contains($0) }
      let least = rest.map { scores[$0] }.min() ?? 0
      if let first = rest.first(where: { scores[$0] <= least * (1 + 1e-9) }) { selected.insert(first) }
    }
    return selected
  }

  private func score(of task: Int, gramian: Gramian) -> Double {
    let distances = (0..<gramian.taskCount).filter { $0 != task }.map { other in
      let square = gramian[task, task] + gramian[other, other] - 2 * gramian[task, other]
      return Double.sqrt(max(square, 0))
    }
    return distances.sorted().prefix(gramian.taskCount - byzantineCount - 2).reduce(0, +)
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "krum",
    title: "Krum",
    summary: "Takes the gradients that lie closest to their neighbours.",
    kind: .gramian,
    paper: Citation(
      authors: "Blanchard et al.",
      title: "Machine Learning with Adversaries: Byzantine Tolerant Gradient Descent",
      year: 2017, venue: "NeurIPS", address: "https://arxiv.org/abs/1703.02757"),
    formula: "d = mean of the m gradients with the smallest sums of distances to their K − f − 2 neighbours",
    parameters: [byzantineCount.description, selectedCount.description],
    cost: .gradientRows,
    properties: [.homogeneous, .nonNegativeWeights, .convexWeights, .deterministic],
    notes: [
      "Sums distances as TorchJD does; the paper sums their squares.",
      "Needs at least f + 3 tasks; of equal scores the earlier task wins.",
    ])
}
