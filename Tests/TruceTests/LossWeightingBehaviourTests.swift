import Testing

@testable import Truce

@Suite("What loss weightings do over time")
struct LossWeightingBehaviourTests {
  /// The optimum of `½ e^{−s} L + ½ s` is `s = log L`, where the weight is `1/(2L)`.
  @Test func uncertaintyWeightingReachesItsClosedForm() throws {
    let losses = [0.2, 3, 1]
    let weights = try settled("uw", ["learning_rate": 0.01], losses: losses)
    #expect(agree(weights, losses.map { 0.5 / $0 }, tolerance: 1e-3))
  }

  /// The optimum of `e^s L − s` is `e^s = 1/L`.
  @Test func impartialScalesReachTheirClosedForm() throws {
    let losses = [0.2, 3, 1]
    let weights = try settled("imtl-l", ["learning_rate": 0.01], losses: losses)
    #expect(agree(weights, losses.map { 1 / $0 }, tolerance: 1e-3))
  }

  /// At equal training rates GradNorm brings all weighted gradients to one length.
  @Test func gradNormEqualisesGradientLengths() throws {
    let weights = try settled("gradnorm", ["learning_rate": 0.002], losses: [1, 1, 1], norms: [1, 4, 2])
    let lengths = zip(weights, [1, 4, 2]).map { $0 * $1 }
    #expect(agree(lengths, [lengths[0], lengths[0], lengths[0]], tolerance: 0.02))
  }

  /// A task that falls slower than the others gains weight.
  @Test func famoFavoursTheSlowTask() throws {
    var trial = try makeWeighting("famo", taskCount: 2)
    var source = RandomSource(seed: 0)
    var weights: [Double] = []
    for _ in 0..<50 {
      weights = try trial.weights(context: StepContext(losses: [1, 1]), using: &source)
      try trial.observe(lossesAfterStep: [0.5, 0.99])
    }
    #expect(weights[1] > 0.7)
  }

  /// The learned parameters follow the network's learning rate where told to.
  @Test func modelRateFollowsTheOptimizer() throws {
    func second(_ rate: OptionValue, model: Double) throws -> [Double] {
      var trial = try makeWeighting("uw", ["learning_rate": rate], taskCount: 2)
      var source = RandomSource(seed: 0)
      let context = StepContext(losses: [1, 3], learningRate: model)
      _ = try trial.weights(context: context, using: &source)
      return try trial.weights(context: context, using: &source)
    }
    #expect(try second("model", model: 0.2) == second(0.2, model: 0.9))
    #expect(try second("model", model: 0.2) != second("model", model: 0.1))
  }

  @Test(arguments: RandomLossWeighting.Distribution.allCases)
  func randomWeightsAreSharesWhateverTheDistribution(_ distribution: RandomLossWeighting.Distribution) throws
  {
    for (reduction, total) in [(Reduction.mean, 1.0), (.sum, 4)] {
      let options: [String: OptionValue] = [
        "distribution": distribution.option, "reduction": reduction.option,
      ]
      var trial = try makeWeighting("rlw", options, taskCount: 4)
      var source = RandomSource(seed: 3)
      var sums = [0.0, 0, 0, 0]
      var areShares = true
      for _ in 0..<4000 {
        let weights = try trial.weights(context: StepContext(losses: [1, 1, 1, 1]), using: &source)
        areShares =
          areShares && (weights.reduce(0, +) - total).magnitude < 1e-12 && weights.allSatisfy { $0 >= 0 }
        for task in 0..<4 { sums[task] += weights[task] / 4000 }
      }
      #expect(areShares)
      // Random normals have means of their own; of the others every task gets the same on average.
      if distribution != .randomNormal {
        #expect(agree(sums, [Double](repeating: total / 4, count: 4), tolerance: 0.06))
      }
    }
  }

  /// `Var wᵢ = (1/K)(1 − 1/K)/(K a + 1)` for the symmetric Dirichlet distribution.
  @Test(arguments: [0.3, 1, 2.5])
  func dirichletDrawsHaveTheirVariance(_ concentration: Double) {
    var source = RandomSource(seed: 8)
    let draws = 20_000
    var variance = 0.0
    for _ in 0..<draws {
      let point = source.dirichlet(count: 3, concentration: concentration)
      variance += dot(point, point) / Double(3 * draws)
    }
    let expected = (2.0 / 9) / (3 * concentration + 1) + 1.0 / 9
    #expect((variance - expected).magnitude < 0.02 * expected)
  }

  @Test func drawnPreferencesDependOnTheSource() throws {
    let run = LossRun(taskCount: 3)
    let weights = try run.weights(of: "cosmos", ["alpha": 1.2, "lambda": 0])
    #expect(weights.allSatisfy { ($0.reduce(0, +) - 1).magnitude < 1e-12 })
    #expect(weights[0] != weights[1])
  }

  /// Returns the weights after many steps at constant losses.
  private func settled(
    _ name: String, _ options: [String: OptionValue], losses: [Double], norms: [Double]? = nil
  ) throws -> [Double] {
    var trial = try makeWeighting(name, options, taskCount: losses.count)
    var source = RandomSource(seed: 0)
    var weights: [Double] = []
    for _ in 0..<4000 {
      weights = try trial.weights(
        context: StepContext(losses: losses, gradientNorms: norms), using: &source)
    }
    return weights
  }
}
