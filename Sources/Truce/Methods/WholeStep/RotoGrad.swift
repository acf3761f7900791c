/// RotoGrad: every task sees its own rotation of the shared features, and feature gradients get one length.
///
/// Head i reads `Rᵢ z` with a rotation `Rᵢ` that is learned by an optimizer of its own: it turns the target
/// `v = (1/K) Σ gᵢ |ḡ|/|gᵢ|`, where `gᵢ` is task i's gradient with respect to the features z and ḡ their
/// mean, towards the task's gradient, by the loss mean `|Rᵢ v − Rᵢ gᵢ|²` over samples with the task's
/// gradient held constant. The network receives `Σ C gᵢ/|gᵢ|`, where `C = Σ aᵢ |gᵢ|` and `aᵢ` is the share
/// of task i in the convergence ratios `|gᵢ|/|gᵢ|₀`; the reference lengths are those of the first step, and
/// again those after the burn-in.
///
/// - Note: With `scale` false the network receives the plain sum (RotateOnly). The paper advises a smaller
///   learning rate for the rotations without a number; a tenth of the network's is our choice.
/// - Source: A. Javaloy and I. Valera, "RotoGrad: Gradient Homogenization in Multitask Learning", ICLR 2022,
///   arXiv 2103.02631; details from the repository adrianjav/rotograd.
public struct RotoGrad: WholeStepMethod {
  static let latentSize = Parameter<Int?>(
    "latent_size", default: .some(nil), rule: "a whole number, at least 1, or none",
    "How many of the features, from the first, are rotated; none rotates all."
  ) { $0.map { $0 >= 1 } ?? true }
  static let burnIn = Parameter<Int>.atLeast(
    0, "burn_in_period", default: 20, "Steps after which the reference lengths are taken again.")
  static let scale = Parameter<Bool>.any(
    "scale", default: true, "Whether feature gradients are brought to one length.")
  static let rateFactor = Parameter<Double>.positive(
    "learning_rate_factor", default: 0.1, "Learning rate of the rotations over the network's.")

  /// How many features are rotated, or nil for all.
  public let latentSize: Int?
  /// The steps after which the reference lengths are taken again.
  public let burnIn: Int
  /// Whether feature gradients are brought to one length.
  public let scale: Bool
  /// The learning rate of the rotations over the network's.
  public let rateFactor: Double

  /// Creates the method.
  ///
  /// - Throws: `OptionError` where a value breaks its
  ///   rule.
  public init(
    latentSize: Int? = nil, burnIn: Int = 20, scale: Bool = true, rateFactor: Double = 0.1
  ) throws(OptionError) {
    self.latentSize = try Self.latentSize.checked(latentSize, for: Self.about.name)
    self.burnIn = try Self.burnIn.checked(burnIn, for: Self.about.name)
    self.scale = scale
    self.rateFactor = try Self.rateFactor.checked(rateFactor, for: Self.about.name)
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    latentSize = try options.value(of: Self.latentSize)
    burnIn = try options.value(of: Self.burnIn)
    scale = try options.value(of: Self.scale)
    rateFactor = try options.value(of: Self.rateFactor)
  }

  /// The reference lengths and the number of steps; the rotations belong to the engine.
  public struct Convergence: Codable, Equatable, Sendable {
    var references: [Double] = []
    var stepCount = 0
  }

  /// No reference yet.
  public func initialState(taskCount: Int) -> Convergence { Convergence() }

  /// Returns the factor of each feature gradient in the sum the network receives, `C/|gᵢ|` or 1.
  ///
  /// - Complexity: O(K).
  public func factors(lengths: [Double], state: inout Convergence) -> [Double] {
    // The floor is that of the authors' code: a gradient of length 0 stays finite.
    let lengths = lengths.map { max($0, 1e-15) }
    if state.stepCount == 0 || state.stepCount == burnIn { state.references = lengths }
    state.stepCount += 1
    guard scale else { return lengths.map { _ in 1 } }
    let ratios = zip(lengths, state.references).map { $0 / $1 }
    let sum = ratios.reduce(0, +)
    let common = zip(ratios, lengths).reduce(0) { $0 + $1.0 / sum * $1.1 }
    return lengths.map { common / $0 }
  }

  /// Returns the factor of each feature gradient in the target of the rotations, `|ḡ|/(K |gᵢ|)`.
  ///
  /// - Parameter gramian: the inner products of the feature gradients.
  /// - Complexity: O(K²).
  public func targetFactors(gramian: Gramian) -> [Double] {
    let share = 1 / Double(gramian.taskCount)
    let mean = gramian.squaredNorm(of: gramian.diagonal.map { _ in share }).squareRoot()
    return gramian.norms.map { $0 > 0 ? share * mean / $0 : 0 }
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "rotograd",
    title: "RotoGrad",
    summary: "Rotates the shared features for each task and brings their gradients to one length.",
    kind: .wholeStep,
    paper: Citation(
      authors: "Javaloy and Valera",
      title: "RotoGrad: Gradient Homogenization in Multitask Learning",
      year: 2022, venue: "ICLR", address: "https://arxiv.org/abs/2103.02631"),
    formula: "head i sees Rᵢ z; d = Σ C gᵢ/|gᵢ|, C = Σ aᵢ |gᵢ|, aᵢ ∝ |gᵢ|/|gᵢ|₀",
    parameters: [latentSize.description, burnIn.description, scale.description, rateFactor.description],
    needs: .featureGradients,
    cost: MethodCost(backwardPasses: "1", memory: "K·d² for d rotated features"),
    state: "a rotation with its optimizer and a reference length for each task")
}
