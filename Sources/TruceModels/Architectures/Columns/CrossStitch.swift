import Torch
public import TorchNN
import TruceOptions

/// A trunk for each task, whose features are mixed between the stages.
///
/// Before the second stage behind the stem and every later one, column t goes on with Σ_j a[t][j] · (what column j gave);
/// the stem and the first stage go alone. The parameters are named `units` [stages behind the stem, tasks, tasks],
/// `columns.<task>.…` and `heads.<task>.…`; the last of the units is never used, as published.
///
/// - Source: I. Misra et al., "Cross-stitch Networks for Multi-task Learning", 2016, section 3; the public code of LibMTL.
/// - Note: As in LibMTL all units begin with 1, so that columns begin with the sum of all; the paper begins close to the
///   identity.
public final class CrossStitch: MultiTaskNetwork {
  private var units: Tensor
  private var tape: LayerTape?
  private let columns: [any StagedTrunk]
  private let heads: TaskHeads

  init(columns: [any StagedTrunk], heads: TaskHeads) {
    let count = columns.count
    units = Tensor.ones([columns[0].stages.count - 1, count, count]).requiringGrad()
    self.columns = columns
    self.heads = heads
  }

  /// The tasks' names, in the order of the columns.
  public var taskNames: [String] { heads.taskNames }

  /// Shows the units, the tape, the columns and the heads.
  public func visit(_ visitor: ModuleVisitor) {
    visitor.parameter("units", &units)
    visitor.tape(&tape)
    for (name, column) in zip(taskNames, columns) { visitor.child("columns.\(name)", column) }
    heads.visit(visitor)
  }

  /// The units and all columns.
  public var sharedParameters: NamedTensors { parameters.under(names: ["units", "columns"]) }

  /// The parameters of one head.
  public func headParameters(ofTask task: Int) -> NamedTensors { heads.parameters(ofTask: task) }

  /// The outputs; each task has features of its own, so there is no cut that all meet at.
  public func forward(_ input: NetworkInput, tasks: [Int]) -> NetworkOutputs {
    let shown = input.only
    let features = columns.walkedTogether(from: shown) { stage, features in
      stage < 2 ? nil : mixed(features, by: stage - 2)
    }
    return NetworkOutputs(
      heads.outputs(ofTasks: tasks, for: shown) { columns[$0].finished(features[$0]) })
  }

  private func mixed(_ features: [Tensor], by unit: Int) -> [Tensor] {
    columns.indices.map { task in
      features.summed(
        by: units, from: (unit * columns.count + task) * columns.count, on: tape?.part("units"))
    }
  }
}

extension [any StagedTrunk] {
  /// What each column's last stage gives, where columns mix on the way.
  ///
  /// - Parameters:
  ///   - input: What all columns are shown.
  ///   - mixing: For a stage and what the columns have, what each goes on with; nil for its own.
  func walkedTogether(
    from input: Tensor, mixing: (_ stage: Int, _ features: [Tensor]) -> [Tensor]?
  ) -> [Tensor] {
    var features = map { _ in input }
    for stage in self[0].stages.indices {
      if let mixed = mixing(stage, features) { features = mixed }
      features = zip(self, features).map { $0.stages[stage]($1) }
    }
    return features
  }
}

extension [Tensor] {
  /// For each row of weights the weighted sum of these tensors.
  func mixed(by weights: Tensor) -> [Tensor] { indices.map { summed(by: weights[$0]) } }

  /// Σ weight · tensor, with the numbers of a parameter from a place on, written down where calls are recorded.
  func summed(by parameter: Tensor, from first: Int, on tape: LayerTape?) -> Tensor {
    let sum = summed(by: parameter.flattened(from: 0).narrowed(0, start: first, length: count))
    tape?.append(
      .mixing(parts: self, first: first), weight: parameter, bias: nil, input: self[0], output: sum)
    return sum
  }

  /// Σ weight · tensor, with a weight for each.
  private func summed(by weights: Tensor) -> Tensor {
    let parts = indices.map { self[$0] * weights[$0] }
    return parts.dropFirst().reduce(parts[0], +)
  }
}

extension ArchitectureEntry {
  /// The line of cross-stitch networks.
  static let crossStitch = ArchitectureEntry(
    about: ArchitectureDescription(
      name: "cross-stitch", summary: "a trunk for each task, mixed with the others between the stages",
      parameters: HeadSettings.parameters, source: "Misra et al. 2016",
      shares: "all trunks and what mixes them")
  ) { options, request in
    try request.refuseParts(under: options.owner)
    let settings = try HeadSettings(options)
    let trunks = try request.makeTrunks(request.tasks.count)
    if let columns = trunks as? [SegNetTrunk] {
      let heads = try settings.makeHeads(for: request, on: columns[0])
      return SegNetCrossStitch(columns: columns, heads: heads, using: request.generator)
    }
    let columns = try trunks.staged(for: options.owner, orElse: "segnet")
    return CrossStitch(columns: columns, heads: try settings.makeHeads(for: request, on: columns[0]))
  }
}
