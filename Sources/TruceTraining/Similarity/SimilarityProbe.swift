import Torch
import TorchNN
import Truce
public import TruceData
import TruceModels
import TruceTasks
public import TruceTorch

/// Measures how alike the gradients of tasks and of samples are, without touching what it measures.
///
/// The pass is one of its own, in evaluation: dropout is off and normalisations use their running statistics.
/// Neither parameters nor their gradients, running statistics, modes or random sources change.
///
/// - Note: The study measured in training, where the samples of a batch meet in its statistics; per-sample
///   gradients then do not exist in the strict sense.
public struct SimilarityProbe {
  private let supervised: SupervisedNetwork
  private let parameters: NamedTensors

  /// Creates a probe.
  ///
  /// - Parameters:
  ///   - supervised: The network and its tasks.
  ///   - layers: The shared layers whose parameters count, as the parameters' names begin, such as
  ///     `trunk.conv1` or `trunk.layer1.0`; nil for all.
  /// - Throws: `SampleGradientError.unknownLayer`.
  public init(of supervised: SupervisedNetwork, layers: [String]? = nil) throws(SampleGradientError) {
    self.supervised = supervised
    parameters = try supervised.network.sharedParameters.belonging(to: layers)
  }

  /// The number of coordinates that are compared.
  public var parameterCount: Int { parameters.elementCount }

  /// The products of the gradients of every task for every sample of a batch.
  ///
  /// - Parameters:
  ///   - batch: The samples.
  ///   - chosen: The positions of the tasks that take part; nil for all.
  ///   - checksSamples: Whether one more pass makes sure that no sample depends on another.
  /// - Throws: `SampleGradientError`, or `TorchError`.
  /// - Complexity: One forward and one backward pass a task; see `SampleGradients` for the memory.
  public func measure(
    _ batch: Batch, tasks chosen: [Int]? = nil, checksSamples: Bool = true
  ) throws -> SampleGramian {
    try gradients(of: batch, tasks: chosen, checksSamples: checksSamples).gramian()
  }

  /// As ``measure(_:tasks:checksSamples:)``, for each layer by itself, in the same passes.
  public func measureByLayer(
    _ batch: Batch, tasks chosen: [Int]? = nil, checksSamples: Bool = true
  ) throws -> [(layer: String, gramian: SampleGramian)] {
    try gradients(of: batch, tasks: chosen, checksSamples: checksSamples).gramiansByLayer()
  }

  private func gradients(
    of batch: Batch, tasks chosen: [Int]?, checksSamples: Bool
  ) throws -> SampleGradients {
    try refuseDomains(of: batch)
    let tape = ActivationTape()
    let tasks = chosen ?? Array(supervised.tasks.indices)
    let losses = supervised.network.evaluating {
      supervised.network.recording(on: tape) {
        let outputs = supervised.network.forward(supervised.input(of: batch), tasks: tasks)
        return tasks.map { sampleLosses(ofTask: $0, outputs[$0], batch) }
      }
    }
    return try SampleGradients(
      tape: tape, losses: losses, of: parameters, checksSamples: checksSamples)
  }

  /// Tasks with examples of their own have no sample in common that could be compared.
  private func refuseDomains(of batch: Batch) throws {
    guard batch.domains.count > 1 else { return }
    throw TrainingError.incompatible(
      reason:
        "gradients are compared for the same samples, and these tasks have \(batch.domains.count) domains",
      help: "measure the similarity on a problem whose tasks look at the same examples")
  }

  /// The loss of each sample by itself; nil where it has no label.
  private func sampleLosses(ofTask position: Int, _ output: Tensor, _ batch: Batch) -> [Tensor?] {
    let task = supervised.tasks[position]
    guard let target = batch[task: task.name] else { return batch.positions.map { _ in nil } }
    return batch.positions.indices.map { sample in
      task.loss(output: output[sample..<(sample + 1)], target: target.ofSample(sample))
    }
  }
}

extension TaskTarget {
  /// The target of one sample.
  fileprivate func ofSample(_ sample: Int) -> TaskTarget {
    let range = sample..<(sample + 1)
    return TaskTarget(task: task, values: values[range], mask: mask?[range])
  }
}

extension NamedTensors {
  /// The tensors of some layers; all where nil.
  fileprivate func belonging(to layers: [String]?) throws(SampleGradientError) -> NamedTensors {
    guard let layers else { return self }
    let belongs = { (name: String, layer: String) in name == layer || name.hasPrefix(layer + ".") }
    for layer in layers where !names.contains(where: { belongs($0, layer) }) {
      let known = names.map { String($0[..<($0.lastIndex(of: ".") ?? $0.endIndex)]) }
      throw .unknownLayer(prefix: layer, closest: closestName(to: layer, among: known))
    }
    return NamedTensors(filter { entry in layers.contains { belongs(entry.name, $0) } })
  }
}
