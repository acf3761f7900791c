public import Torch
public import TorchNN
import TruceOptions

/// One trunk for all tasks, and a head for each.
///
/// The parameters are named `trunk.…` and `heads.<task>.…`.
///
/// - Source: R. Caruana, "Multitask Learning", 1997.
public final class HardSharing: SplitNetwork {
  /// The tasks' names, in the order of the heads.
  public var taskNames: [String] { heads.taskNames }
  private let trunk: any Module
  private let makeFeatures: (Tensor) -> [Tensor]
  private let heads: TaskHeads

  /// Creates the network from its parts.
  ///
  /// - Parameters:
  ///   - trunk: The layer whose output all tasks see.
  ///   - heads: A name and a layer for each task; the names must differ.
  public convenience init(trunk: any Layer, heads: [(task: String, head: any Layer)]) {
    self.init(trunk, heads: TaskHeads(heads)) { [trunk.forward($0)] }
  }

  /// Creates the network from its parts.
  ///
  /// - Parameters:
  ///   - trunk: What all tasks see the features of: one tensor.
  ///   - heads: A name and a layer for each task; the names must differ.
  public convenience init(on trunk: any Trunk, heads: [(task: String, head: any Layer)]) {
    self.init(on: trunk, heads: TaskHeads(heads))
  }

  convenience init(on trunk: any Trunk, heads: TaskHeads) {
    self.init(trunk, heads: heads, makeFeatures: trunk.features)
  }

  private init(_ trunk: any Module, heads: TaskHeads, makeFeatures: @escaping (Tensor) -> [Tensor]) {
    self.trunk = trunk
    self.makeFeatures = makeFeatures
    self.heads = heads
  }

  /// Creates the network with a linear head for each task.
  ///
  /// - Parameters:
  ///   - trunk: The layer whose output all tasks see.
  ///   - featureCount: The length of the last axis of that output.
  ///   - tasks: The name and the number of outputs of each task.
  ///   - generator: Where the heads' first values come from.
  ///   - dtype: The type of the heads' parameters.
  public convenience init(
    trunk: any Layer, featureCount: Int, tasks: [(name: String, outputCount: Int)],
    using generator: Generator, dtype: DType = .float32
  ) {
    self.init(
      trunk: trunk,
      heads: tasks.map {
        ($0.name, Linear(featureCount, $0.outputCount, using: generator, dtype: dtype))
      })
  }

  /// Shows the trunk and the heads.
  public func visit(_ visitor: ModuleVisitor) {
    visitor.child("trunk", trunk)
    heads.visit(visitor)
  }

  /// The trunk's parameters.
  public var sharedParameters: NamedTensors { trunk.parameters.prefixed("trunk") }

  /// The parameters of one head.
  public func headParameters(ofTask task: Int) -> NamedTensors { heads.parameters(ofTask: task) }

  /// The trunk's output, alone in its list.
  public func features(_ input: Tensor) -> [Tensor] { makeFeatures(input) }

  /// One head's output.
  public func output(ofTask task: Int, from features: [Tensor]) -> Tensor {
    precondition(features.count == 1, "hard sharing has one tensor of features, got \(features.count)")
    return heads.layers[task].forward(features[0])
  }

  /// A map in the height and width of the input, where it is smaller.
  public func fitted(_ output: Tensor, to input: Tensor) -> Tensor { heads.fitted(output, to: input) }
}

extension ArchitectureEntry {
  /// The line of hard parameter sharing.
  static let hardSharing = ArchitectureEntry(
    about: ArchitectureDescription(
      name: "hard-sharing", summary: "one trunk for all tasks, and a head for each",
      parameters: HeadSettings.parameters, source: "Caruana 1997", shares: "the trunk")
  ) { options, request in
    try request.refuseParts(under: options.owner)
    let settings = try HeadSettings(options)
    let trunk = try request.makeTrunk()
    return HardSharing(on: trunk, heads: try settings.makeHeads(for: request, on: trunk))
  }
}

extension NetworkRequest {
  /// Refuses tasks that each look at a part of their own.
  func refuseParts(under architecture: String) throws(NetworkError) {
    guard let task = tasks.first(where: { $0.part != nil }) else { return }
    throw .unsuitable(
      reason: "\(architecture) shows every task the whole example, and '\(task.name)' looks at a part of it",
      help: "choose the architecture single-head")
  }
}
