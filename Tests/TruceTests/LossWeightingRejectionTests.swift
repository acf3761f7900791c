import Testing

@testable import Truce

@Suite("What loss weightings refuse")
struct LossWeightingRejectionTests {
  struct Refusal: Sendable {
    let method: String
    let options: [String: OptionValue]
    let text: String

    init(_ method: String, _ options: [String: OptionValue], _ text: String) {
      (self.method, self.options, self.text) = (method, options, text)
    }
  }

  static let refusals = [
    Refusal("ew", ["reduction": "average"], "ew: reduction must be one of mean|sum, got average"),
    Refusal("uw", ["log_variance": "high"], "uw: log_variance must be a number or list of numbers, got high"),
    Refusal("uw", ["log_variance": [0, .number(.infinity)]], "uw: log_variance must be finite, got [0,inf]"),
    Refusal("uw", ["learning_rate": -0.1], "uw: learning_rate must be at least 0, or model, got -0.1"),
    Refusal(
      "uw", ["learning_rate": "own"], "uw: learning_rate must be a number or the word model, got own"),
    Refusal(
      "uw-o", ["likelihood": "poisson"], "uw-o: likelihood must be one of gaussian|laplace, got poisson"),
    Refusal("uw-so", ["temperature": 0], "uw-so: temperature must be greater than 0, got 0"),
    Refusal("constant", ["weights": [1, .number(.nan)]], "constant: weights must be finite, got [1,nan]"),
    Refusal("si", ["shift": -1], "si: shift must be at least 0, got -1"),
    Refusal("gls", ["power": 2], "gls: unknown option 'power'"),
    Refusal(
      "rlw", ["distribution": "cauchy"],
      """
      rlw: distribution must be one of \
      normal|uniform|dirichlet|random_normal|bernoulli|constrained_bernoulli, got cauchy
      """),
    Refusal("dwa", ["temperature": -2], "dwa: temperature must be greater than 0, got -2"),
    Refusal("dwa", ["window": 0], "dwa: window must be a whole number, at least 1, or none, got 0"),
    Refusal(
      "imtl-l", ["learning_rate": true],
      "imtl-l: learning_rate must be a number or the word model, got true"),
    Refusal("stch", ["mu": 0], "stch: mu must be greater than 0, got 0"),
    Refusal("stch", ["weights": 0], "stch: weights must be at least 0 and not all 0, or none, got 0"),
    Refusal("stch", ["form": "cubic"], "stch: form must be one of linear|log, got cubic"),
    Refusal("stch", ["warmup_epochs": 1.5], "stch: warmup_epochs must be a whole number, got 1.5"),
    Refusal("cosmos", ["lambda": -1], "cosmos: lambda must be at least 0, got -1"),
    Refusal("cosmos", ["alpha": 0], "cosmos: alpha must be greater than 0, or none, got 0"),
    Refusal("pbi", ["theta": -5], "pbi: theta must be at least 0, got -5"),
    Refusal(
      "pbi", ["weights": [1, -1]], "pbi: weights must be at least 0 and not all 0, or none, got [1,-1]"),
    Refusal("famo", ["lr": -1], "famo: lr must be at least 0, got -1"),
    Refusal("famo", ["weight_decay": -1], "famo: weight_decay must be at least 0, got -1"),
    Refusal("famo", ["learning_rate": 0.1], "famo: unknown option 'learning_rate'"),
    Refusal(
      "gradnorm", ["initial_losses": "zero"],
      "gradnorm: initial_losses must be one of first_step|first_epoch, got zero"),
    Refusal("go4align", ["num_groups": 0], "go4align: num_groups must be a whole number, at least 1, got 0"),
    Refusal("go4align", ["robust_step_size": -1], "go4align: robust_step_size must be at least 0, got -1"),
    Refusal(
      "igbv1", ["base_losses": [1, 0]], "igbv1: base_losses must be greater than 0, or none, got [1,0]"),
    Refusal("igbv1", ["base_epoch": -1], "igbv1: base_epoch must be a whole number, at least 0, got -1"),
  ]

