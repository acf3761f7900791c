import Testing
import Truce
import TruceTestSupport

/// What a solver says about gradients that depend on each other must solve the system it stands for.
@Suite("Dependent gradients")
struct DependentGradientTests {
  static let plane = GradientInput(description: "three in a plane", rows: [[1, 0], [0, 1], [1, 1]])
  static let inputs =
    [plane, plane.scaled(by: [3, 0.01, 200])] + InputFamilies.rankDeficient + InputFamilies.duplicated
    + InputFamilies.stationary

  @Test func imtlGTakesTheClosedFormOfThePaper() throws {
    let weights = try firstWeights("imtl-g", gramian: Self.plane.gramian)
    #expect(zip(weights, [1, 1, -1]).allSatisfy { ($0 - $1).magnitude <= 1e-12 }, "\(weights)")
    let update = Self.plane.hostRows.combined(with: weights).coordinates
    #expect(length(update) <= 1e-12)
  }

  @Test(arguments: inputs)
  func imtlGHasEqualProjections(_ input: GradientInput) throws {
    try expectEqualProjections(firstWeights("imtl-g", gramian: input.gramian), input)
  }

  @Test(arguments: inputs)
  func imtlHasThemOnTheScaledGradients(_ input: GradientInput) throws {
    var process = try makeGramianMethod("imtl", taskCount: input.taskCount)
    var source = RandomSource(seed: 0)
    for step in 0..<3 {
      let losses = (0..<input.taskCount).map { 0.5 + Double($0) }
      let context = StepContext(losses: losses, iteration: step, learningRate: 0.3)
      let weights = try process.weights(gramian: input.gramian, context: context, using: &source)
      // A task's scale does not change the direction of its gradient.
      expectEqualProjections(weights, input)
    }
  }

  private func expectEqualProjections(_ weights: [Double], _ input: GradientInput) {
    let gramian = input.gramian
    let projections = zip(gramian.applied(to: weights), gramian.norms).map { $0 / $1 }
    let size = zip(weights, gramian.norms).reduce(0) { $0 + ($1.0 * $1.1).magnitude }
    let spread = (projections.max() ?? 0) - (projections.min() ?? 0)
    #expect(spread <= 1e-8 * size, "\(input): \(projections)")
  }
}
