import Torch
public import TorchNN

extension MultiTaskNetwork {
  /// A state under this network's names, where it may bear those of a published network.
  ///
  /// A state that has one of this network's names is returned as it is. Of a published one, weights of losses that lie in
  /// the network (`logsigma`) are left out, since they belong to a loss weighting here, and what only this network keeps
  /// stays as it is. Names that are no published ones are kept, so that loading refuses them.
  ///
  /// - Parameter state: Tensors by name.
  public func state(fromPublished state: NamedTensors) -> NamedTensors {
    let own = stateDictionary()
    guard !state.names.contains(where: { own[$0] != nil }) else { return state }
    let names = PublishedNames(state.names, tasks: taskNames)
    var translated = NamedTensors()
    for (name, tensor) in state where !PublishedNames.isLeftOut(name) {
      translated.append(tensor, named: names.own(name) ?? name)
    }
    let kept = own.filter { $0.name == "progress" && translated[$0.name] == nil }
    return translated.appending(NamedTensors(kept)).withBatchCounts(of: self)
  }
}

extension PublishedNames {
  /// The learned weights of losses that some published networks hold.
  static let lossWeights: Set<String> = ["logsigma", "loss_scale"]

  /// Whether a tensor has no place in a network here: weights of losses, and what is saved under another name too.
  static func isLeftOut(_ name: String) -> Bool {
    lossWeights.contains(unwrapped(name)) || name.hasPrefix(repeatedHeads)
  }
}
