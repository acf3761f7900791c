import Testing

@testable import Truce

@Suite("Loss weightings against reference values")
struct LossWeightingReferenceTests {
  /// RLW draws its weights; its reference values are moments, tested on their own.
  @Test(arguments: lossWeightingNames.filter { $0 != "rlw" })
  func weightsAgree(_ method: String) throws {
    let cases = try ReferenceFile<LossWeightingCase>.load(method)
    #expect(!cases.isEmpty)
    for recorded in cases {
      var trial = try makeWeighting(
        method, options(of: recorded), taskCount: recorded.losses[0].count)
      var source = RandomSource(seed: 0)
      for (t, losses) in recorded.losses.enumerated() {
        let context = StepContext(losses: losses, gradientNorms: recorded.gradientNorms?[t], epoch: t)
        let weights = try trial.weights(context: context, using: &source)
        #expect(
          agree(weights, recorded.weights[t], tolerance: 1e-11),
          "\(recorded.source), step \(t): \(weights) for \(recorded.weights[t])")
        if let after = recorded.lossesAfter { try trial.observe(lossesAfterStep: after[t]) }
        try trial.endEpoch(meanLosses: losses)
      }
    }
  }

  /// The recorded weights of given log-variances are those of log-variances that stay constant.
  private func options(of recorded: LossWeightingCase) -> [String: OptionValue] {
    guard recorded.gradientOfLogVariance != nil else { return recorded.options }
    return recorded.options.merging(["learning_rate": 0]) { $1 }
  }

  @Test func slopesOfLogVarianceAgree() throws {
    let cases = try ReferenceFile<LossWeightingCase>.load("uw").filter { $0.gradientOfLogVariance != nil }
    #expect(cases.count >= 3)
    for recorded in cases {
      let option = try #require(recorded.options["log_variance"])
      let variances = try #require([Double](option: option))
      for (losses, expected) in zip(recorded.losses, try #require(recorded.gradientOfLogVariance)) {
        #expect(
          agree(UncertaintyWeighting.gradient(logVariances: variances, losses: losses), expected))
      }
    }
  }

  struct Moment: Decodable {
    let tasks: Int
    let meanSquare: Double

    enum CodingKeys: String, CodingKey {
      case tasks
      case meanSquare = "mean_square"
    }
  }

  @Test func randomWeightsHaveTheRecordedMoments() throws {
    let draws = 20_000
    for moment in try ReferenceFile<Moment>.load("rlw") {
      var trial = try makeWeighting("rlw", taskCount: moment.tasks)
      var source = RandomSource(seed: 5)
      let context = StepContext(losses: [Double](repeating: 1, count: moment.tasks))
      var square = 0.0
      for _ in 0..<draws {
        let weights = try trial.weights(context: context, using: &source)
        square += dot(weights, weights) / Double(moment.tasks * draws)
      }
      #expect((square - moment.meanSquare).magnitude < 0.01 * moment.meanSquare)
    }
  }
}
