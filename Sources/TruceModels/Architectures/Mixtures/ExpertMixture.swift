import Torch
import TorchNN

// What architectures with experts have in common: trunks whose features a gate mixes for each task.

extension Tensor {
  /// Σ weight · output for each example, where the outputs are [examples, …] and the weights [examples, outputs].
  static func mixture(_ outputs: [Tensor], weights: Tensor) -> Tensor {
    let parts = zip(outputs, weights.unbound(axis: 1)).map { output, weight in
      output * weight.reshaped([-1] + Array(repeating: 1, count: output.rank - 1))
    }
    return parts.dropFirst().reduce(parts[0], +)
  }
}

/// A task's gate: how much of each expert it sees, as a softmax of a linear map of all that the experts are shown.
struct ExpertGate {
  let map: Linear

  init(_ inputs: Int, experts: Int, using generator: Generator) {
    map = Linear(inputs, experts, using: generator)
  }

  /// The shares of each example, [examples, experts].
  func callAsFunction(_ input: Tensor) -> Tensor { map(input.flattened(from: 1)).softmax(1) }
}

extension NetworkRequest {
  /// The shape of an example, where all have the same.
  ///
  /// - Throws: ``NetworkError`` where examples differ in size.
  func fixedInputShape(for architecture: String) throws(NetworkError) -> [Int] {
    let lengths = inputShape.compactMap(\.self)
    guard lengths.count == inputShape.count else {
      throw .unsuitable(
        reason: "\(architecture) has gates that look at all of an example, and these differ in size",
        help: "bring the examples to one size, or choose another architecture")
    }
    return lengths
  }

  /// So many trunks, one after the other.
  func makeTrunks(_ count: Int) throws -> [any Trunk] { try (0..<count).map { _ in try makeTrunk() } }

  /// So many trunks, each a chain of stages.
  ///
  /// - Throws: ``NetworkError`` where the trunk is none.
  func makeStagedTrunks(_ count: Int, for architecture: String) throws -> [any StagedTrunk] {
    try makeTrunks(count).staged(for: architecture)
  }
}

extension [any Trunk] {
  /// The trunks as chains of stages.
  ///
  /// - Parameters:
  ///   - architecture: What needs the stages.
  ///   - other: A further trunk that the architecture works with.
  /// - Throws: ``NetworkError`` where they are none.
  func staged(
    for architecture: String, orElse other: String? = nil
  ) throws(NetworkError) -> [any StagedTrunk] {
    let staged = compactMap { $0 as? any StagedTrunk }
    guard staged.count == count else {
      let known = ["resnet18", "resnet50", "deeplabv3"] + [other].compactMap(\.self)
      throw .unsuitable(
        reason: "\(architecture) works between the stages of a trunk, and this trunk has none",
        help: "choose one of the trunks \(known.joined(separator: ", "))")
    }
    return staged
  }
}
