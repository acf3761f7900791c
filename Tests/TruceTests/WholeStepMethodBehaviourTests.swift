import RealModule
import Testing

@testable import Truce

@Suite("Whole-step methods")
struct WholeStepMethodBehaviourTests {
  private static let names = Catalogue.entries.map(\.about).filter { $0.kind == .wholeStep }.map(\.name)

  /// Adam's step does not depend on the scale of a task's gradient.
  @Test func separateAdamsIgnoreTheScaleOfATask() throws {
    let method = try AdaTask(epsilon: 1e-300)
    func steps(_ scales: [Double]) throws -> [[Double]] {
      let run = MatrixRun("scaled", scales: scales)
      var state = MatrixState<AdaTask.Steps, HostVector>(scalars: method.initialState(taskCount: 2))
      return try run.rows.map { try method.step(rows: HostRows($0), state: &state).coordinates }
    }
    for (a, b) in zip(try steps([1, 1]), try steps([1e-6, 1e4])) {
      #expect(agree(a, b, tolerance: 1e-10))
    }
  }

  @Test func coordinatesWithoutGradientStay() throws {
    let method = try AdaTask()
    var state = MatrixState<AdaTask.Steps, HostVector>(scalars: method.initialState(taskCount: 1))
    let step = try method.step(rows: HostRows([[0, 2]]), state: &state)
    #expect(step.coordinates[0] == 0)
    #expect(agree([step.coordinates[1]], [1], tolerance: 1e-8))
  }

  @Test func rotationsAloneLeaveLengths() throws {
    let method = try RotoGrad(scale: false)
    var state = method.initialState(taskCount: 2)
    #expect(method.factors(lengths: [3, 0], state: &state) == [1, 1])
  }

  /// At the first step all ratios are 1, so the common length is the mean and every part gets it.
  @Test func scaledFeatureGradientsHaveOneLength() throws {
    let method = try RotoGrad()
    var state = method.initialState(taskCount: 3)
    let lengths = [1.0, 2, 6]
    let factors = method.factors(lengths: lengths, state: &state)
    #expect(agree(zip(factors, lengths).map { $0 * $1 }, [3, 3, 3]))
    let ofZeros = method.factors(lengths: [0, 0, 0], state: &state)
    #expect(ofZeros.allSatisfy { $0.isFinite })
  }

  /// Weights of tasks whose gradients lower the validation loss rise, the others fall.
  @Test func validationWeightsFollowHelp() throws {
    let method = try AutoLambda(learningRate: 0.01)
    var state = method.initialState(taskCount: 2)
    let perturbation = method.perturbation(gradientLength: 2)
    #expect(perturbation == 0.005)
    try method.update(
      &state, above: [1.1, 0.9], below: [0.9, 1.1], perturbation: perturbation, learningRate: 0.1)
    #expect(state.values[0] > 0.1 && state.values[1] < 0.1)
    let before = state
    let none = method.perturbation(gradientLength: 0)
    try method.update(&state, above: [1, 1], below: [1, 1], perturbation: none, learningRate: 0.1)
    #expect(state == before)
  }

  @Test func trialStepsFavourTheHelpfulTask() throws {
    let method = try MOML(outerRate: 0.1)
    var state = method.initialState(taskCount: 2)
    #expect(agree(method.weights(of: state), [0.5, 0.5]))
    // The first task's gradient lowers both held-out losses, the second's raises both.
    let products = try CrossGramian(taskCount: 2, elements: [1, -1, 2, -0.5])
    for _ in 0..<10 { try method.update(&state, products: products) }
    #expect(method.weights(of: state)[0] > 0.8)
  }

  @Test func gapSlopesAreTheDerivativeOfTheGap() throws {
    let method = try FORUM()
    var state = method.initialState(taskCount: 3)
    state.logits = LearnedValues([0.3, -0.2, 0.5])
    let (losses, inner) = ([1.0, 2, 0.5], [0.4, 1.9, 0.1])
    func gap(_ logits: [Double]) -> Double { dot(softmax(logits), zip(losses, inner).map { $0 - $1 }) }
    let slopes = method.gapSlopes(of: state, losses: losses, innerLosses: inner)
    for i in 0..<3 {
      var (above, below) = (state.logits.values, state.logits.values)
      above[i] += 1e-5
      below[i] -= 1e-5
      #expect((slopes[i] - (gap(above) - gap(below)) / 2e-5).magnitude < 1e-9)
    }
    method.update(&state, gapSlopes: slopes, multiplier: 2)
    #expect(state.logits.values != [0.3, -0.2, 0.5])
  }

