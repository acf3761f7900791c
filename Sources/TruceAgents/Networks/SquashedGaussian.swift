import Foundation
import Torch

/// A normal distribution of each number of an action, squashed into (-1, 1) by the hyperbolic tangent.
///
/// With u = mean + exp(s) · ε for normal ε, the action is a = tanh(u), and
///
///     log π(a) = Σ (−ε²/2 − s − log √(2π)) − Σ log(1 − a²)
///
/// where log(1 − a²) = 2 (log 2 − u − log(1 + exp(−2u))) keeps its digits for large u.
///
/// - Source: T. Haarnoja et al., "Soft Actor-Critic", ICML 2018, appendix C.
struct SquashedGaussian {
  /// The means before squashing, [rows, numbers of an action].
  let mean: Tensor
  /// The logarithms of the deviations.
  let logDeviation: Tensor
  /// How the density of a squashed action is corrected.
  let correction: SACSettings.Correction

  /// The greatest and the least logarithm of a deviation.
  static let logDeviations = (-20.0)...2.0

  /// Reads a distribution off a network's output, [rows, 2 · numbers of an action].
  init(_ output: Tensor, _ form: SACSettings.LogDeviation, _ correction: SACSettings.Correction) {
    let halves = output.chunks(2, axis: -1)
    mean = halves[0]
    logDeviation = Self.logDeviation(halves[1], form)
    self.correction = correction
  }

  private static func logDeviation(_ raw: Tensor, _ form: SACSettings.LogDeviation) -> Tensor {
    let (low, high) = (logDeviations.lowerBound, logDeviations.upperBound)
    return switch form {
    case .clip: raw.clamped(minimum: low, maximum: high)
    case .tanh: low + (high - low) / 2 * (raw.tanh() + 1)
    }
  }

  /// The action in the middle.
  var center: Tensor { mean.tanh() }

  /// The action for some normal draws, and the logarithm of its density, one number a row.
  func sample(_ noise: Tensor) -> (action: Tensor, logDensity: Tensor) {
    let raw = mean + logDeviation.exp() * noise
    let action = raw.tanh()
    let gaussian = noise.square() * -0.5 - logDeviation - 0.5 * log(2 * Double.pi)
    return (action, (gaussian - logSlope(of: action, from: raw)).sum([-1]))
  }

  /// log(1 − a²), by which squashing thins out the actions near the bounds.
  private func logSlope(of action: Tensor, from raw: Tensor) -> Tensor {
    switch correction {
    case .exact: 2 * (log(2.0) - raw - (-2 * raw).softplus())
    case .floored: ((1 - action.square()).relu() + 1e-6).log()
    }
  }
}
