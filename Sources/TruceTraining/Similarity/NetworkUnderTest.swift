import Torch
import Truce
public import TruceModels
public import TruceRun
public import TruceTasks

/// A problem and a network for it, fresh or from a checkpoint, to be measured rather than trained.
public struct NetworkUnderTest {
  /// The data and the tasks.
  public let problem: any Problem
  /// The network.
  public let network: any MultiTaskNetwork

  /// The network with the problem's tasks.
  public var supervisedNetwork: SupervisedNetwork { SupervisedNetwork(network, tasks: problem.tasks) }

  /// Makes the problem and the network a configuration describes.
  ///
  /// - Parameters:
  ///   - configuration: What a run would be told; the seed decides a fresh network's weights.
  ///   - catalogues: What the configuration can name.
  ///   - checkpoint: Where the network's state comes from; nil leaves it fresh.
  /// - Throws: ``TrainingError``, `DataError`, `MethodError`, or ``NetworkCheckpointError``.
  public init(
    _ configuration: RunConfiguration, catalogues: Catalogues, checkpoint: NetworkCheckpoint?
  ) throws {
    let choices = try TrainingChoices(configuration, catalogues)
    guard case .labelled(let entry, let choice) = choices.subject else {
      throw TrainingError.incompatible(
        reason: "\(configuration.problem) has environments and no labelled data for a network",
        help: "set conflict_every in a run of it, which tells how its gradients conflict")
    }
    try choices.setEngine()
    let parts = try RunParts(choices, entry, choice)
    problem = parts.problem
    network = try parts.makeNetwork(using: Generator(seed: UInt64(configuration.seed)))
    try checkpoint?.load(into: network)
  }
}
