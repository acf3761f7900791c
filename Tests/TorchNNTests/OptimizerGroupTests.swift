import Testing
import Torch
import TorchNN
import TorchTestSupport

/// Groups, learning rates, states that do not fit, options that break rules, clipping.
@Suite struct OptimizerGroupTests {
  private func group(
    _ name: String, _ rule: any UpdateRule, _ values: [Float] = [1, 2]
  ) -> ParameterGroup {
    let tensor = Tensor(values).requiringGrad()
    tensor.grad = .ones([values.count])
    return ParameterGroup(NamedTensors([(name: name, tensor: tensor)]), rule: rule)
  }

  @Test("every group follows its own rule")
  func groups() throws {
    let optimizer = Optimizer(groups: [
      group("a", try SGD(learningRate: 0.5)), group("b", try SGD(learningRate: 0.25)),
    ])
    try optimizer.step()
    #expect(optimizer.parameters[0].toArray(as: Float.self) == [0.5, 1.5])
    #expect(optimizer.parameters[1].toArray(as: Float.self) == [0.75, 1.75])
    optimizer.setLearningRate(0.125, ofGroup: 1)
    #expect(optimizer.learningRates == [0.5, 0.125])
  }

  @Test("a schedule acts on every group's own base")
  func schedules() throws {
    let optimizer = Optimizer(groups: [
      group("a", try SGD(learningRate: 0.5)), group("b", try Adam(learningRate: 0.25)),
    ])
    optimizer.follow(try StepSchedule(size: 2, gamma: 0.5), at: 4, of: 10)
    #expect(optimizer.learningRates == [0.125, 0.0625])
    optimizer.follow(ConstantSchedule(), at: 5, of: 10)
    #expect(optimizer.learningRates == [0.5, 0.25])
  }

  @Test("a plateau lowers every group's rate")
  func plateaus() throws {
    let optimizer = Optimizer(groups: [
      group("a", try SGD(learningRate: 0.5)), group("b", try SGD(learningRate: 0.25)),
    ])
    let schedule = try PlateauSchedule(factor: 0.5, patience: 0)
    var state = PlateauSchedule.State()
    #expect(!optimizer.follow(schedule, after: 1, state: &state))
    #expect(optimizer.follow(schedule, after: 1, state: &state))
    #expect(optimizer.learningRates == [0.25, 0.125])
  }

  @Test("the base of schedules is saved with the state")
  func savedBase() throws {
    let first = Optimizer(groups: [group("a", try SGD(learningRate: 0.5))])
    first.setLearningRate(0.1)
    let second = Optimizer(groups: [group("a", try SGD(learningRate: 9))])
    try second.load(first.state())
    #expect(second.learningRates == [0.1])
    second.follow(ConstantSchedule(), at: 0, of: 1)
    #expect(second.learningRates == [0.5])
  }

  @Test("a saved state does not change when training goes on")
  func savedStateIsACopy() throws {
    let optimizer = Optimizer(groups: [group("a", try SGD(learningRate: 0.5, momentum: 0.5))])
    try optimizer.step()
    let state = optimizer.state()
    #expect(state.tensors.names == ["0.a.momentum_buffer"])
    try optimizer.step()
    try optimizer.load(state)
    try optimizer.step()
    #expect(state.tensors["0.a.momentum_buffer"]?.toArray(as: Float.self) == [1, 1])
  }

