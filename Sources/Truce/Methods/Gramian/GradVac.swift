import RealModule

/// GradVac: turns each gradient until its cosines to the others reach their usual values.
///
/// For each task `v = gᵢ`; for every other task `j` in random order with `φ = cos(v, gⱼ)` and target
/// `φ̂ᵢⱼ`: where `φ < φ̂`, `v ← v + |v| (φ̂ √(1−φ²) − φ √(1−φ̂²)) / (|gⱼ| √(1−φ̂²)) gⱼ`, which makes the
/// cosine `φ̂`. Then `φ̂ ← (1−β) φ̂ + β φ`. The update is `d = Σ v`. With all targets at 0, as in the first
/// step, this is PCGrad.
///
/// A pair with a zero gradient has no cosine and is passed over. A target above 1 − 10⁻⁸ is taken as that.
///
/// - Note: The paper's β is 10⁻²; LibMTL, TorchJD and SamsungLabs/MTL use 0.5. The last updates its targets
///   only where it turns a gradient; here they follow every pair, as in the paper.
/// - Source: Z. Wang et al., "Gradient Vaccine: Investigating and Improving Multi-task Optimization in
///   Massively Multilingual Models", ICLR 2021, arXiv 2010.05874, equations 2 and 3.
public struct GradVac: GramianMethod {
  /// The target cosines between all pairs of tasks, row by row.
  public struct State: Codable, Equatable, Sendable {
    /// The K² targets.
    public var targets: [Double]
  }

  static let decay = Parameter<Double>.inside(
    0...1, "beta", default: 0.01, "How far the targets move to each step's cosines.")
  static let reduction = Parameter<Reduction>.any(
    "reduction", default: .sum, "Whether the turned gradients are summed or averaged.")
  static let order = Parameter<[[Int]]?>.order

  /// How far the targets move to each step's cosines.
  public let decay: Double
  /// Whether the turned gradients are summed or averaged.
  public let reduction: Reduction
  /// For each task the order in which it meets the others, or nil for a random one.
  public let order: [[Int]]?

  /// Creates the method.
  ///
  /// - Throws: `OptionError`.
  public init(
    beta decay: Double = 0.01, reduction: Reduction = .sum, order: [[Int]]? = nil
  ) throws(OptionError) {
    self.decay = try Self.decay.checked(decay, for: Self.about.name)
    self.reduction = reduction
    self.order = try Self.order.checked(order, for: Self.about.name)
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    try self.init(
      beta: try options.value(of: Self.decay), reduction: try options.value(of: Self.reduction),
      order: try options.value(of: Self.order))
  }

  /// Targets of 0.
  public func initialState(taskCount: Int) -> State {
    State(targets: [Double](repeating: 0, count: taskCount * taskCount))
  }

  /// Returns the summed coefficients of the turned gradients and moves the targets.
  ///
  /// - Complexity: O(K³).
  public func weights(
    gramian: Gramian, context: StepContext, state: inout State,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    let taskCount = gramian.taskCount
    let order = try EncounterOrder.drawn(fixed: order, taskCount: taskCount, using: &generator)
    var weights = [Double](repeating: 0, count: taskCount)
    for task in 0..<taskCount where gramian[task, task] > 0 {
      let targets = (task * taskCount)..<((task + 1) * taskCount)
      let turned = turned(task, meeting: order[task], gramian: gramian, targets: &state.targets[targets])
      for other in 0..<taskCount { weights[other] += turned[other] }
    }
    let factor = reduction.factor(taskCount: taskCount)
    return weights.map { $0 * factor }
  }

  private func turned(
    _ task: Int, meeting others: [Int], gramian: Gramian, targets: inout ArraySlice<Double>
  ) -> [Double] {
    var turned = GradientCombination(task: task, gramian: gramian)
    for other in others where gramian[other, other] > 0 {
      let length = Double.sqrt(turned.squaredNorm)
      let otherLength = Double.sqrt(gramian[other, other])
      guard length > 0 else { break }
      let cosine = min(max(turned.products[other] / (length * otherLength), -1), 1)
      let index = targets.startIndex + other
      if cosine < targets[index] {
        turned.add(length / otherLength * Self.turn(from: cosine, to: targets[index]), task: other)
      }
      targets[index] += decay * (cosine - targets[index])
    }
    return turned.coefficients
  }

  /// Returns how much of a unit vector to add to another to bring their cosine from `cosine` to `target`.
  private static func turn(from cosine: Double, to target: Double) -> Double {
    let target = min(target, 1 - 1e-8)
    let (sine, targetSine) = (Double.sqrt(1 - cosine * cosine), Double.sqrt(1 - target * target))
    return (target * sine - cosine * targetSine) / targetSine
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "gradvac",
    title: "GradVac",
    summary: "Turns each gradient until its cosines to the others reach their usual values.",
    kind: .gramian,
    paper: Citation(
      authors: "Wang et al.", title: "Gradient Vaccine", year: 2021, venue: "ICLR",
      address: "https://arxiv.org/abs/2010.05874"),
    formula: "where φ = cos(v, gⱼ) < φ̂: v ← v + … gⱼ so that cos = φ̂; φ̂ ← (1−β) φ̂ + β φ; d = Σ v",
    parameters: [decay.description, reduction.description, order.description],
    cost: .gradientRows,
    state: "a target cosine for each pair of tasks",
    properties: [.homogeneous, .nonNegativeWeights],
    notes: [
      "The first step is PCGrad's.",
      "The paper's beta is 0.01; LibMTL and TorchJD use 0.5.",
    ])
}
