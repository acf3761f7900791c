/// MTL-IO: the shared parameters have one optimizer for each task.
///
/// All task gradients are taken at the same parameters; then every task's optimizer, of the kind and with the
/// settings of the training, steps with its own gradient, one after the other. With Adam this is AdaTask;
/// with plain SGD it is equal weighting. Each head is stepped by its own task's optimizer.
///
/// - Source: C. Elich et al., "Examining Common Paradigms in Multi-Task Learning", GCPR 2024, arXiv
///   2311.04698, where it is compared under this name.
public struct MTLIO: WholeStepMethod {
  /// Creates the method.
  public init() {}

  /// Creates the method; it has no options.
  public init(options: Options) throws(OptionError) {}

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "mtl-io",
    title: "MTL-IO",
    summary: "Keeps one optimizer for each task on the shared parameters.",
    kind: .wholeStep,
    paper: Citation(
      authors: "Elich et al.",
      title: "Examining Common Paradigms in Multi-Task Learning",
      year: 2024, venue: "GCPR", address: "https://arxiv.org/abs/2311.04698"),
    formula: "θ ← θ + Σ Δᵢ, where Δᵢ is the step of task i's own optimizer with gᵢ",
    cost: MethodCost(backwardPasses: "K", memory: "K·(P + O) for O numbers of an optimizer state"),
    state: "an optimizer for each task",
    properties: [.permutationEquivariant, .deterministic])
}
