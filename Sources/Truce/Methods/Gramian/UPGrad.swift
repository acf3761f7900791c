/// UPGrad: makes each gradient free of conflict by itself, then adds up.
///
/// Each `pᵢ gᵢ` is projected on the dual cone `{d : gⱼ · d ≥ 0}`, and the projections are summed. The
/// update conflicts with no task and grows in proportion to each of them. For two tasks it is half of
/// PCGrad's.
///
/// - Note: The authors' code adds 10⁻⁴ to the diagonal of the Gramian over its trace, which moves the
///   result by up to a fifth on rows of very different length; here the projections are exact.
/// - Source: P. Quinton and V. Rey, "Jacobian Descent for Multi-Objective Optimization", 2024,
///   arXiv 2406.16232, equation 5.
public struct UPGrad: GramianMethod {
  static let preference = Parameter<TaskValues?>.preference("preference")

  /// The factors on the gradients, or nil for 1/K.
  public private(set) var preference: TaskValues?

  /// Creates the method.
  ///
  /// - Throws: `OptionError` where a preference is
  ///   negative.
  public init(preference: TaskValues? = nil) throws(OptionError) {
    self.preference = try Self.preference.checked(preference, for: Self.about.name)
  }

  /// Returns the method with the preferences of some tasks.
  public func restricted(to tasks: [Int]) -> Self {
    var copy = self
    copy.preference = preference?.chosen(tasks)
    return copy
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    preference = try options.value(of: Self.preference)
  }

  /// Returns the summed weights of the projections.
  ///
  /// - Throws: ``MethodError/solverDidNotConverge(method:residual:tolerance:)``.
  /// - Complexity: K projections, for which the Gramian is inverted at most once.
  public func weights(
    gramian: Gramian, context: StepContext, state: inout Stateless,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    let taskCount = gramian.taskCount
    let factors = try preference.preference(taskCount: taskCount)
    let unit = UnitGramian(gramian)
    var weights = [Double](repeating: 0, count: taskCount)
    var projections = OwnProjections(unit, factors: unit.tasks.map { factors[$0] })
    for (row, task) in unit.tasks.enumerated() where factors[task] > 0 {
      let added = projections.projection(of: row)
      try SolverAccuracy.require(added.residual, for: Self.about.name)
      weights[task] += factors[task]
      for (other, value) in added.values.enumerated() {
        weights[unit.tasks[other]] += value / unit.lengths[other]
      }
    }
    return weights
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "upgrad",
    title: "UPGrad",
    summary: "Projects each gradient on the directions that harm no task, then adds up.",
    kind: .gramian,
    paper: Citation(
      authors: "Quinton & Rey", title: "Jacobian Descent for Multi-Objective Optimization",
      year: 2024, venue: "arXiv", address: "https://arxiv.org/abs/2406.16232"),
    formula: "d = Σ proj(pᵢ gᵢ) on {d : gⱼ·d ≥ 0 for all j}, p = 1/K",
    parameters: [preference.description],
    cost: .gradientRows,
    properties: [
      .permutationEquivariant, .nonConflicting, .homogeneous, .linearUnderScaling,
      .nonNegativeWeights, .deterministic,
    ],
    notes: ["The projections are exact; TorchJD regularises the Gramian by 1e-4 of its trace."])
}
