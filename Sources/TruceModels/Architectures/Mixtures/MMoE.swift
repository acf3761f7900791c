import Torch
public import TorchNN
import TruceOptions

/// Several trunks that all tasks use, of which each task sees a mixture of its own.
///
/// The features of a task are Σ g_e · expert_e, where its gate g is a softmax of a linear map of the whole example, so
/// that examples must be of one size. The parameters are named `shared.<e>.…`, `gates.<task>.…` and `heads.<task>.…`.
///
/// - Source: J. Ma et al., "Modeling Task Relationships in Multi-task Learning with Multi-gate Mixture-of-Experts", 2018,
///   section 4.2; the public code of LibMTL.
public final class MMoE: MultiTaskNetwork {
  private let experts: [any Trunk]
  private let gates: [ExpertGate]
  private let heads: TaskHeads

  init(experts: [any Trunk], gates: [ExpertGate], heads: TaskHeads) {
    self.experts = experts
    self.gates = gates
    self.heads = heads
  }

  /// The tasks' names, in the order of the heads.
  public var taskNames: [String] { heads.taskNames }

  /// Shows the experts, the gates and the heads.
  public func visit(_ visitor: ModuleVisitor) {
    visitor.children("shared", experts)
    for (name, gate) in zip(taskNames, gates) { visitor.child("gates.\(name)", gate.map) }
    heads.visit(visitor)
  }

  /// The experts' parameters.
  public var sharedParameters: NamedTensors { parameters.under(names: ["shared"]) }

  /// The parameters of one gate and one head.
  public func headParameters(ofTask task: Int) -> NamedTensors {
    parameters.under(names: ["gates.\(taskNames[task])", "heads.\(taskNames[task])"])
  }

  /// The outputs, with the experts' features as the cut.
  public func forward(_ input: NetworkInput, tasks: [Int]) -> NetworkOutputs {
    let shown = input.only
    let features = experts.map { $0.features(shown)[0] }
    return NetworkOutputs(
      heads.outputs(ofTasks: tasks, for: shown) { .mixture(features, weights: gates[$0](shown)) },
      cut: features)
  }
}

extension ArchitectureEntry {
  private static let experts = Parameter<Int>.atLeast(
    1, "experts", default: 3, "The number of trunks that all tasks use.")

  /// The line of the multi-gate mixture of experts.
  static let mmoe = ArchitectureEntry(
    about: ArchitectureDescription(
      name: "mmoe", summary: "several trunks for all tasks, of which each sees a mixture of its own",
      parameters: [experts.description] + HeadSettings.parameters, source: "Ma et al. 2018",
      shares: "the trunks")
  ) { options, request in
    try request.refuseParts(under: options.owner)
    let settings = try HeadSettings(options)
    let inputs = try request.fixedInputShape(for: options.owner).reduce(1, *)
    let trunks = try request.makeTrunks(options.value(of: experts))
    return MMoE(
      experts: trunks,
      gates: request.tasks.map { _ in ExpertGate(inputs, experts: trunks.count, using: request.generator) },
      heads: try settings.makeHeads(for: request, on: trunks[0]))
  }
}
