import Torch

/// What an update is computed from: transitions, and the normal draws of the actions that are tried in their states.
struct UpdateInput {
  /// The transitions.
  let batch: ReplayBatch
  /// The draws for the actions after the transitions, [rows, numbers of an action].
  let nextNoise: Tensor
  /// The draws for the actions that the actor is judged by.
  let noise: Tensor

  /// Puts given draws beside transitions.
  init(_ batch: ReplayBatch, nextNoise: Tensor, noise: Tensor) {
    self.batch = batch
    self.nextNoise = nextNoise
    self.noise = noise
  }

  /// Draws for some transitions.
  init(_ batch: ReplayBatch, using generator: Generator) {
    let (shape, dtype) = (batch.actions.shape, batch.actions.dtype)
    nextNoise = Tensor.normal(shape, using: generator, dtype: dtype)
    noise = Tensor.normal(shape, using: generator, dtype: dtype)
    self.batch = batch
  }
}
