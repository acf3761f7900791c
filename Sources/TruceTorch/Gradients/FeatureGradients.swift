import Torch
import Truce

/// Task gradients with respect to the shared features, combined before one pass through the trunk.
///
/// - Source: O. Sener and V. Koltun, "Multi-Task Learning as Multi-Objective Optimization", NeurIPS 2018,
///   section 3.3 (MGDA-UB).
final class FeatureGradients: GradientMatrix {
  private let shared: [Tensor]
  private let buffer = RowBuffer()

  /// - Parameter shared: The parameters below the features.
  init(shared: [Tensor]) {
    self.shared = shared
  }

  var groupCount: Int { 1 }

  var rows: Tensor {
    get throws {
      guard let current = buffer.current else { throw StepError.noFeatures }
      return current
    }
  }

  func collect(_ tasks: [GradientSweep.Task], of pass: ForwardPass, keepsGraph: Bool) throws {
    guard !pass.features.isEmpty else { throw StepError.noFeatures }
    let rows = try buffer.rows(count: tasks.count, of: pass.features)
    try GradientSweep.run(
      pass.scaled(tasks), withRespectTo: pass.features, into: rows, retainGraph: keepsGraph)
    pass.unscale([rows])
    pass.unscaleHeads(of: tasks)
  }

  func gramian(ofGroup group: Int?) throws -> Gramian { try gramian() }

  func deliver(_ factors: [[Double]], of pass: ForwardPass) throws {
    try deliver(direction: GradientSweep.combine(rows, weights: factors[0]), of: pass)
  }

  func deliver(direction: Tensor, of pass: ForwardPass) throws {
    try Autograd.backward(pass.features, gradients: pass.split(pass.scaled(direction)))
    let gradients = shared.compactMap(\.grad)
    pass.unscale(gradients)
    try pass.requireFinite(gradients)
  }
}
