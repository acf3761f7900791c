import Torch
public import TorchNN
import TruceOptions

/// Trunks that all tasks use and trunks of each task's own, of which each task sees a mixture.
///
/// The features of a task are Σ g_e · expert_e over the shared trunks and then its own, where its gate g is a softmax of a
/// linear map of the whole example, so that examples must be of one size. The parameters are named `shared.<e>.…`,
/// `gates.<task>.…`, `own.<task>.<e>.…` and `heads.<task>.…`.
///
/// - Source: H. Tang et al., "Progressive Layered Extraction", 2020, section 4.2; the public code of LibMTL.
public final class CGC: MultiTaskNetwork {
  private let shared: [any Trunk]
  private let own: [[any Trunk]]
  private let gates: [ExpertGate]
  private let heads: TaskHeads

  init(shared: [any Trunk], own: [[any Trunk]], gates: [ExpertGate], heads: TaskHeads) {
    self.shared = shared
    self.own = own
    self.gates = gates
    self.heads = heads
  }

  /// The tasks' names, in the order of the heads.
  public var taskNames: [String] { heads.taskNames }

  /// Shows the shared experts, the gates, the tasks' own experts and the heads.
  public func visit(_ visitor: ModuleVisitor) {
    visitor.children("shared", shared)
    for (name, gate) in zip(taskNames, gates) { visitor.child("gates.\(name)", gate.map) }
    for (name, experts) in zip(taskNames, own) { visitor.children("own.\(name)", experts) }
    heads.visit(visitor)
  }

  /// The parameters of the shared experts.
  public var sharedParameters: NamedTensors { parameters.under(names: ["shared"]) }

  /// The parameters of one task's gate, own experts and head.
  public func headParameters(ofTask task: Int) -> NamedTensors {
    let name = taskNames[task]
    return parameters.under(names: ["gates.\(name)", "own.\(name)", "heads.\(name)"])
  }

  /// The outputs, with the shared experts' features as the cut.
  public func forward(_ input: NetworkInput, tasks: [Int]) -> NetworkOutputs {
    let shown = input.only
    let features = shared.map { $0.features(shown)[0] }
    let outputs = heads.outputs(ofTasks: tasks, for: shown) { task in
      .mixture(features + own[task].map { $0.features(shown)[0] }, weights: gates[task](shown))
    }
    return NetworkOutputs(outputs, cut: features)
  }
}

extension ArchitectureEntry {
  /// The line of customised gate control.
  static let cgc = ArchitectureEntry(
    about: ArchitectureDescription(
      name: "cgc",
      summary: "trunks for all tasks and trunks of each task's own, of which each sees a mixture",
      parameters: ExpertCounts.parameters + HeadSettings.parameters, source: "Tang et al. 2020",
      shares: "the trunks for all tasks")
  ) { options, request in
    try request.refuseParts(under: options.owner)
    let settings = try HeadSettings(options)
    let counts = try ExpertCounts(options, tasks: request.tasks)
    let inputs = try request.fixedInputShape(for: options.owner).reduce(1, *)
    let shared = try request.makeTrunks(counts.shared)
    let own = try counts.own.map(request.makeTrunks)
    return CGC(
      shared: shared, own: own,
      gates: counts.own.map { ExpertGate(inputs, experts: counts.shared + $0, using: request.generator) },
      heads: try settings.makeHeads(for: request, on: shared[0]))
  }
}
