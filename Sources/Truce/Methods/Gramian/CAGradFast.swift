/// CAGrad-Fast: CAGrad on a few sampled tasks and the mean of all others.
///
/// Each step samples a set S of tasks. The worst case is taken over their gradients and the mean gradient of
/// the remaining tasks, `(K g₀ − Σ_{i∈S} gᵢ) / (K − |S|)`, in the same ball `|d − g₀| ≤ c |g₀|` around the
/// average of all. An engine that differentiates mixtures of losses needs `|S| + 1` backward passes instead
/// of K (``TaskSampling``).
///
/// - Note: In the authors' code the mean of the remaining tasks leaves one task out and divides by one too
///   many, so that a tenth of ten tasks gets no gradient in a step; here every task has its part, as in the
///   paper, unless `sampling` asks for the released way. Their `cagrad_fast4` counts the mean among the four: it
///   samples three tasks.
/// - Source: B. Liu et al., "Conflict-Averse Gradient Descent for Multi-task Learning", NeurIPS 2021,
///   arXiv 2110.14048, section 3.3, equation 5.
public struct CAGradFast: TaskSampling {
  /// Which tasks are in the mean of the rest.
  public enum Sampling: String, ParameterValue, CaseIterable, Codable {
    /// All that are not sampled.
    case paper
    /// All of these but one, whose part is missing.
    case released
  }

  static let sampleSize = Parameter<Int>.atLeast(
    1, "sample_size", default: 4, "The number of sampled tasks; all tasks where there are not more.")

  static let sample = Parameter<[Int]?>(
    "sample", default: .some(nil), rule: "different tasks, at least one, or none",
    "The tasks of every sample, counted from 0; drawn anew in each step where none.",
    isValid: { $0.map { !$0.isEmpty && Set($0).count == $0.count && $0.allSatisfy { $0 >= 0 } } ?? true })

  static let sampling = Parameter<Sampling>.any(
    "sampling", default: .paper, "Whether the mean of the rest lacks one task, as in the authors' code.")

  /// The settings shared with CAGrad.
  public let settings: CAGrad
  /// The number of sampled tasks.
  public let sampleSize: Int
  /// The tasks of every sample, or nil to draw them anew in each step.
  public private(set) var sample: [Int]?
  /// Which tasks are in the mean of the rest.
  public let sampling: Sampling

  /// Creates the method.
  ///
  /// - Throws: `OptionError` where the sample is empty.
  public init(
    _ settings: CAGrad, sampleSize: Int = 4, sample: [Int]? = nil, sampling: Sampling = .paper
  ) throws(OptionError) {
    self.settings = settings
    self.sampling = sampling
    self.sampleSize = try Self.sampleSize.checked(sampleSize, for: Self.about.name)
    self.sample = try Self.sample.checked(sample, for: Self.about.name)
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    try self.init(
      CAGrad(options: options), sampleSize: try options.value(of: Self.sampleSize),
      sample: try options.value(of: Self.sample), sampling: try options.value(of: Self.sampling))
  }

  /// Returns the method with what some tasks leave of a fixed sample; an empty one is drawn anew.
  public func restricted(to tasks: [Int]) -> Self {
    var copy = self
    let left = sample?.compactMap(tasks.firstIndex) ?? []
    copy.sample = left.isEmpty ? nil : left
    return copy
  }

  /// That of CAGrad with these settings.
  public var scalePower: Double? { settings.scalePower }

  /// Draws the tasks; the last mixture is the mean of the others, if there are any.
  ///
  /// - Throws: ``MethodError/notApplicable(method:reason:)`` where a fixed sample names a task there is not.
  public func mixtures(
    taskCount: Int, using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [[Double]] {
    if let task = sample?.first(where: { $0 >= taskCount }) {
      throw .notApplicable(
        method: Self.about.name, reason: "'sample' names task \(task), but there are \(taskCount)")
    }
    let tasks = Array(0..<taskCount)
    let order =
      sample.map { sample in sample + tasks.filter { !sample.contains($0) } }
      ?? tasks.shuffledUnlessSingle(using: &generator)
    let count = min(sample?.count ?? sampleSize, taskCount)
    var mixtures = order.prefix(count).map { task in tasks.map { $0 == task ? 1.0 : 0 } }
    let rest = order.dropFirst(sampling == .paper ? count : count + 1)
    if !rest.isEmpty {
      let share = 1 / Double(taskCount - count)
      mixtures.append(tasks.map { rest.contains($0) ? share : 0 })
    }
    return mixtures
  }

  /// Returns CAGrad's weights on the mixtures, with the average of all tasks in the centre of the ball.
  ///
  /// - Throws: ``MethodError/solverDidNotConverge(method:residual:tolerance:)``.
  public func weights(
    mixtureGramian gramian: Gramian, mixtures: [[Double]], taskCount: Int
  ) throws(MethodError) -> [Double] {
    // A mixture stands for one task over its share of them, also where one of these is missing.
    let shares = mixtures.map { mixture in (mixture.max() ?? 1) * Double(taskCount) }
    return try settings.weights(gramian: gramian, center: shares.map { 1 / $0 }, taskCount: taskCount)
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "cagrad-fast",
    title: "CAGrad-Fast",
    summary: "CAGrad on a few sampled tasks and the mean of all others.",
    kind: .gramian,
    paper: CAGrad.about.paper,
    formula: "d = argmax min(mean of the rest · d, minᵢ∈S gᵢ·d) over |d − g₀| ≤ c |g₀|",
    parameters: [sampleSize.description, sample.description, sampling.description]
      + CAGrad.about.parameters,
    cost: MethodCost(backwardPasses: "|S| + 1", memory: "(|S| + 1)·P"),
    properties: [.homogeneous, .nonNegativeWeights],
    notes: [
      "The authors' code skips one task in each step; here every task has its part, as in the paper, unless "
        + "sampling=released.",
      "The paper samples 4 of 10 tasks and 8 of 50; the authors' code counts the mean among them and samples 3 and 7.",
    ])
}
