import Testing
import Truce
import TruceTestSupport

@Suite("What single Gramian methods promise")
struct GramianBehaviourTests {
  static let inputs = InputFamilies.gaussian.filter { $0.rows[0].count > $0.taskCount }

  @Test func normalizedMGDAIsMGDAOfNormalizedGradients() throws {
    let input = InputFamilies.conflicting[2]
    let losses = (0..<6).map { 0.5 + Double($0) }
    let norms = input.gramian.norms
    let cases: [(OptionValue, [Double])] = [
      ("l2", norms.map { 1 / $0 }), ("loss", losses.map { 1 / $0 }),
      ("loss+", zip(losses, norms).map { 1 / ($0 * $1) }),
    ]
    for (normalization, factors) in cases {
      let options: [String: OptionValue] = ["normalization": normalization]
      let expected = try #require(try direction("mgda", of: input.scaled(by: factors)))
      let update = try #require(try direction("mgda", options, of: input, losses: losses))
      #expect(distance(update, expected) <= 1e-9 * length(expected), "\(normalization)")
      let raw = try firstWeights(
        "mgda", options.merging(["combine": "raw"]) { a, _ in a }, gramian: input.gramian, losses: losses)
      #expect((raw.reduce(0, +) - 1).magnitude <= 1e-12, "\(normalization)")
    }
  }

  @Test func upgradOfTwoTasksIsHalfOfPCGrad() throws {
    for input in [InputFamilies.gaussian[3], InputFamilies.conflicting[0], InputFamilies.imbalanced[0]] {
      let half = try firstWeights("pcgrad", ["reduction": "mean"], gramian: input.gramian)
      let projected = try firstWeights("upgrad", gramian: input.gramian)
      #expect(zip(half, projected).allSatisfy { ($0 - $1).magnitude <= 1e-12 * $0.magnitude }, "\(input)")
    }
  }

  @Test(arguments: inputs)
  func gradVacBeginsAsPCGrad(_ input: GradientInput) throws {
    let surgery = try firstWeights("pcgrad", gramian: input.gramian, seed: 5)
    let vaccine = try firstWeights("gradvac", gramian: input.gramian, seed: 5)
    #expect(distance(surgery, vaccine) <= 1e-9 * length(surgery))
  }

  @Test(arguments: inputs)
  func imtlGHasEqualProjections(_ input: GradientInput) throws {
    let weights = try firstWeights("imtl-g", gramian: input.gramian)
    let projections = zip(input.gramian.applied(to: weights), input.gramian.norms).map { $0 / $1 }
    #expect(projections.allSatisfy { ($0 - projections[0]).magnitude <= 1e-9 * reach(weights, input) })
    #expect((weights.reduce(0, +) - 1).magnitude <= 1e-12)
  }

  @Test func imtlIsIMTLLBeforeIMTLG() throws {
    let input = InputFamilies.gaussian[6]
    guard case .lossWeighting(let balance) = try Catalogue.method(named: "imtl-l") else { return }
    var scales = try MethodTrial(.lossWeighting(balance), taskCount: 5)
    var joint = try makeGramianMethod("imtl", taskCount: 5)
    var source = RandomSource(seed: 0)
    for step in 0..<4 {
      let context = StepContext(
        losses: (0..<5).map { Double($0 + step + 1) }, iteration: step, learningRate: 0.3)
      let factors = try scales.weights(context: context, using: &source)
      let separate = try #require(try direction("imtl-g", of: input.scaled(by: factors)))
      let weights = try joint.weights(gramian: input.gramian, context: context, using: &source)
      let update = input.hostRows.combined(with: weights).coordinates
      #expect(distance(update, separate) <= 1e-12 * length(separate))
    }
  }

  @Test(arguments: inputs)
  func nashAndFairGradSolveTheirEquations(_ input: GradientInput) throws {
    let gramian = input.gramian
    let nash = try firstWeights("nash-mtl", gramian: gramian)
    for (weight, product) in zip(nash, gramian.applied(to: nash)) {
      #expect((weight * product - 1).magnitude <= 1e-8)
    }
    #expect((gramian.squaredNorm(of: nash) - Double(input.taskCount)).magnitude <= 1e-8)
    #expect(try firstWeights("fairgrad", ["alpha": 1], gramian: gramian) == nash)
    #expect(try firstWeights("fairgrad", ["alpha": 0], gramian: gramian).allSatisfy { $0 == 1 })
    let pivrg = try firstWeights("pivrg", gramian: gramian)
    let fair = try firstWeights("fairgrad", ["alpha": 2], gramian: gramian)
    #expect(distance(pivrg, fair) <= 1e-10 * length(fair))
  }

