import RealModule

/// SAM-GS, similarity-aware momentum gradient surgery: one length for unlike gradients, momentum for alike.
///
/// The similarity S is the mean of `2 |gᵢ| |gⱼ| / (|gᵢ|² + |gⱼ|²)` over all pairs. Below `gamma` the update
/// is `Σ gᵢ ḡ/|gᵢ|` with the mean length ḡ. Else it is `Σ gᵢ |m̂ᵢ|/√v̂` coordinate by coordinate, with
/// Adam's bias-corrected averages `mᵢ` of the gradients and `v` of `(1 − S)²`, to which 10⁻⁸ is added in
/// every step.
///
/// - Note: The authors' code multiplies the update by K besides; here that is a setting of the training
///   step. Two gradients of length 0 count as alike, and a single task as alike itself.
/// - Source: T. Borsani et al., "Gradient Similarity Surgery in Multi-Task Deep Learning", 2025, arXiv
///   2506.06130; the averages from the repository ThomBors/samgs.
public struct SAMGS: MatrixMethod {
  static let gamma = Parameter<Double>.inside(
    0...1, "gamma", default: 0.1, "Similarity below which all gradients are brought to one length.")
  static let beta1 = Parameter<Double>.share(
    "beta1", default: 0.9, "Decay of the average gradients.")
  static let beta2 = Parameter<Double>.share(
    "beta2", default: 0.99, "Decay of the average dissimilarity.")

  /// The similarity below which all gradients are brought to one length.
  public let gamma: Double
  /// The decay of the average gradients.
  public let beta1: Double
  /// The decay of the average dissimilarity.
  public let beta2: Double

  /// Creates the method.
  ///
  /// - Throws: `OptionError` where a value breaks its
  ///   rule.
  public init(gamma: Double = 0.1, beta1: Double = 0.9, beta2: Double = 0.99) throws(OptionError) {
    self.gamma = try Self.gamma.checked(gamma, for: Self.about.name)
    self.beta1 = try Self.beta1.checked(beta1, for: Self.about.name)
    self.beta2 = try Self.beta2.checked(beta2, for: Self.about.name)
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    gamma = try options.value(of: Self.gamma)
    beta1 = try options.value(of: Self.beta1)
    beta2 = try options.value(of: Self.beta2)
  }

  /// The average dissimilarity and the number of steps; the average gradients are the buffer `momentum`.
  public struct Dissimilarity: Codable, Equatable, Sendable {
    var average = 0.0
    var stepCount = 0
  }

  /// No step yet.
  public func initialState(taskCount: Int) -> Dissimilarity { Dissimilarity() }

  /// Returns the update by the rule that fits the gradients' similarity.
  ///
  /// - Complexity: O(K P + K²).
  public func direction<Rows: GradientRows>(
    rows: Rows, context: StepContext, state: inout MatrixState<Dissimilarity, Rows.Vector>,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> Rows.Vector {
    let lengths = rows.rows.map { Double.sqrt($0.dot($0)) }
    let similarity = Self.similarity(of: lengths)
    let before = state.buffers["momentum"] ?? rows.rows.map { $0.scaled(by: 0) }
    let momentum = zip(before, rows.rows).map {
      $0.scaled(by: beta1).adding($1, scaledBy: 1 - beta1)
    }
    state.buffers["momentum"] = momentum
    state.scalars.stepCount += 1
    let squared = (1 - similarity) * (1 - similarity)
    state.scalars.average = beta2 * state.scalars.average + (1 - beta2) * squared + 1e-8
    if similarity < gamma {
      let mean = lengths.reduce(0, +) / Double(lengths.count)
      return rows.combined(with: lengths.map { $0 > 0 ? mean / $0 : 0 })
    }
    let shaped = zip(rows.rows, momentum).map { $0.multiplied(by: $1.magnitudes()) }
    let factor = momentumFactor(state.scalars)
    return Rows(rows: shaped).combined(with: lengths.map { _ in factor })
  }

  /// Returns `1/((1 − β₁ᵗ) √v̂)`: both bias corrections and the division by the dissimilarity.
  private func momentumFactor(_ state: Dissimilarity) -> Double {
    let average = state.average / (1 - Double.pow(beta2, state.stepCount))
    return 1 / ((1 - Double.pow(beta1, state.stepCount)) * Double.sqrt(average))
  }

  /// Returns the mean gradient magnitude similarity over all pairs of lengths.
  static func similarity(of lengths: [Double]) -> Double {
    var sum = 0.0
    for (i, a) in lengths.enumerated() {
      for b in lengths[..<i] {
        // In terms of the ratio of the lengths no square can overflow.
        let ratio = min(a, b) / max(a, b)
        sum += max(a, b) > 0 ? 2 * ratio / (1 + ratio * ratio) : 1
      }
    }
    let pairCount = lengths.count * (lengths.count - 1) / 2
    return pairCount > 0 ? sum / Double(pairCount) : 1
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "sam-gs",
    title: "SAM-GS",
    summary: "Brings gradients of unlike length to one length and gives momentum to alike ones.",
    kind: .matrix,
    paper: Citation(
      authors: "Borsani et al.",
      title: "Gradient Similarity Surgery in Multi-Task Deep Learning",
      year: 2025, venue: "arXiv", address: "https://arxiv.org/abs/2506.06130"),
    formula: "S < γ: d = Σ gᵢ ḡ/|gᵢ|; else d = Σ gᵢ |m̂ᵢ|/√v̂",
    parameters: [gamma.description, beta1.description, beta2.description],
    cost: MethodCost(backwardPasses: "K", memory: "4·K·P"),
    state: "an average gradient for each task and the average dissimilarity",
    properties: [.permutationEquivariant, .deterministic])
}
