import RealModule

/// A point mass in the plane, pushed in the direction that an action has for one task.
///
/// With the task's rotation R of the plane, momentum μ and thrust s a step is
///
///     v ← μ v + (1 − μ) s R a        p ← p + v        cost = ‖p − goal‖² + ρ ‖a‖²
///
/// so a full action, held, moves the mass by s in a step. Tasks differ in R alone, so at one place with one goal the
/// gradients of two tasks by the action differ by the angle between their rotations.
struct PointMass: Equatable, Sendable {
  /// The distance that a full action moves the mass in a step, once it is in motion.
  static let thrust = 0.1
  /// The distance from the goal within which a task is done well.
  static let tolerance = 0.05

  /// The share μ of the velocity that is left after a step.
  let momentum: Double
  /// The cost ρ of a full action.
  let actionCost: Double
  /// By how much the task turns an action, in radians.
  let turn: Double

  /// Where the mass is and how it moves.
  struct State: Equatable, Sendable {
    /// The place.
    var position = SIMD2<Double>()
    /// The way of one step.
    var velocity = SIMD2<Double>()
  }

  /// The share of the thrust that reaches the velocity in a step.
  var gain: Double { (1 - momentum) * Self.thrust }

  /// Takes a step, with the action cut to [-1, 1].
  ///
  /// - Returns: The cost.
  func step(_ state: inout State, action: SIMD2<Double>, goal: SIMD2<Double>) -> Double {
    let action = action.clamped(lowerBound: SIMD2(repeating: -1), upperBound: SIMD2(repeating: 1))
    state.velocity = momentum * state.velocity + gain * rotated(action, by: turn)
    state.position += state.velocity
    return squaredLength(state.position - goal) + actionCost * squaredLength(action)
  }

  /// Whether the mass is near enough to the goal.
  func isDone(_ state: State, goal: SIMD2<Double>) -> Bool {
    squaredLength(state.position - goal) <= Self.tolerance * Self.tolerance
  }
}

/// The square of a vector's length.
func squaredLength(_ vector: SIMD2<Double>) -> Double { (vector * vector).sum() }

/// A vector turned counterclockwise.
func rotated(_ vector: SIMD2<Double>, by angle: Double) -> SIMD2<Double> {
  let (cosine, sine) = (Double.cos(angle), Double.sin(angle))
  return SIMD2(cosine * vector.x - sine * vector.y, sine * vector.x + cosine * vector.y)
}