  @Test func aWorseScoreEarnsATaskMore() throws {
    let input = InputFamilies.gaussian[4]
    let equal = try firstWeights("pivrg", gramian: input.gramian)
    let favoured = try firstWeights("pivrg", ["scores": [40, 0, 0]], gramian: input.gramian)
    #expect(input.gramian.applied(to: favoured)[0] > input.gramian.applied(to: equal)[0])
  }

  @Test func nashKeepsItsWeightsBetweenUpdates() throws {
    var trial = try makeGramianMethod("nash-mtl", ["update_weights_every": 3], taskCount: 3)
    var source = RandomSource(seed: 0)
    var taken: [[Double]] = []
    for step in 0..<6 {
      let input = InputFamilies.matrix("step", tasks: 3, coordinates: 6, seed: UInt64(step))
      taken.append(
        try trial.weights(
          gramian: input.gramian, context: StepContext(losses: [1, 1, 1]), using: &source))
    }
    #expect(taken[0] == taken[1] && taken[1] == taken[2] && taken[3] == taken[5])
    #expect(taken[2] != taken[3])
  }

  @Test(arguments: inputs)
  func alignedGradientsAreOrthogonal(_ input: GradientInput) throws {
    // The columns of the transformation are the weights for preferences that single out one task.
    let taskCount = input.taskCount
    let columns = try (0..<taskCount).map { task in
      let preference = (0..<taskCount).map { OptionValue.number($0 == task ? 1 : 0) }
      return try firstWeights("aligned-mtl", ["preference": .list(preference)], gramian: input.gramian)
    }
    let products = columns.map { input.gramian.applied(to: $0) }
    let size = products[0].enumerated().reduce(0) { $0 + columns[0][$1.offset] * $1.element }
    for i in 0..<taskCount {
      for j in 0..<taskCount {
        let product = zip(columns[i], products[j]).reduce(0) { $0 + $1.0 * $1.1 }
        #expect((product - (i == j ? size : 0)).magnitude <= 1e-8 * size)
      }
    }
  }

  @Test func sampledShapleyValuesComeNearTheExactOnes() throws {
    // Thirteen tasks are sampled; the thirteenth is zero, so the other twelve are also exact.
    let full = InputFamilies.matrix("twelve", tasks: 12, coordinates: 20)
    let exact = try firstWeights("svfair", ["temperature": 0.2], gramian: full.gramian)
    let more = InputFamilies.matrix("thirteen", tasks: 13, coordinates: 20)
    let few = try firstWeights("svfair", ["samples": 20], gramian: more.gramian, seed: 1)
    let many = try firstWeights("svfair", ["samples": 20_000], gramian: more.gramian, seed: 1)
    let again = try firstWeights("svfair", ["samples": 20_000], gramian: more.gramian, seed: 2)
    #expect(exact.allSatisfy { $0 > 0 })
    #expect(distance(many, again) < distance(many, few))
    #expect(distance(many, again) <= 0.01 * length(many))
  }

  @Test func pcdGivesTheOthersTheirDue() throws {
    for input in Self.inputs where input.taskCount > 1 {
      let gramian = input.gramian
      let weights = try firstWeights("pcd", ["tau": 0.1, "eps": 0], gramian: gramian)
      #expect((gramian.squaredNorm(of: weights).squareRoot() - gramian.norms[0]).magnitude <= 1e-9)
      #expect(gramian.applied(to: weights).dropFirst().allSatisfy { $0 >= 0 })
    }
    let opposed = InputFamilies.matrix("", tasks: 2, coordinates: 4).rows
    let contradictory = GradientInput(
      description: "opposite secondary tasks", rows: [opposed[0], opposed[1], opposed[1].map { -$0 }])
    #expect(try firstWeights("pcd", ["tau": 0.5], gramian: contradictory.gramian) == [1, 0, 0])
  }

  @Test func krumNeedsEnoughTasks() throws {
    let gramian = InputFamilies.gaussian[4].gramian
    #expect(
      throws: MethodError.notApplicable(
        method: "krum", reason: "needs at least 4 tasks with these options, got 3")
    ) {
      try firstWeights("krum", ["n_byzantine": 1], gramian: gramian)
    }
  }

  @Test func smoothingMovesTowardsTheInnerWeights() throws {
    var trial = try makeGramianMethod("cr-mogm", ["of": "mean", "alpha": 0.5], taskCount: 2)
    var source = RandomSource(seed: 0)
    let gramian = InputFamilies.gaussian[3].gramian
    let weights = try trial.weights(
      gramian: gramian, context: StepContext(losses: [1, 1]), using: &source)
    #expect(weights == [0.5, 0.5])
  }
}
