import Torch
import TorchNN

/// Checks that a network shows all that it trains, and that its tasks share what it says they share.
///
/// A module that a network forgets to show is neither trained nor saved, and nothing else would say so.
public struct NetworkAudit {
  private let network: any MultiTaskNetwork

  /// Prepares to check a network.
  public init(_ network: any MultiTaskNetwork) {
    self.network = network
  }

  /// Runs the network once, in evaluation, and reads what its outputs depend on.
  ///
  /// Nothing of the network changes.
  ///
  /// - Parameter input: An example of each domain, [1, …].
  /// - Throws: ``NetworkError`` that names the parameter by its shape, or the task that shares nothing; `TorchError`.
  /// - Complexity: One forward pass for one example.
  public func check(on input: NetworkInput) throws {
    try checkDomains(of: input)
    let outputs = network.evaluating { network(input).all }
    let parameters = network.parameters
    if let leaf = try GradientSweep.unlistedLeaf(of: outputs.compactMap { $0 }, listed: parameters.tensors) {
      throw NetworkError.unsuitable(
        reason: "the network has a parameter of shape \(leaf.shape) that its `visit` does not show",
        help: "show the module that holds it in `visit`, or make it need no gradient")
    }
    try checkSharing(outputs)
  }

  /// Refuses several domains where the network shows all tasks the same examples.
  private func checkDomains(of input: NetworkInput) throws {
    guard input.domains.count > 1, !network.takesDomains else { return }
    throw NetworkError.unsuitable(
      reason:
        "the network shows all tasks the same examples, and these tasks have \(input.domains.count) domains",
      help: "choose the architecture hard-sharing, which takes a domain for each task")
  }

  /// Refuses a task whose output no shared parameter reaches, where there are any.
  private func checkSharing(_ outputs: [Tensor?]) throws {
    let shared = network.sharedParameters.tensors.filter(\.requiresGrad)
    guard !shared.isEmpty, outputs.count > 1 else { return }
    let reached = try GradientSweep.reached(from: outputs, parameters: shared)
    for (task, row) in reached.enumerated() where outputs[task] != nil && !row.contains(true) {
      throw NetworkError.unsuitable(
        reason:
          "the task '\(network.taskNames[task])' depends on none of the parameters the network says its tasks share",
        help: "say in `sharedParameters` what the tasks share, or train that task alone")
    }
  }
}
