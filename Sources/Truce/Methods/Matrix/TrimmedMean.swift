/// Trimmed mean: in every coordinate the smallest and largest gradients are left out of the average.
///
/// With `trim` = n the n smallest and the n largest of the K entries are dropped and the rest averaged, so
/// a task whose gradient stands out has little say. It needs more than 2n tasks.
///
/// - Source: D. Yin et al., "Byzantine-Robust Distributed Learning: Towards Optimal Statistical Rates",
///   ICML 2018, arXiv 1803.01498, Definition 2.
public struct TrimmedMean: MatrixMethod {
  static let trim = Parameter<Int>.atLeast(
    0, "trim", default: 1, "Number of smallest and of largest entries dropped in every coordinate.")

  /// The number of smallest and of largest entries dropped.
  public let trim: Int

  /// Creates the method.
  ///
  /// - Throws: `OptionError` where the number is
  ///   negative.
  public init(trim: Int = 1) throws(OptionError) {
    self.trim = try Self.trim.checked(trim, for: Self.about.name)
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    trim = try options.value(of: Self.trim)
  }

  /// Returns the mean of the entries that are left.
  ///
  /// - Throws: ``MethodError/option(_:)`` where nothing would be left.
  /// - Complexity: O(K log K P).
  public func direction<Rows: GradientRows>(
    rows: Rows, context: StepContext, state: inout MatrixState<Stateless, Rows.Vector>,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> Rows.Vector {
    guard rows.taskCount - trim > trim else {
      throw .option(
        .invalidOption(
          owner: Self.about.name, option: Self.trim.name,
          rule: "less than half the number of tasks, which is \(rows.taskCount)", received: "\(trim)"))
    }
    return rows.trimmedMean(dropping: trim)
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "trimmed-mean",
    title: "TrimmedMean",
    summary: "Averages every coordinate without its smallest and largest entries.",
    kind: .matrix,
    paper: Citation(
      authors: "Yin et al.",
      title: "Byzantine-Robust Distributed Learning: Towards Optimal Statistical Rates",
      year: 2018, venue: "ICML", address: "https://arxiv.org/abs/1803.01498"),
    formula: "d = mean of each coordinate's entries without the n smallest and n largest",
    parameters: [trim.description],
    cost: MethodCost(backwardPasses: "K", memory: "3·K·P"),
    properties: [.permutationEquivariant, .homogeneous, .deterministic])
}
