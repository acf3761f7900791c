/// The controller that costs least, and what it costs.
///
/// In a frame turned by the task's rotation the two axes part, and each is a linear system with quadratic cost: with the
/// distance e from the goal and the velocity v, z = (e, v) and the push u along the axis
///
///     z ← A z + b u      A = (1 μ; 0 μ)      b = g (1, 1)      cost = e² (after the step) + ρ u²
///
/// With V(z) = zᵀ P z and Q = P + diag(1, 0), where P is that of one step less (0 where none is left),
///
///     u = −k z      k = bᵀQA / (ρ + bᵀQb)      P ← AᵀQA − AᵀQb k
///
/// The rotation keeps lengths, so all tasks cost the same for goals equally far away: P₁₁ ‖goal‖² for a mass that
/// rests in the origin.
///
/// - Source: D. P. Bertsekas, "Dynamic Programming and Optimal Control", volume I, section 3.1: the Riccati equation.
struct PointController: Sendable {
  /// The gains of an axis, on its distance and its velocity.
  struct Gain: Equatable, Sendable {
    /// On the distance from the goal.
    var distance: Double
    /// On the velocity.
    var velocity: Double
  }

  /// The mass that is controlled.
  let mass: PointMass
  /// The gains where 1, 2, … steps are left.
  let gains: [Gain]
  /// What a goal at distance 1 costs where 1, 2, … steps are left, for a mass that rests.
  let costs: [Double]

  /// Solves the Riccati equation backward over so many steps.
  init(_ mass: PointMass, horizon: Int) {
    var matrix = Symmetric(first: 0, mixed: 0, last: 0)
    var (gains, costs): ([Gain], [Double]) = ([], [])
    for _ in 0..<horizon {
      gains.append(matrix.recede(mass))
      costs.append(matrix.first)
    }
    (self.mass, self.gains, self.costs) = (mass, gains, costs)
  }

  /// The action that costs least where so many steps are left.
  func action(_ state: PointMass.State, goal: SIMD2<Double>, remaining: Int) -> SIMD2<Double> {
    let gain = gains[min(remaining, gains.count) - 1]
    let push = -(gain.distance * (state.position - goal) + gain.velocity * state.velocity)
    return rotated(push, by: -mass.turn)
  }

  /// The length of the longest action on the way to a goal at distance 1, with all steps ahead.
  var largestAction: Double {
    var (distance, velocity, largest) = (-1.0, 0.0, 0.0)
    for gain in gains.reversed() {
      let push = -(gain.distance * distance + gain.velocity * velocity)
      velocity = mass.momentum * velocity + mass.gain * push
      distance += velocity
      largest = max(largest, push.magnitude)
    }
    return largest
  }
}

/// A symmetric matrix of two rows.
private struct Symmetric {
  var first, mixed, last: Double

  /// Replaces the costs of the steps left by those of one step more.
  ///
  /// - Returns: The gains of that step.
  mutating func recede(_ mass: PointMass) -> PointController.Gain {
    let (momentum, gain) = (mass.momentum, mass.gain)
    let (q11, q12, q22) = (first + 1, mixed, last)
    // Qb, bᵀQb and AᵀQb of Q = P + diag(1, 0), A = (1 μ; 0 μ), b = g (1, 1).
    let (top, bottom) = (gain * (q11 + q12), gain * (q12 + q22))
    let weight = mass.actionCost + gain * (top + bottom)
    let pull = (top, momentum * (top + bottom))
    let gains = PointController.Gain(distance: pull.0 / weight, velocity: pull.1 / weight)
    first = q11 - pull.0 * gains.distance
    mixed = momentum * (q11 + q12) - pull.0 * gains.velocity
    last = momentum * momentum * (q11 + 2 * q12 + q22) - pull.1 * gains.velocity
    return gains
  }
}
