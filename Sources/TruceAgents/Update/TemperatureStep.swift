import Torch
import TorchNN
import TruceTorch

/// How the temperatures move: along the mean of all rows' losses, or along what a method makes of their gradients.
final class TemperatureStep {
  /// What updates the temperatures.
  let optimizer: Optimizer
  /// The method on the temperatures; nil where they move along the mean.
  let method: MethodStep?
  private let temperatures: Temperatures

  /// - Parameter choice: The method; nil for the mean.
  init(
    _ temperatures: Temperatures, taskCount: Int, rule: any UpdateRule, choice: MethodChoice?, seed: UInt64
  ) throws {
    self.temperatures = temperatures
    let parameters = temperatures.parameters
    method = try choice.map {
      try MethodStep(
        $0, on: (parameters, (0..<taskCount).map { _ in NamedTensors() }), rule: rule, clipNorm: nil,
        seed: seed)
    }
    optimizer = method?.optimizer ?? Optimizer(parameters, rule: rule)
  }

  /// Moves the temperatures by the densities of the actions tried, one number a row.
  ///
  /// - Parameter weights: What each task's loss is multiplied by before the method; nil for nothing.
  func take(_ logDensities: Tensor, _ rows: TaskRows, weights: [Double]?) throws {
    guard let method else {
      optimizer.removeGradients()
      try temperatures.losses(logDensities, rows).mean().backward()
      return try optimizer.step()
    }
    let losses = { [self] in pass(logDensities, rows, weights) }
    _ = try method.take(measuresConflict: false, further: { _ in [] }, probed: losses) { _ in losses() }
  }

  private func pass(_ logDensities: Tensor, _ rows: TaskRows, _ weights: [Double]?) -> ForwardPass {
    ForwardPass(
      losses: rows.means(of: temperatures.losses(logDensities, rows)).weighted(by: weights),
      again: { [self] in pass(logDensities, rows, weights) })
  }
}
