/// Sum: the sum of the task gradients.
///
/// `wᵢ = 1`. The same update as adding the losses, by way of the task gradients: for measuring conflict,
/// and as a baseline with the cost of the gradient methods.
public struct Sum: GramianMethod {
  /// Creates the method.
  public init() {}

  /// Creates the method; it has no options.
  public init(options: Options) throws(OptionError) {}

  /// Returns 1 for each task.
  public func weights(
    gramian: Gramian, context: StepContext, state: inout Stateless,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    [Double](repeating: 1, count: gramian.taskCount)
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "sum",
    title: "Sum",
    summary: "Adds the task gradients.",
    kind: .gramian,
    paper: EqualWeighting.about.paper,
    formula: "wᵢ = 1",
    cost: .gradientRows,
    properties: [
      .permutationEquivariant, .homogeneous, .linearUnderScaling, .nonNegativeWeights,
      .deterministic,
    ],
    notes: ["The update of equal weighting, at the cost of the gradient methods."])
}
