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
  init(_ batch: ReplayBatch, using source: TaskNoise) {
    let (width, dtype) = (batch.actions.shape[1], batch.actions.dtype)
    nextNoise = source.draw(batch.rows, width: width, dtype: dtype)
    noise = source.draw(batch.rows, width: width, dtype: dtype)
    self.batch = batch
  }
}
