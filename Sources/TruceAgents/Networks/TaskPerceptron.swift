import Torch
import TorchNN

/// Linear maps with max(0, x) behind each, and a last linear map: one for all tasks, or one for each.
///
/// The parameters are named `trunk.0.weight`, `trunk.2.weight`, …, `head.weight` or `heads.0.weight`, ….
final class TaskPerceptron: Module {
  private let trunk: Sequential
  private let heads: [Linear]
  private let hasHeads: Bool

  /// Creates a network.
  ///
  /// - Parameters:
  ///   - inputCount: The length of an input.
  ///   - widths: The outputs of each hidden layer.
  ///   - outputCount: The length of an output.
  ///   - headCount: The number of tasks with a last map of their own; nil for one map for all.
  ///   - firstWeights: How the layers begin.
  ///   - generator: Where the first values come from.
  init(
    _ inputCount: Int, widths: [Int], outputCount: Int, headCount: Int?,
    firstWeights: SACSettings.FirstWeights, using generator: Generator
  ) {
    let lengths = [inputCount] + widths
    trunk = Sequential(
      zip(lengths, lengths.dropFirst()).flatMap { inputs, outputs -> [any Layer] in
        [Linear.hidden(inputs, outputs, firstWeights, using: generator), ReLU()]
      })
    let width = lengths[lengths.count - 1]
    heads = (0..<(headCount ?? 1)).map { _ in .last(width, outputCount, firstWeights, using: generator) }
    hasHeads = headCount != nil
  }

  /// Shows the maps.
  func visit(_ visitor: ModuleVisitor) {
    visitor.child("trunk", trunk)
    if hasHeads { visitor.children("heads", heads) } else { visitor.child("head", heads[0]) }
  }

  /// The outputs of rows of inputs.
  func forward(_ input: Tensor, of owners: RowOwners) -> Tensor {
    let features = trunk.forward(input)
    guard hasHeads else { return heads[0].forward(features) }
    switch owners {
    case .task(let task): return heads[task].forward(features)
    case .all(let rows):
      let outputs = zip(heads, rows.parts(of: features)).compactMap { head, part in part.map(head.forward) }
      return Tensor.concatenated(outputs)
    }
  }

  /// The parameters that all tasks train, and each task's own.
  func split(taskCount: Int) -> (shared: NamedTensors, heads: [NamedTensors]) {
    guard hasHeads else { return (parameters, (0..<taskCount).map { _ in NamedTensors() }) }
    return (
      trunk.parameters.prefixed("trunk"),
      heads.enumerated().map { $0.element.parameters.prefixed("heads.\($0.offset)") }
    )
  }
}

extension Linear {
  /// A map before an activation, with a bias of zeros.
  fileprivate static func hidden(
    _ inputs: Int, _ outputs: Int, _ first: SACSettings.FirstWeights, using generator: Generator
  ) -> Linear {
    let weights: Initialization = first == .he ? .kaimingUniform() : .xavierUniform()
    return begun(inputs, outputs, weights: weights, bias: .zeros, using: generator)
  }

  /// The last map.
  fileprivate static func last(
    _ inputs: Int, _ outputs: Int, _ first: SACSettings.FirstWeights, using generator: Generator
  ) -> Linear {
    guard first == .he else {
      return begun(inputs, outputs, weights: .xavierUniform(), bias: .zeros, using: generator)
    }
    let small = Initialization.uniform(bound: 1e-3)
    return begun(inputs, outputs, weights: small, bias: small, using: generator)
  }

  private static func begun(
    _ inputs: Int, _ outputs: Int, weights: Initialization, bias: Initialization, using generator: Generator
  ) -> Linear {
    let layer = Linear(inputs, outputs, initialization: weights, using: generator)
    if let tensor = layer.bias { bias.fill(tensor, using: generator) }
    return layer
  }
}
