import Torch
public import TorchNN
import TruceOptions

/// The mixture of ``CGC`` at every stage of the trunks instead of once behind them.
///
/// Each task carries features of its own from stage to stage, beginning with the example. At every stage they go through
/// the shared experts' stages and the task's own, and a gate, a softmax of a linear map of all that the stage was shown,
/// mixes what comes out. The parameters are named `shared.<e>.…`, `own.<task>.<e>.…`, `gates.<task>.<stage>.…` and
/// `heads.<task>.…`.
///
/// - Source: H. Tang et al., "Progressive Layered Extraction", 2020, section 4.3; the public code of LibMTL.
/// - Note: The shared experts' batch normalisations see each task's features by themselves, so that their running
///   statistics move once for each task. LibMTL learns the gates' sizes by sending a random example through the first
///   shared expert in training; here an example of zeros goes through in evaluation, which changes nothing.
public final class PLE: MultiTaskNetwork {
  private let shared: [any StagedTrunk]
  private let own: [[any StagedTrunk]]
  private let gates: [[ExpertGate]]
  private let heads: TaskHeads

  init(shared: [any StagedTrunk], own: [[any StagedTrunk]], gates: [[ExpertGate]], heads: TaskHeads) {
    self.shared = shared
    self.own = own
    self.gates = gates
    self.heads = heads
  }

  /// The tasks' names, in the order of the heads.
  public var taskNames: [String] { heads.taskNames }

  /// Shows the shared experts, the tasks' own, the gates and the heads.
  public func visit(_ visitor: ModuleVisitor) {
    visitor.children("shared", shared)
    for (name, experts) in zip(taskNames, own) { visitor.children("own.\(name)", experts) }
    for (name, gates) in zip(taskNames, gates) { visitor.children("gates.\(name)", gates.map(\.map)) }
    heads.visit(visitor)
  }

  /// The parameters of the shared experts.
  public var sharedParameters: NamedTensors { parameters.under(names: ["shared"]) }

  /// The parameters of one task's gates, own experts and head.
  public func headParameters(ofTask task: Int) -> NamedTensors {
    let name = taskNames[task]
    return parameters.under(names: ["gates.\(name)", "own.\(name)", "heads.\(name)"])
  }

  /// The outputs; a cut there is none, since tasks meet at every stage.
  public func forward(_ input: NetworkInput, tasks: [Int]) -> NetworkOutputs {
    let shown = input.only
    return NetworkOutputs(
      heads.outputs(ofTasks: tasks, for: shown) { task in
        let experts = shared + own[task]
        let last = gates[task].enumerated().reduce(shown) { features, gate in
          .mixture(experts.map { $0.stages[gate.offset](features) }, weights: gate.element(features))
        }
        return shared[0].finished(last)
      })
  }
}

extension ArchitectureEntry {
  /// The line of progressive layered extraction.
  static let ple = ArchitectureEntry(
    about: ArchitectureDescription(
      name: "ple",
      summary: "trunks for all tasks and trunks of each task's own, mixed for each task at every stage",
      parameters: ExpertCounts.parameters + HeadSettings.parameters, source: "Tang et al. 2020",
      shares: "the trunks for all tasks")
  ) { options, request in
    try request.refuseParts(under: options.owner)
    let settings = try HeadSettings(options)
    let counts = try ExpertCounts(options, tasks: request.tasks)
    let shape = try request.fixedInputShape(for: options.owner)
    let shared = try request.makeStagedTrunks(counts.shared, for: options.owner)
    let own = try counts.own.map { try request.makeStagedTrunks($0, for: options.owner) }
    let sizes = shared[0].stageInputShapes(for: shape).map { $0.reduce(1, *) }
    let gates = counts.own.map { count in
      sizes.map { ExpertGate($0, experts: counts.shared + count, using: request.generator) }
    }
    return PLE(
      shared: shared, own: own, gates: gates, heads: try settings.makeHeads(for: request, on: shared[0]))
  }
}
