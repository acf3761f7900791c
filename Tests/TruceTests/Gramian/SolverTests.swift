import Testing
import Truce
import TruceTestSupport

@Suite("Solvers keep their optimality conditions")
struct SolverTests {
  @Test(arguments: InputFamilies.all)
  func minimumNormPoint(_ input: GradientInput) {
    let gramian = input.gramian
    let point = MinimumNormPoint(of: gramian)
    #expect(point.residual <= 1e-10, "\(point.residual)")
    #expect(point.weights.allSatisfy { $0 >= 0 })
    #expect((point.weights.reduce(0, +) - 1).magnitude <= 1e-12)
  }

  @Test(arguments: InputFamilies.stationary)
  func originIsFoundAtStationaryPoints(_ input: GradientInput) {
    #expect(MinimumNormPoint(of: input.gramian).isOrigin)
  }

  @Test(arguments: InputFamilies.all)
  func dualConeProjection(_ input: GradientInput) {
    let gramian = input.gramian
    let mean = [Double](repeating: 1 / Double(input.taskCount), count: input.taskCount)
    let projection = DualConeProjection(of: mean, in: gramian)
    #expect(projection.residual <= 1e-10, "\(projection.residual)")
    #expect(projection.corrections.allSatisfy { $0 >= 0 })
  }

  @Test(arguments: InputFamilies.all)
  func conflictAversePoint(_ input: GradientInput) {
    let gramian = input.gramian
    for radius in [0, 1e-3, 0.2, 0.4, 0.8, 1, 2, 1e3, 1e6] {
      let point = ConflictAversePoint(of: gramian, radius: radius)
      #expect(point.residual <= 1e-10, "c = \(radius): \(point.residual)")
      #expect((point.dualWeights.reduce(0, +) - 1).magnitude <= 1e-12, "c = \(radius)")
      #expect(point.dualWeights.allSatisfy { $0 >= 0 }, "c = \(radius)")
      #expect(isInBall(point.weights, radius: radius, gramian: gramian), "c = \(radius)")
    }
  }

  @Test("At a stationary point in single precision, where the average is one rounding step long")
  func conflictAversePointAtRoundedStationarity() throws {
    let (a, b) = (Double(Float(1.399_343_7)), Double(Float(1.399_343_6)))
    let gramian = try Gramian(taskCount: 2, elements: [a * a, -a * b, -a * b, b * b])
    let point = ConflictAversePoint(of: gramian, radius: 0.5)
    #expect(point.residual <= 1e-10, "\(point.residual)")
  }

  @Test(arguments: InputFamilies.small + InputFamilies.nearlyStationary)
  func bargainingPoint(_ input: GradientInput) {
    let ones = [Double](repeating: 1, count: input.taskCount)
    for exponent in [0.1, 0.5, 1, 2, 10] {
      let point = BargainingPoint(of: input.gramian, demands: ones, exponent: exponent)
      #expect(point.residual <= 1e-10, "p = \(exponent): \(point.residual)")
      #expect(point.weights.allSatisfy { $0 >= 0 && $0.isFinite }, "p = \(exponent)")
    }
  }

  @Test(arguments: InputFamilies.large)
  func bargainingPointOfManyTasks(_ input: GradientInput) {
    let ones = [Double](repeating: 1, count: input.taskCount)
    let point = BargainingPoint(of: input.gramian, demands: ones, exponent: 1)
    #expect(point.residual <= 1e-10, "\(point.residual)")
  }

  @Test func noBargainAtStationaryPoints() {
    for input in InputFamilies.stationary {
      let ones = [Double](repeating: 1, count: input.taskCount)
      let point = BargainingPoint(of: input.gramian, demands: ones, exponent: 1)
      #expect(point.isStationary && point.weights.allSatisfy { $0 == 0 }, "\(input)")
    }
  }

  @Test func wrongWeightsHaveALargeResidual() throws {
    // The check must be able to fail: a Gramian that no gradients have is not solved silently.
    let impossible = try Gramian(taskCount: 3, elements: [1, -0.9, -0.9, -0.9, 1, -0.9, -0.9, -0.9, 1])
    let point = ConflictAversePoint(of: impossible, radius: 0.4)
    let method = try CAGrad(c: 0.4)
    try #require(point.residual > SolverAccuracy.tolerance)
    var state = method.initialState(taskCount: 3)
    var source = RandomSource(seed: 0)
    #expect(throws: MethodError.self) {
      try method.weights(
        gramian: impossible, context: StepContext(losses: [1, 1, 1]), state: &state, using: &source)
    }
  }

  private func isInBall(_ weights: [Double], radius: Double, gramian: Gramian) -> Bool {
    let share = 1 / Double(gramian.taskCount)
    let mean = weights.map { _ in share }
    let offset = gramian.squaredNorm(of: weights.map { $0 - share })
    let reach = zip(weights, gramian.norms).reduce(0) { $0 + ($1.0.magnitude + share) * $1.1 }
    return offset <= radius * radius * gramian.squaredNorm(of: mean) * (1 + 1e-9) + 1e-14 * reach * reach
  }
}
