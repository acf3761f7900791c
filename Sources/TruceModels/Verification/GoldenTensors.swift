import Torch
import TorchNN

/// A network's parameters in the order and under the names of a file of golden values.
struct GoldenTensors {
  /// The file's entries with the network's tensors.
  let pairs: [(entry: GoldenNetworkFile.Entry, own: String, tensor: Tensor)]

  /// - Throws: ``VerificationError`` where the network lacks one of the file's tensors, or has another one.
  init(
    _ file: GoldenNetworkFile, _ network: any MultiTaskNetwork, tasks: [String]
  ) throws(VerificationError) {
    let names = PublishedNames(file.tensors.map(\.name), tasks: tasks)
    let parameters = network.parameters
    var pairs: [(entry: GoldenNetworkFile.Entry, own: String, tensor: Tensor)] = []
    for entry in file.tensors {
      guard let own = names.own(entry.name), let tensor = parameters[own] else {
        throw .unknown(network: file.network, reason: "its network has no '\(entry.name)' here")
      }
      pairs.append((entry, own, tensor))
    }
    let taken = Set(pairs.map(\.own))
    if let extra = parameters.names.first(where: { !taken.contains($0) }) {
      throw .unknown(network: file.network, reason: "the network here has also '\(extra)'")
    }
    self.pairs = pairs
  }

  /// The tensors whose shape is not the recorded one.
  var misshapen: [String] { pairs.filter { $0.entry.shape != $0.tensor.shape }.map(\.entry.name) }

  /// The number of parameters of a block.
  func count(ofBlock block: String) -> Int {
    pairs.filter { $0.entry.belongs(to: block) }.reduce(0) { $0 + $1.tensor.count }
  }

  /// How many tensors the network shares and the file does not, or the other way round.
  func sharedOtherwise(_ network: any MultiTaskNetwork, _ file: GoldenNetworkFile) -> Int {
    let shared = Set(network.sharedParameters.names)
    return pairs.count { pair in
      shared.contains(pair.own) != file.sharedBlocks.contains { pair.entry.belongs(to: $0) }
    }
  }

  /// Gives every tensor its value of the formula: the stream is its position in the file.
  func fill(seed: UInt64, gain: Double) {
    withoutGradients {
      for (position, pair) in pairs.enumerated() {
        let numbers = FormulaNumbers(seed: seed, stream: UInt64(position)).signed(pair.tensor.shape)
        pair.tensor.copyInPlace(from: Self.value(numbers, of: pair.entry.name, gain: gain))
      }
    }
  }

  private static func value(_ v: Tensor, of name: String, gain: Double) -> Tensor {
    switch name.split(separator: ".").last {
    case "bias": return v * 0.1
    case "weight":
      let inputs = v.shape.dropFirst().reduce(1, *)
      return v.rank == 1 ? v * 0.1 + 1 : v * (3 * gain / Double(inputs)).squareRoot()
    default: return v * 0.1 + 1 / Double(v.shape[v.rank - 1])
    }
  }
}
