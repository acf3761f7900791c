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
  public let taskNames: [String]
  private let trunk: any Module
  private let makeFeatures: (Tensor) -> [Tensor]
  private let heads: [any Layer]

  /// Creates the network from its parts.
  ///
  /// - Parameters:
  ///   - trunk: The layer whose output all tasks see.
  ///   - heads: A name and a layer for each task; the names must differ.
  public convenience init(trunk: any Layer, heads: [(task: String, head: any Layer)]) {
    self.init(trunk, heads: heads) { [trunk.forward($0)] }
  }

  /// Creates the network from its parts.
  ///
  /// - Parameters:
  ///   - trunk: What all tasks see the features of: one tensor.
  ///   - heads: A name and a layer for each task; the names must differ.
  public convenience init(on trunk: any Trunk, heads: [(task: String, head: any Layer)]) {
    self.init(trunk, heads: heads, makeFeatures: trunk.features)
  }

  private init(
    _ trunk: any Module, heads: [(task: String, head: any Layer)],
    makeFeatures: @escaping (Tensor) -> [Tensor]
  ) {
    let names = heads.map(\.task)
    precondition(Set(names).count == names.count, "two tasks bear one name: \(names)")
    taskNames = names
    self.trunk = trunk
    self.makeFeatures = makeFeatures
    self.heads = heads.map(\.head)
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
    for (name, head) in zip(taskNames, heads) { visitor.child("heads.\(name)", head) }
  }

  /// The trunk's parameters.
  public var sharedParameters: NamedTensors { trunk.parameters.prefixed("trunk") }

  /// The parameters of one head.
  public func headParameters(ofTask task: Int) -> NamedTensors {
    heads[task].parameters.prefixed("heads.\(taskNames[task])")
  }

  /// The trunk's output, alone in its list.
  public func features(_ input: Tensor) -> [Tensor] { makeFeatures(input) }

  /// One head's output.
  public func output(ofTask task: Int, from features: [Tensor]) -> Tensor {
    precondition(features.count == 1, "hard sharing has one tensor of features, got \(features.count)")
    return heads[task].forward(features[0])
  }
}

extension ArchitectureEntry {
  /// The line of hard parameter sharing.
  static let hardSharing = ArchitectureEntry(
    about: ArchitectureDescription(
      name: "hard-sharing", summary: "one trunk for all tasks, and a head for each",
      parameters: HeadSettings.parameters, source: "Caruana 1997", shares: "the trunk")
  ) { options, request in
    try request.refuseParts(under: options.owner)
    let heads = try HeadSettings(options)
    let trunk = try request.makeTrunk()
    return HardSharing(
      on: trunk,
      heads: try request.tasks.map { task in
        (task.name, try heads.makeHead(of: task, on: trunk, using: request.generator))
      })
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
