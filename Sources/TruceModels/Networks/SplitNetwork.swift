public import Torch
import TorchNN

/// A network of two halves: a shared one that makes features, and one that makes each task's output from them.
///
/// The features are its cut. Tasks that look at domains of their own share the first half, which then sees each
/// domain by itself, so that layers that look at a batch see one domain at a time.
public protocol SplitNetwork: MultiTaskNetwork {
  /// What the tasks see of an input: one tensor, or several where an architecture has more than one.
  func features(_ input: Tensor) -> [Tensor]

  /// One task's output from the features.
  func output(ofTask task: Int, from features: [Tensor]) -> Tensor

  /// A task's output in the size that the task wants, where the network makes smaller ones.
  func fitted(_ output: Tensor, to input: Tensor) -> Tensor
}

extension SplitNetwork {
  /// The output as it is.
  public func fitted(_ output: Tensor, to input: Tensor) -> Tensor { output }

  /// Domains of their own.
  public var takesDomains: Bool { true }

  /// The output of every task from the features.
  public func outputs(from features: [Tensor]) -> [Tensor] {
    taskNames.indices.map { output(ofTask: $0, from: features) }
  }

  /// One walk through the shared half for each domain, and the outputs from what it makes.
  public func forward(_ input: NetworkInput, tasks: [Int]) -> NetworkOutputs {
    var features: [[Tensor]?] = input.domains.map { _ in nil }
    var outputs: [Tensor?] = taskNames.map { _ in nil }
    for task in tasks {
      let domain = input.domain(ofTask: task)
      let shown = input.domains[domain][0].tensor
      let seen = features[domain] ?? self.features(shown)
      features[domain] = seen
      outputs[task] = fitted(output(ofTask: task, from: seen), to: shown)
    }
    return NetworkOutputs(outputs, cut: features.compactMap { $0 }.flatMap { $0 })
  }
}
