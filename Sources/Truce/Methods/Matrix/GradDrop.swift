/// GradDrop, gradient sign dropout: in every coordinate only the gradients of one sign pass.
///
/// The sign purity of a coordinate is `P = ½ (1 + Σ gᵢ / Σ |gᵢ|)`. With a draw `U` from U(0, 1) the
/// positive entries pass where `P > U` and the negative ones where `P < U`; of the rest a share `leakᵢ`
/// passes. The update is the sum over the tasks.
///
/// - Note: The paper applies the rule to the gradients of a shared layer's outputs, multiplied by their
///   signs; on parameters, as in the repositories of CAGrad and TorchJD, it needs no sign. SamsungLabs/MTL
///   inverts the mask; the CAGrad repository averages and multiplies by K, which is this sum.
/// - Source: Z. Chen et al., "Just Pick a Sign: Optimizing Deep Multitask Models with Gradient Sign Dropout",
///   NeurIPS 2020, arXiv 2010.06808, Algorithm 1.
public struct GradDrop: MatrixMethod {
  static let leak = Parameter<TaskValues>.inside(
    0...1, "leak", default: 0, "Share of the dropped entries of each task that passes all the same.")
  static let uniform = Parameter<[Double]?>(
    "uniform", default: .some(nil), rule: "between 0 and 1, or none",
    "The draw for each coordinate, to repeat a known result; none draws anew at every step."
  ) { $0?.allSatisfy((0...1).contains) ?? true }

  /// The share of the dropped entries of each task that passes.
  public let leak: TaskValues
  /// The draw for each coordinate, or nil to draw anew at every step.
  public let uniform: [Double]?

  /// Creates the method.
  ///
  /// - Throws: `OptionError` where a value breaks its
  ///   rule.
  public init(leak: TaskValues = 0, uniform: [Double]? = nil) throws(OptionError) {
    self.leak = try Self.leak.checked(leak, for: Self.about.name)
    self.uniform = try Self.uniform.checked(uniform, for: Self.about.name)
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    leak = try options.value(of: Self.leak)
    uniform = try options.value(of: Self.uniform)
  }

  /// Returns the sum of the gradients that pass.
  ///
  /// - Throws: ``MethodError/wrongCount(what:expected:received:)`` where `leak` does not fit the tasks or
  ///   `uniform` the coordinates.
  /// - Complexity: O(K P).
  public func direction<Rows: GradientRows>(
    rows: Rows, context: StepContext, state: inout MatrixState<Stateless, Rows.Vector>,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> Rows.Vector {
    let leaks = try leak.values(taskCount: rows.taskCount, what: "leak shares")
    let draw = try draw(like: rows.rows[0], using: &generator)
    let zero = rows.rows[0].scaled(by: 0)
    var (sum, magnitudes, passing) = (zero, zero, zero)
    var (leaked, kept) = (zero, zero)
    for (row, leak) in zip(rows.rows, leaks) {
      let magnitude = row.magnitudes()
      sum = sum.adding(row, scaledBy: 1)
      magnitudes = magnitudes.adding(magnitude, scaledBy: 1)
      // ½ (|g| + g) is the positive part of a gradient and ½ (|g| − g) the negative one.
      passing = passing.adding(magnitude, scaledBy: (1 - leak) / 2)
      kept = kept.adding(row, scaledBy: (1 - leak) / 2)
      leaked = leaked.adding(row, scaledBy: leak)
    }
    let purity = sum.divided(by: magnitudes).scaled(by: 0.5).adding(constant: 0.5)
    let positive = passing.adding(kept, scaledBy: 1).multiplied(by: purity.exceeds(draw))
    let negative = passing.adding(kept, scaledBy: -1).multiplied(by: draw.exceeds(purity))
    return leaked.adding(positive, scaledBy: 1).adding(negative, scaledBy: -1)
  }

  /// Returns the given draw, or a new one.
  private func draw<Vector: GradientVector>(
    like vector: Vector, using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> Vector {
    guard let uniform else { return vector.uniform(using: &generator) }
    guard uniform.count == vector.count else {
      throw .wrongCount(what: "uniform draws", expected: vector.count, received: uniform.count)
    }
    return vector.vector(of: uniform)
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "graddrop",
    title: "GradDrop",
    summary: "Lets gradients of one sign pass in every coordinate, chosen at random by their share.",
    kind: .matrix,
    paper: Citation(
      authors: "Chen et al.",
      title: "Just Pick a Sign: Optimizing Deep Multitask Models with Gradient Sign Dropout",
      year: 2020, venue: "NeurIPS", address: "https://arxiv.org/abs/2010.06808"),
    formula: "P = ½ (1 + Σ gᵢ/Σ |gᵢ|); d = Σ ([g > 0][P > U] + [g < 0][P < U]) g, U ~ U(0, 1)",
    parameters: [leak.description, uniform.description],
    cost: MethodCost(backwardPasses: "K", memory: "(K + 12)·P"),
    properties: [.permutationEquivariant, .homogeneous])
}