  @Test func statesSurviveSaving() throws {
    let forum = try FORUM()
    var balance = forum.initialState(taskCount: 2)
    let gramian = Gramian(taskCount: 3) { $0 == $1 ? 1 : 0.1 }
    _ = try forum.combination(gramian: gramian, epoch: 1, state: &balance)
    let written = balance
    #expect(try FORUM.Balance(from: saved { try written.encode(to: $0) }) == written)
    let rotograd = try RotoGrad()
    var convergence = rotograd.initialState(taskCount: 2)
    _ = rotograd.factors(lengths: [1, 2], state: &convergence)
    let reference = convergence
    #expect(try RotoGrad.Convergence(from: saved { try reference.encode(to: $0) }) == reference)
  }

  // MARK: Refusals

  static let refusals: [(String, [String: OptionValue], String)] = [
    ("adatask", ["beta1": 1], "adatask: beta1 must be at least 0 and less than 1, got 1"),
    ("adatask", ["weights": -1], "adatask: weights must be at least 0, got -1"),
    ("adatask", ["epsilon": 0], "adatask: epsilon must be greater than 0, got 0"),
    ("mtl-io", ["beta1": 0.9], "mtl-io: unknown option 'beta1'"),
    (
      "rotograd", ["latent_size": 0],
      "rotograd: latent_size must be a whole number, at least 1, or none, got 0"
    ),
    (
      "rotograd", ["burn_in_period": -1],
      "rotograd: burn_in_period must be a whole number, at least 0, got -1"
    ),
    (
      "rotograd", ["learning_rate_factor": 0],
      "rotograd: learning_rate_factor must be greater than 0, got 0"
    ),
    ("auto-lambda", ["meta_lr": -1], "auto-lambda: meta_lr must be at least 0, got -1"),
    ("auto-lambda", ["primary": [1, -1]], "auto-lambda: primary must be at least 0, got [1,-1]"),
    ("moml", ["inner_lr": 0], "moml: inner_lr must be greater than 0, got 0"),
    ("forum", ["phi": -1], "forum: phi must be at least 0, got -1"),
    ("forum", ["inner_step": 0], "forum: inner_step must be a whole number, at least 1, got 0"),
  ]

  @Test(arguments: refusals.indices)
  func options(_ index: Int) {
    let (method, options, text) = Self.refusals[index]
    #expect { try Catalogue.method(named: method, options: options) } throws: { "\($0)" == text }
  }

  @Test func everyMethodIsMadeFromDefaultsAndHasARefusedOption() throws {
    for name in Self.names {
      guard case .wholeStep = try Catalogue.method(named: name) else {
        Issue.record("\(name) is not a whole-step method")
        continue
      }
    }
    #expect(Set(Self.refusals.map(\.0)) == Set(Self.names))
  }

  @Test func inputThatIsNotFinite() throws {
    let moml = try MOML()
    var logits = moml.initialState(taskCount: 2)
    #expect(throws: MethodError.nonFinite(task: 1, what: "gradient")) {
      try moml.update(&logits, products: CrossGramian(taskCount: 2, elements: [1, 0, 0, .nan]))
    }
    #expect(throws: MethodError.wrongCount(what: "task gradients", expected: 2, received: 1)) {
      try moml.update(&logits, products: CrossGramian(taskCount: 1, elements: [1]))
    }
    let forum = try FORUM()
    var balance = forum.initialState(taskCount: 2)
    #expect(throws: MethodError.wrongCount(what: "gradients with that of q", expected: 3, received: 2)) {
      try forum.combination(gramian: Gramian(taskCount: 2) { _, _ in 1 }, epoch: 0, state: &balance)
    }
    #expect(throws: MethodError.nonFinite(task: 0, what: "gradient")) {
      try forum.combination(gramian: Gramian(taskCount: 3) { _, _ in .nan }, epoch: 0, state: &balance)
    }
    let auto = try AutoLambda()
    var weights = auto.initialState(taskCount: 2)
    #expect(throws: MethodError.nonFinite(task: 0, what: "loss")) {
      try auto.update(&weights, above: [.nan, 1], below: [1, 1], perturbation: 1, learningRate: 1)
    }
    #expect(throws: MethodError.wrongCount(what: "losses", expected: 2, received: 1)) {
      try auto.update(&weights, above: [1, 1], below: [1], perturbation: 1, learningRate: 1)
    }
  }
}
