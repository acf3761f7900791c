public import Torch

/// The forward pass of one batch, as a training step needs it.
public struct ForwardPass {
  /// One scalar loss for each task; nil for a task without labels in the batch.
  public let losses: [Tensor?]
  /// The shared features the heads read, where the network names them.
  public let features: [Tensor]
  /// What every loss is multiplied by before it is differentiated, and every gradient divided by afterwards.
  ///
  /// The losses themselves are plain. Sources of gradients multiply and divide, so that whoever asks them sees plain
  /// gradients.
  public internal(set) var lossScale = 1.0
  /// Runs the same batch again, at the parameters as they are then; nil where that is not possible.
  public let again: (() throws -> ForwardPass)?

  /// Creates a forward pass.
  public init(
    losses: [Tensor?], features: [Tensor] = [], again: (() throws -> ForwardPass)? = nil
  ) {
    self.losses = losses
    self.features = features
    self.again = again
  }
}

extension ForwardPass {
  /// The weighted sum of the losses of these tasks; nil where none of them has labels in the batch.
  func total(weights: [Double], tasks: [Int]) -> Tensor? {
    let terms = tasks.compactMap { task in losses[task].map { $0 * weights[task] } }
    return terms.first.map { terms.dropFirst().reduce($0, +) }
  }

  /// The pass without its features, so that gradients are carried from the losses all the way.
  func withoutFeatures() -> ForwardPass {
    let again = again
    return ForwardPass(losses: losses, again: again.map { run in { try run().withoutFeatures() } })
      .scaled(by: lossScale)
  }
}
