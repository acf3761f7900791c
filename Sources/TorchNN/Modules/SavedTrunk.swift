public import Torch

/// A network that another program saved, as a layer.
///
/// Its parameters and buffers bear the names they were saved under, so that checkpoints, freezing and moves to
/// a device work as for any layer.
public final class SavedTrunk: Layer {
  private let module: any SavedModule
  private let generator: Generator
  private var tensors: [Tensor]
  private var isTraining = true

  /// Creates the layer, in training.
  ///
  /// - Parameters:
  ///   - module: What the layer runs; it belongs to the layer from now on.
  ///   - generator: Where a seed for each run comes from that draws random numbers, in host memory. Its owner
  ///     saves its state.
  public init(_ module: any SavedModule, using generator: Generator) {
    self.module = module
    self.generator = generator
    tensors = module.entries.indices.map(module.tensor)
    module.setTraining(true)
  }

  /// Shows the saved tensors under their names, and the mode.
  public func visit(_ visitor: ModuleVisitor) {
    for (position, entry) in module.entries.enumerated() {
      let before = tensors[position]
      if entry.isTrained {
        visitor.parameter(entry.name, &tensors[position])
      } else {
        visitor.buffer(entry.name, &tensors[position])
      }
      if !tensors[position].isSame(as: before) { module.setTensor(tensors[position], at: position) }
    }
    let wasTraining = isTraining
    visitor.mode(&isTraining)
    if isTraining != wasTraining { module.setTraining(isTraining) }
  }

  /// The module's first output for an input.
  public func forward(_ input: Tensor) -> Tensor { outputs(of: input)[0] }

  /// The module's outputs for an input; at least one.
  ///
  /// An input that does not fit stops the process with a message that names the file, as a layer's does.
  public func outputs(of input: Tensor) -> [Tensor] {
    do throws(TorchError) {
      return try outputs(for: [input])
    } catch {
      fatalError("\(module.path): \(error)")
    }
  }

  /// The module's outputs for its inputs; at least one.
  ///
  /// A training batch of one example that the module refuses goes through it in evaluation.
  ///
  /// - Throws: `TorchError` where the inputs do not fit the module.
  public func outputs(for inputs: [Tensor]) throws(TorchError) -> [Tensor] {
    do throws(TorchError) {
      return try seededOutputs(for: inputs)
    } catch {
      guard isTraining, inputs.allSatisfy({ $0.shape.first == 1 }) else { throw error }
      // A normalisation cannot learn from one value a channel, as a last batch of one example has it.
      module.setTraining(false)
      defer { module.setTraining(true) }
      return try seededOutputs(for: inputs)
    }
  }

  private func seededOutputs(for inputs: [Tensor]) throws(TorchError) -> [Tensor] {
    guard module.drawsRandomNumbers else { return try module.outputs(for: inputs) }
    // Measuring must not move the generator, or how often one measures would change what is trained.
    return try withRandomness(from: isTraining ? nextSeed() : 0, on: inputs) { () throws(TorchError) in
      try module.outputs(for: inputs)
    }
  }

  private func nextSeed() -> UInt64 {
    UInt64(Tensor.integers([1], in: 0..<Int.max, using: generator).integerItem())
  }
}
