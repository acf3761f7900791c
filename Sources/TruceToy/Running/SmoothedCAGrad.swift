import Truce

/// CAGrad for two tasks as the authors' toy computes it: with a constant under each root.
///
/// With `s` for the constant, `w = (x, 1 - x)` minimises `g_w · g₀ + r √(|g_w|² + s)` with
/// `r = c √(|g₀|² + s/4)`, and the update is `g₀ + r g_w / (√(|g_w|² + s) + s)`. The minimiser has a closed form.
///
/// The constant keeps roots differentiable for a numerical minimiser. It is felt where the gradients are
/// shorter than its root, 0.01: far out, where large steps of gradient descent throw the point. The published
/// count for CAGrad with gradient descent at a learning rate of 10 comes about only with it.
///
/// - Source: `toy.py` of the CAGrad repository.
struct SmoothedCAGrad: GramianMethod {
  static let about = CAGrad.about

  private let exact: CAGrad
  private let constant: Double

  init(options: Options) throws(OptionError) {
    self.init(try CAGrad(options: options), constant: 1e-4)
  }

  init(_ exact: CAGrad, constant: Double) {
    self.exact = exact
    self.constant = constant
  }

  func weights(
    gramian: Gramian, context: StepContext, state: inout Stateless,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    let (a, b, cross) = (gramian[0, 0], gramian[1, 1], gramian[0, 1])
    let radius = exact.radius * 0.5 * (a + b + 2 * cross + constant).squareRoot()
    let x = minimiser(a: a, b: b, cross: cross, radius: radius)
    let length = (x * x * a + (1 - x) * (1 - x) * b + 2 * x * (1 - x) * cross + constant).squareRoot()
    let factor = radius / (length + constant)
    let scale = (exact.reduction == .sum ? 2 : 1) / divisor
    return [x, 1 - x].map { scale * (0.5 + factor * $0) }
  }

  /// The least point on [0, 1] of a line plus `r √(A (x - x₀)² + q)`.
  private func minimiser(a: Double, b: Double, cross: Double, radius: Double) -> Double {
    let spread = a + b - 2 * cross
    let slope = 0.5 * (a - b)
    guard spread > 0 else { return 0.5 }
    let foot = (b - cross) / spread
    let distance = max((a * b - cross * cross) / spread, 0) + constant
    let curvature = radius * radius * spread - slope * slope
    guard curvature > 0 else { return slope < 0 ? 1 : 0 }
    return min(max(foot - slope * (distance / (spread * curvature)).squareRoot(), 0), 1)
  }

  private var divisor: Double {
    switch exact.rescale {
    case .none: 1
    case .squared: 1 + exact.radius * exact.radius
    case .linear: 1 + exact.radius
    }
  }
}