  @Test("one parameter cannot belong to two groups")
  func repeatedParameter() async {
    await #expect(processExitsWith: .failure) {
      let parameters = NamedTensors([(name: "a", tensor: Tensor.ones([1]))])
      let groups = [
        ParameterGroup(parameters, rule: try SGD()), ParameterGroup(parameters, rule: try SGD()),
      ]
      _ = Optimizer(groups: groups)
    }
  }

  @Test("a state that does not fit is refused with the reason")
  func refusedState() throws {
    let adam = Optimizer(groups: [group("a", try Adam())])
    try adam.step()
    let state = adam.state()
    func refusal(_ state: OptimizerState, by groups: [ParameterGroup]) throws -> String {
      let error = try #require(throws: OptimizerStateError.self) { try Optimizer(groups: groups).load(state) }
      #expect(error.help.hasPrefix("resume with the network"))
      return "\(error)".replacing("the saved optimizer state does not fit: ", with: "")
    }
    #expect(try refusal(state, by: []) == "it has 1 groups instead of 0")
    #expect(
      try refusal(state, by: [group("a", try SGD())]) == "it was written by 'adam', this is 'sgd'")
    #expect(
      try refusal(state, by: [group("b", try Adam())])
        == "group 0 holds other parameters, without 'b', with 'a'")
    #expect(
      try refusal(state, by: [group("a", try Adam(), [1, 2, 3])])
        == "'0.a.exp_avg' has shape [2] instead of [3]")
    let bare = OptimizerState(record: state.record, tensors: NamedTensors())
    #expect(
      try refusal(bare, by: [group("a", try Adam())]) == "the tensor '0.a.exp_avg' is missing")
    var record = state.record
    record.groups[0].options["beta1"] = 2
    #expect(
      try refusal(OptimizerState(record: record, tensors: state.tensors), by: [group("a", try Adam())])
        == "adam: beta1 must be at least 0 and less than 1, got 2")
  }

  static let rejected: [(String, [String: OptionValue], String)] = [
    ("sgd", ["learning_rate": -1], "sgd: learning_rate must be at least 0, got -1"),
    ("sgd", ["momentum": "much"], "sgd: momentum must be a number, got much"),
    (
      "sgd", ["nesterov": true],
      "sgd: nesterov must be false unless momentum is greater than 0 and dampening is 0, "
        + "got true with momentum 0.0 and dampening 0.0"
    ),
    ("signsgd", ["momentum": 1], "signsgd: momentum must be at least 0 and less than 1, got 1"),
    ("adam", ["beta2": 1], "adam: beta2 must be at least 0 and less than 1, got 1"),
    ("adamw", ["weight_decay": -0.1], "adamw: weight_decay must be at least 0, got -0.1"),
    ("rmsprop", ["centered": 1], "rmsprop: centered must be true or false, got 1"),
    ("adagrad", ["epsilon": -1], "adagrad: epsilon must be at least 0, got -1"),
    ("adagrad", ["lr_decay": 1], "adagrad: unknown option 'lr_decay'"),
    ("adamm", [:], "unknown optimizer 'adamm'"),
  ]

  @Test("an option that breaks its rule is refused", arguments: rejected.indices)
  func brokenRule(index: Int) throws {
    let (name, options, message) = Self.rejected[index]
    let error = try #require(throws: OptionError.self) {
      try OptimizerCatalogue.rule(named: name, options: options)
    }
    #expect("\(error)" == message)
    #expect(!error.help.isEmpty)
  }

  @Test("help names the closest or all that is known")
  func help() throws {
    let near = try #require(throws: OptionError.self) { try OptimizerCatalogue.rule(named: "adamm") }
    #expect(near.help == "did you mean 'adam'?")
    let far = try #require(throws: OptionError.self) { try OptimizerCatalogue.rule(named: "levenberg") }
    #expect(far.help == "known are sgd, signsgd, adam, adamw, rmsprop, adagrad")
  }
}

/// Bounds on gradients.
@Suite struct GradientClippingTests {
  private func parameters(_ gradients: [[Float]]) -> [Tensor] {
    gradients.map { values in
      let tensor = Tensor.zeros([values.count]).requiringGrad()
      tensor.grad = Tensor(values)
      return tensor
    }
  }

  @Test("long gradients are shortened together, short ones are not")
  func norms() {
    let long = parameters([[3], [0, 4]])
    #expect(GradientClipping.clipNorm(of: long, to: 1) == 5)
    #expect(abs((long[1].grad?[1].item() ?? 0) - 0.8) < 1e-6)
    let short = parameters([[3], [0, 4]])
    #expect(GradientClipping.clipNorm(of: short, to: 6) == 5)
    #expect(short[0].grad?.item() == 3)
  }

  @Test("other norms can be bounded")
  func otherNorms() {
    let tensors = parameters([[3], [1, -4]])
    #expect(GradientClipping.clipNorm(of: tensors, to: 2, order: .infinity) == 4)
    #expect(abs((tensors[0].grad?.item() ?? 0) - 1.5) < 1e-6)
  }

  @Test("gradients that are not finite are left for the caller to find")
  func nonFinite() {
    let tensors = parameters([[.nan], [1]])
    #expect(GradientClipping.clipNorm(of: tensors, to: 0.1).isNaN)
    #expect(tensors[1].grad?.item() == 1)
    #expect(GradientClipping.clipNorm(of: [], to: 1) == 0)
  }

  @Test("elements are limited")
  func values() {
    let tensors = parameters([[3, -2, 0.5]])
    GradientClipping.clipValue(of: tensors, to: 1)
    #expect(tensors[0].grad?.toArray(as: Float.self) == [1, -1, 0.5])
  }
}
