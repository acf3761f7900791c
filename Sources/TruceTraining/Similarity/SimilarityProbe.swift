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
  private let judged: JudgedNetwork
  private let parameters: NamedTensors

  /// Creates a probe.
  ///
  /// - Parameters:
  ///   - judged: The network and its tasks.
  ///   - layers: The shared layers whose parameters count, as the parameters' names begin, such as
  ///     `trunk.conv1` or `trunk.layer1.0`; nil for all.
  /// - Throws: `SampleGradientError.unknownLayer`.
  public init(of judged: JudgedNetwork, layers: [String]? = nil) throws(SampleGradientError) {
    self.judged = judged
    parameters = try judged.network.sharedParameters.belonging(to: layers)
  }

  /// The number of coordinates that are compared.
  public var parameterCount: Int { parameters.elementCount }

  /// The products of the gradients of every task for every sample of a batch.
  ///
  /// - Parameters:
  ///   - batch: The samples.
  ///   - tasks: The positions of the tasks that take part; nil for all.
  ///   - checksSamples: Whether one more pass makes sure that no sample depends on another.
  /// - Throws: `SampleGradientError`, or `TorchError`.
  /// - Complexity: One forward and one backward pass a task; see `SampleGradients` for the memory.
  public func measure(
    _ batch: Batch, tasks chosen: [Int]? = nil, checksSamples: Bool = true
  ) throws -> SampleGramian {
    let tape = ActivationTape()
    let losses = judged.network.evaluating {
      judged.network.recording(on: tape) {
        let features = judged.features(of: batch)
        return (chosen ?? Array(judged.tasks.indices)).map { sampleLosses(ofTask: $0, features, batch) }
      }
    }
    let gradients = try SampleGradients(
      tape: tape, losses: losses, of: parameters, checksSamples: checksSamples)
    return try gradients.gramian()
  }

  /// The loss of each sample by itself; nil where it has no label.
  private func sampleLosses(ofTask task: Int, _ features: [Tensor], _ batch: Batch) -> [Tensor?] {
    let judge = judged.tasks[task]
    guard let target = batch[task: judge.name] else { return batch.positions.map { _ in nil } }
    let output = judged.network.output(ofTask: task, from: features)
    return batch.positions.indices.map { sample in
      judge.loss(output: output[sample..<(sample + 1)], target: target.ofSample(sample))
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
