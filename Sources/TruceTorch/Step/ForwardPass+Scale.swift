public import Torch
import Truce

// One scale for the losses of all tasks, for gradients that are too small for a narrow type.
//
// Multiplying and dividing by a power of two changes no digit of a float32 gradient that stays in range.

extension ForwardPass {
  /// The pass with another scale, which its repetitions have too.
  func scaled(by scale: Double) -> ForwardPass {
    let again = again
    var pass = ForwardPass(
      losses: losses, features: features,
      again: scale == 1 ? again : again.map { run in { try run().scaled(by: scale) } })
    pass.lossScale = scale
    return pass
  }

  /// A loss, or a sum of some, as it is differentiated.
  public func scaled(_ loss: Tensor) -> Tensor { lossScale == 1 ? loss : loss * lossScale }

  /// The losses of a sweep as they are differentiated.
  public func scaled(_ tasks: [GradientSweep.Task]) -> [GradientSweep.Task] {
    guard lossScale != 1 else { return tasks }
    return tasks.map {
      GradientSweep.Task(loss: $0.loss.map(scaled), headParameters: $0.headParameters)
    }
  }

  /// Divides gradients of scaled losses by the scale, in place.
  public func unscale(_ gradients: [Tensor]) {
    if lossScale != 1 { TensorLists.scale(gradients, by: 1 / lossScale) }
  }

  /// Divides the gradients of the heads in a sweep by the scale.
  func unscaleHeads(of tasks: some Sequence<GradientSweep.Task>) {
    if lossScale != 1 { unscale(tasks.flatMap(\.headParameters).compactMap(\.grad)) }
  }

  /// Whether the scale may be what made a gradient infinite.
  var isScaled: Bool { lossScale > 1 }

  /// Makes sure that gradients of scaled losses are finite.
  ///
  /// - Throws: `MethodError.nonFiniteSum`.
  func requireFinite(_ gradients: [Tensor]) throws(MethodError) {
    if isScaled, !TensorLists.norm(gradients).isFinite { throw .nonFiniteSum }
  }
}

extension ReconcilerStep {
  /// Ends a step in which the scale made the gradient of a head infinite, which no Gramian tells.
  ///
  /// - Throws: `MethodError.nonFinite(task:what:)` under the policy to throw.
  mutating func checkHeads(_ heads: [[Tensor]], of pass: ForwardPass) throws(MethodError) {
    guard pass.isScaled, !isOver else { return }
    for task in present where !TensorLists.norm(heads[task].compactMap(\.grad)).isFinite {
      return try blame(task, what: "gradient", under: .skipStep)
    }
  }
}