  @Test(arguments: refusals)
  func options(_ refusal: Refusal) {
    #expect { try makeWeighting(refusal.method, refusal.options, taskCount: 2) } throws: { error in
      "\(error)" == refusal.text
    }
  }

  @Test func everyWeightingHasARefusedOption() {
    #expect(Set(Self.refusals.map(\.method)) == Set(lossWeightingNames))
  }

  @Test(arguments: lossWeightingNames)
  func lossesThatAreNotFinite(_ method: String) throws {
    for loss in [Double.nan, .infinity, -.infinity] {
      var trial = try makeWeighting(method, taskCount: 3)
      var source = RandomSource(seed: 0)
      #expect(throws: MethodError.nonFinite(task: 1, what: "loss")) {
        try trial.weights(
          context: StepContext(losses: [1, loss, 2], gradientNorms: [1, 1, 1]), using: &source)
      }
    }
  }

  @Test(arguments: lossWeightingNames)
  func theWrongNumberOfLosses(_ method: String) throws {
    var trial = try makeWeighting(method, taskCount: 3)
    var source = RandomSource(seed: 0)
    #expect(throws: MethodError.wrongCount(what: "losses", expected: 3, received: 2)) {
      try trial.weights(context: StepContext(losses: [1, 2]), using: &source)
    }
  }

  @Test(arguments: ["uw-o", "uw-so", "si", "gls", "go4align", "igbv1"], [0, -0.5])
  func lossesWithoutALogarithm(_ method: String, _ loss: Double) throws {
    var trial = try makeWeighting(method, taskCount: 3)
    var source = RandomSource(seed: 0)
    let error = MethodError.lossOutOfDomain(
      method: method, task: 2, rule: "greater than 0", received: loss)
    #expect(throws: error) {
      try trial.weights(context: StepContext(losses: [1, 2, loss]), using: &source)
    }
    #expect("\(error)" == "\(method): the loss of task 2 must be greater than 0, got \(loss)")
  }

  @Test func lossesBelowTheirBound() throws {
    try expect("famo: the loss of task 1 must be at least 0, got -0.1", of: "famo", losses: [1, -0.1])
    try expect(
      "stch: the loss of task 0 must be greater than 0, got 0.0", of: "stch", ["form": "log"],
      losses: [0, 1])
    try expect(
      "gradnorm: the loss of task 0 must be greater than 0 at first, got 0.0", of: "gradnorm",
      losses: [0, 1])
  }

  @Test func listsThatDoNotFitTheTasks() throws {
    let three: OptionValue = [1, 2, 3]
    for (method, option, what) in [
      ("constant", "weights", "loss weights"), ("uw", "log_variance", "log-variances"),
      ("stch", "weights", "preference weights"), ("stch", "reference", "reference losses"),
      ("cosmos", "weights", "preference weights"), ("pbi", "reference", "reference losses"),
      ("famo", "min_losses", "minimum losses"), ("igbv1", "base_losses", "base losses"),
    ] {
      try expect("expected 2 \(what), got 3", of: method, [option: three], losses: [4, 5])
    }
  }

  @Test func gradNormWithoutGradientLengths() throws {
    let method = try GradNorm()
    var state = method.initialState(taskCount: 2)
    var source = RandomSource(seed: 0)
    #expect {
      try method.weights(context: StepContext(losses: [1, 2]), state: &state, using: &source)
    } throws: {
      "\($0)" == "gradnorm: the step does not tell the lengths of the task gradients"
    }
    try expect("the gradient of task 1 is not finite", of: "gradnorm", losses: [1, 2], norms: [1, .nan])
  }

  @Test func weightsThatOverflow() throws {
    try expect("the weight of task 1 is not finite", of: "si", losses: [1, .leastNonzeroMagnitude])
  }

  /// A step that is refused leaves no trace, so that a training may skip it.
  @Test(arguments: lossWeightingNames)
  func aRefusedStepLeavesTheState(_ method: String) throws {
    let run = LossRun(taskCount: 3)
    let expected = try run.weights(of: method)
    var trial = try makeWeighting(method, taskCount: 3)
    var source = RandomSource(seed: 0)
    for t in run.losses.indices {
      _ = try? trial.weights(context: StepContext(losses: [1, 2, .nan]), using: &source)
      #expect(try run.step(t, of: &trial, using: &source) == expected[t])
    }
  }

  @Test func numbersAfterAStepOrAnEpochThatAreNotFinite() throws {
    var trial = try makeWeighting("famo", taskCount: 2)
    #expect(throws: MethodError.nonFinite(task: 1, what: "loss after the step")) {
      try trial.observe(lossesAfterStep: [1, .nan])
    }
    #expect(throws: MethodError.nonFinite(task: 0, what: "mean loss")) {
      try trial.endEpoch(meanLosses: [.infinity, 1])
    }
    #expect(throws: MethodError.wrongCount(what: "losses", expected: 2, received: 3)) {
      try trial.endEpoch(meanLosses: [1, 1, 1])
    }
  }

  @Test func epochsWithoutLoss() throws {
    var trial = try makeWeighting("dwa", taskCount: 2)
    var source = RandomSource(seed: 0)
    try trial.endEpoch(meanLosses: [1, 0])
    try trial.endEpoch(meanLosses: [1, 1])
    #expect {
      try trial.weights(context: StepContext(losses: [1, 1]), using: &source)
    } throws: { error in
      "\(error)" == "dwa: the loss of task 1 must be different from 0 on average, got 0.0"
    }
  }

  @Test func lossesAfterAStepThatHasNotBegun() throws {
    var trial = try makeWeighting("famo", taskCount: 2)
    #expect {
      try trial.observe(lossesAfterStep: [1, 1])
    } throws: { error in
      "\(error)" == "famo: losses after a step that has not begun"
    }
  }

  private func expect(
    _ text: String, of method: String, _ options: [String: OptionValue] = [:], losses: [Double],
    norms: [Double] = [1, 1]
  ) throws {
    var trial = try makeWeighting(method, options, taskCount: losses.count)
    var source = RandomSource(seed: 0)
    #expect {
      try trial.weights(
        context: StepContext(losses: losses, gradientNorms: norms), using: &source)
    } throws: { error in
      "\(error)" == text
    }
  }
}
