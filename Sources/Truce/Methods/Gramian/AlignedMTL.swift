import RealModule

/// Aligned-MTL: makes the gradients orthogonal and equally long before combining them.
///
/// With `G = V diag(λ) Vᵀ`, restricted to the eigenvalues that are not rounding, the weights are
/// `w = √σ V diag(λ^(-1/2)) Vᵀ p`: the nearest system of gradients whose condition number is 1, at the size
/// `σ` of the smallest, the median or the mean eigenvalue. Gradients that are all zero keep the weights
/// `p`.
///
/// - Note: The authors' code sums the aligned gradients (`p = 1`); TorchJD averages them (`p = 1/K`), as is
///   done by default. An even number of eigenvalues has the lower of the two middle ones as its median, as
///   in PyTorch.
/// - Source: D. Senushkin et al., "Independent Component Alignment for Multi-Task Learning", CVPR 2023,
///   arXiv 2305.19000, Algorithm 1; SamsungLabs/MTL.
public struct AlignedMTL: GramianMethod {
  /// Which eigenvalue sets the size of the aligned gradients.
  public enum ScaleMode: String, ParameterValue, CaseIterable, Codable {
    /// The smallest.
    case min
    /// The median.
    case median
    /// The mean, which is the square of the singular values' root mean square.
    case rmse
  }

  static let scaleMode = Parameter<ScaleMode>.any(
    "scale_mode", default: .min, "Which eigenvalue sets the size of the aligned gradients.")
  static let preference = Parameter<TaskValues?>.preference("preference")

  /// Which eigenvalue sets the size of the aligned gradients.
  public let scaleMode: ScaleMode
  /// The weights of the aligned gradients, or nil for 1/K.
  public private(set) var preference: TaskValues?

  /// Creates the method.
  ///
  /// - Throws: `OptionError` where a preference is
  ///   negative.
  public init(scaleMode: ScaleMode = .min, preference: TaskValues? = nil) throws(OptionError) {
    self.scaleMode = scaleMode
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
    scaleMode = try options.value(of: Self.scaleMode)
    preference = try options.value(of: Self.preference)
  }

  /// Returns the weights of the aligned gradients.
  ///
  /// - Complexity: O(K³).
  public func weights(
    gramian: Gramian, context: StepContext, state: inout Stateless,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    let taskCount = gramian.taskCount
    let preference = try preference.preference(taskCount: taskCount)
    let eigen = SymmetricEigen(RowMatrix(count: taskCount, elements: gramian.elements))
    let limit = (eigen.values.max() ?? 0) * Double(taskCount) * .ulpOfOne
    let kept = eigen.values.filter { $0 > limit }.sorted()
    guard !kept.isEmpty else { return preference }
    let scale = scale(of: kept)
    return eigen.applying({ $0 > limit ? Double.sqrt(scale / $0) : 0 }, to: preference)
  }

  private func scale(of sorted: [Double]) -> Double {
    switch scaleMode {
    case .min: sorted[0]
    case .median: sorted[(sorted.count - 1) / 2]
    case .rmse: sorted.reduce(0, +) / Double(sorted.count)
    }
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "aligned-mtl",
    title: "Aligned-MTL",
    summary: "Makes the gradients orthogonal and equally long before combining them.",
    kind: .gramian,
    paper: Citation(
      authors: "Senushkin et al.", title: "Independent Component Alignment for Multi-Task Learning",
      year: 2023, venue: "CVPR", address: "https://arxiv.org/abs/2305.19000"),
    formula: "G = V diag(λ) Vᵀ, w = √σ V diag(λ^(−1/2)) Vᵀ p",
    parameters: [scaleMode.description, preference.description],
    cost: .gradientRows,
    properties: [.permutationEquivariant, .homogeneous, .deterministic],
    notes: ["The authors' code sums the aligned gradients: preference=1."])
}
