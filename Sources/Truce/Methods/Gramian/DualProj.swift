/// DualProj: the nearest vector to the average gradient that conflicts with no task.
///
/// `d` is the projection of `Σ pᵢ gᵢ` on the dual cone `{d : gⱼ · d ≥ 0}`. Gradient Episodic Memory does
/// the same with the gradient of a new task and those of remembered ones.
///
/// - Note: TorchJD adds 10⁻⁴ to the diagonal of the Gramian over its trace; here the projection is exact.
/// - Source: D. Lopez-Paz and M. Ranzato, "Gradient Episodic Memory for Continual Learning", NeurIPS 2017,
///   arXiv 1706.08840, equation 11.
public struct DualProj: GramianMethod {
  static let preference = Parameter<TaskValues?>.preference("preference")

  /// The weights of the vector to project, or nil for 1/K.
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

  /// Returns the weights of the projection.
  ///
  /// - Throws: ``MethodError/solverDidNotConverge(method:residual:tolerance:)``.
  /// - Complexity: O(K²) for each task that enters or leaves the active set.
  public func weights(
    gramian: Gramian, context: StepContext, state: inout Stateless,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    let taskCount = gramian.taskCount
    let combination = try preference.preference(taskCount: taskCount)
    let projection = DualConeProjection(of: combination, in: gramian)
    try SolverAccuracy.require(projection.residual, for: Self.about.name)
    return projection.weights
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "dualproj",
    title: "DualProj",
    summary: "Takes the nearest vector to the average gradient that harms no task.",
    kind: .gramian,
    paper: Citation(
      authors: "Lopez-Paz & Ranzato", title: "Gradient Episodic Memory for Continual Learning",
      year: 2017, venue: "NeurIPS", address: "https://arxiv.org/abs/1706.08840"),
    formula: "d = proj(Σ pᵢ gᵢ) on {d : gⱼ·d ≥ 0 for all j}, p = 1/K",
    parameters: [preference.description],
    cost: .gradientRows,
    properties: [
      .permutationEquivariant, .nonConflicting, .homogeneous, .nonNegativeWeights, .deterministic,
    ],
    notes: ["The projection is exact; TorchJD regularises the Gramian by 1e-4 of its trace."])
}
