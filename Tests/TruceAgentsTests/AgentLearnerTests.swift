import Testing
import Torch
import TorchNN
import Truce
import TruceEnvironments
import TruceOptions
import TruceRun
import TruceTasks
import TruceTorch
import TruceTraining

@testable import TruceAgents

@Suite("An agent")
struct AgentLearnerTests {
  @Test("acts, updates while the environments are at work, then waits")
  func order() throws {
    let environments = PushTasks()
    let learner = try TinyAgent(options: ["horizon": 2, "random_steps": 4], training: { environments })
      .makeLearner()
    var position = TrainingPosition()
    try train(learner, from: &position, steps: 5)
    let steps = ["send", "receive"]
    #expect(environments.log == ["reset"] + steps + steps + ["reset"] + steps + steps + ["reset"] + steps)
  }

  @Test(
    "learns the same whether environments compute while it updates or before",
    arguments: ["ew", "cagrad"])
  func overlap(method: String) throws {
    let learners = try [true, false].map { atOnce in
      try TinyAgent(method: method, training: { PushTasks(computesAtOnce: atOnce) }).makeLearner()
    }
    var told: [[[String: Double]]] = []
    for learner in learners {
      var position = TrainingPosition()
      told.append(try train(learner, from: &position, steps: 40))
    }
    #expect(told[0] == told[1])
    #expect(bits(learners[0]) == bits(learners[1]))
  }

  @Test("depends on its seed and on nothing else")
  func seeds() throws {
    func trained(_ seed: UInt64) throws -> [String: [UInt64]] {
      let learner = try TinyAgent(seed: seed).makeLearner()
      var position = TrainingPosition()
      try train(learner, from: &position, steps: 30)
      return bits(learner)
    }
    #expect(try trained(3) == trained(3))
    #expect(try trained(3) != trained(4))
  }

  @Test("takes the updates that are due", arguments: [(1, 1, 1), (7, 1, 1), (1, 3, 2)])
  func updates(initial: Int, perStep: Int, first: Int) throws {
    let options: [String: OptionValue] = [
      "initial_updates": .number(Double(initial)), "updates_per_step": .number(Double(perStep)),
      "first_update": .number(Double(10 * first)),
    ]
    let learner = try TinyAgent(options: options).makeLearner()
    var position = TrainingPosition()
    try train(learner, from: &position, steps: 10 * first)
    let record = { learner.optimizers[0].optimizer.state().record.groups[0].parameters[0].step }
    #expect(record() == 0)
    try train(learner, from: &position, steps: 1)
    #expect(record() == initial)
    try train(learner, from: &position, steps: 2)
    #expect(record() == initial + 2 * perStep)
  }

  // MARK: Methods

  /// Options without which a method cannot be used on an agent.
  private static let needs: [String: [String: OptionValue]] = [
    "constant": ["weights": [1, 2, 3]]
  ]

  @Test(
    "learns by every method of the catalogue, or says why not",
    arguments: Catalogue.entries.map(\.about.name))
  func methods(name: String) throws {
    func losses(_ scope: String) throws -> [Double?] {
      let agent = TinyAgent(
        options: ["applies_to": .string(scope)], method: name, methodOptions: Self.needs[name] ?? [:])
      let learner = try agent.makeLearner()
      var position = TrainingPosition()
      try train(learner, from: &position, steps: 30)
      #expect(learner.nonFiniteState() == nil)
      var means = RunningMeans()
      return try learner.step(at: position, addingTo: &means)?.losses ?? []
    }
    do { #expect(try losses("both").compactMap { $0 }.count == 3) } catch let error as TrainingError {
      guard error.help == "set applies_to to critic" else {
        return #expect(name == "rotograd", "\(error)")
      }
      #expect(try losses("critic").compactMap { $0 }.count == 3)
    }
  }

  @Test(
    "gives each task's gradient whether its rows go through alone or with the others'",
    arguments: SACSettings.TaskInput.allCases)
  func splitting(taskInput: SACSettings.TaskInput) throws {
    /// The gradients of critics and actor after a step, with those of heads multiplied by a number.
    func gradients(_ method: String, heads factor: Double) throws -> [[Double]] {
      let agent = TinyAgent(
        options: ["task_input": .string(taskInput.rawValue), "init": "xavier"], method: method,
        learningRate: 0, precision: .float64)
      let learner = try agent.makeLearner()
      var position = TrainingPosition()
      try train(learner, from: &position, steps: 13)
      let networks = learner.networks
      func numbers(_ tensors: NamedTensors, times factor: Double) -> [Double] {
        tensors.tensors.flatMap { ($0.grad?.toArray(as: Double.self) ?? [.nan]).map { $0 * factor } }
      }
      let (critics, actor) = (networks.critics.split(taskCount: 3), networks.actor.split(taskCount: 3))
      return [critics, actor].map { part in
        numbers(part.shared, times: 1) + part.heads.flatMap { numbers($0, times: factor) }
      }
    }
    // A mean of separate gradients is the gradient of equal weighting; but each head has its own task's whole.
    let (joined, apart) = (try gradients("ew", heads: 3), try gradients("mean", heads: 1))
    for (joined, apart) in zip(joined, apart) {
      #expect(joined.count == apart.count && joined.contains { $0 != 0 })
      #expect(zip(joined, apart).allSatisfy { ($0 - $1).magnitude <= 1e-10 * max(1, $0.magnitude) })
    }
  }

  @Test(
    "measures the conflict without a change to what it learns",
    arguments: ["ew", "cagrad", "pcgrad", "cagrad-fast"])
  func conflict(method: String) throws {
    var told: [[[String: Double]]] = []
    let learners = try [0, 5].map { every in
      let learner = try TinyAgent(method: method, conflictEvery: every).makeLearner()
      var position = TrainingPosition()
      told.append(try train(learner, from: &position, steps: 30))
      return learner
    }
    #expect(bits(learners[0]) == bits(learners[1]))
    let measured = told[1].enumerated().filter { $0.element["conflict/critic/share"] != nil }.map(\.offset)
    #expect(measured == [15, 20, 24, 26])
    for place in measured {
      for key in ["conflict/share", "conflict/critic/share", "conflict/actor/share"] {
        let share = try #require(told[1][place][key])
        #expect((0...1).contains(share))
      }
    }
    #expect(told[1][24]["conflict/steps"] == 2)
  }

  @Test(
    "measures the conflict without a change at sizes at which rows apart and together differ in the last digits"
  )
  func conflictAtSize() throws {
    // 640 rows by 256: ten rows of a task alone are multiplied otherwise than among those of all 64.
    let learners = try [0, 1].map { every in
      let learner = try TinyAgent(
        options: ["widths": [256, 256], "batch_size": 640], conflictEvery: every,
        training: { PushTasks(taskCount: 64) }
      ).makeLearner()
      var position = TrainingPosition()
      try train(learner, from: &position, steps: 18)
      return learner
    }
    #expect(bits(learners[0]) == bits(learners[1]))
  }

  // MARK: Temperatures

  @Test("moves a temperature towards the entropy that is aimed at")
  func temperatures() throws {
    for (target, grows) in [(50.0, true), (-50, false)] {
      let learner = try TinyAgent(options: ["target_entropy": .number(target)]).makeLearner()
      var position = TrainingPosition()
      let told = try train(learner, from: &position, steps: 24)
      for task in 0..<3 {
        let last = try #require(told[23]["train/push\(task)/temperature"])
        #expect(grows ? last > 1 : last < 1)
      }
    }
  }

  @Test("weighs tasks by their temperatures: low ones count more, all together as many as there are")
  func taskWeights() throws {
    let learner = try TinyAgent(options: ["task_weights": "temperature"]).makeLearner()
    let logarithms = learner.networks.temperatures.parameters.tensors[0].detached()
    logarithms.copyInPlace(from: Tensor([0.0, 1, -1]))
    let weights = learner.networks.temperatures.taskWeights()
    #expect(weights[2] > weights[0] && weights[0] > weights[1])
    #expect((weights.reduce(0, +) - 3).magnitude < 1e-6)
  }

  // MARK: Ends

  @Test("remembers nothing of a task behind its own end, and no value behind it")
  func ends() throws {
    let ends: [Int?] = [nil, 4, 7]
    let learner = try TinyAgent(training: { PushTasks(ends: ends) }).makeLearner()
    var position = TrainingPosition()
    try train(learner, from: &position, steps: 20)
    let memory = learner.collector.memory
    for (task, end) in ends.enumerated() {
      let marks = (0..<11).map { memory.mark(row: $0, task: task) }
      let length = end ?? 10
      #expect(marks.prefix(length - 1).allSatisfy { $0 == .transition })
      #expect(marks[length - 1] == (end == nil ? .transition : .terminal))
      #expect(marks.dropFirst(length).allSatisfy { $0 == .none })
    }
  }

  @Test("refuses to go on where nothing of a task that ended early is left in the replay")
  func forgottenTask() throws {
    for replay in ["per-task", "uniform"] {
      let learner = try TinyAgent(
        options: ["horizon": 50, "replay_capacity": 6, "replay": .string(replay)],
        training: { PushTasks(ends: [nil, 2, nil]) }
      ).makeLearner()
      var position = TrainingPosition()
      let error = #expect(throws: TrainingError.self) { try train(learner, from: &position, steps: 13) }
      #expect(
        error?.description
          == "the replay of 6 transitions a task holds none of 'push1' any more, which ended early in an episode of up to 50 steps"
      )
      #expect(error?.help == "set replay_capacity to at least the horizon, 50")
    }
  }

  @Test(
    "always remembers something of each task where the replay is as long as an episode",
    arguments: [1, 2, 49])
  func longEnough(end: Int) throws {
    let learner = try TinyAgent(
      options: ["horizon": 50, "replay_capacity": 50], training: { PushTasks(ends: [nil, end, nil]) }
    ).makeLearner()
    var position = TrainingPosition()
    try train(learner, from: &position, steps: 170)
    #expect(learner.collector.memory.rowCount > learner.collector.memory.capacity * 3 / 2)
  }

  @Test("begins a new episode where all tasks have come to their ends")
  func allEnded() throws {
    let environments = PushTasks(ends: [3, 2, 3])
    let learner = try TinyAgent(training: { environments }).makeLearner()
    var position = TrainingPosition()
    try train(learner, from: &position, steps: 7)
    #expect(environments.resets.count == 3)
  }

  @Test("follows the last step of an episode by what it led to, or as mtrl by the next beginning")
  func horizon() throws {
    for (choice, rows) in [("last", 11), ("next-episode", 10)] {
      let learner = try TinyAgent(options: ["horizon_observation": .string(choice)]).makeLearner()
      var position = TrainingPosition()
      try train(learner, from: &position, steps: 11)
      let memory = learner.collector.memory
      // The third number of an observation counts the steps of an episode.
      let counts = (0..<12).map { (memory.numbers(row: $0, task: 0)[2] * 10).rounded() }
      #expect(
        counts
          == (rows == 11 ? [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0] : [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]))
      #expect(memory.mark(row: 9, task: 0) == .transition)
      #expect(memory.mark(row: 10, task: 0) == (rows == 11 ? .none : .transition))
    }
  }

  @Test("scales and normalises rewards when it steps or when it draws")
  func rewards() throws {
    func stored(_ options: [String: OptionValue]) throws -> (rewards: [Float], factors: [Float]) {
      let learner = try TinyAgent(options: options).makeLearner()
      var position = TrainingPosition()
      try train(learner, from: &position, steps: 10)
      let memory = learner.collector.memory
      return ((0..<10).map { memory.numbers(row: $0, task: 1)[5] }, learner.collector.rewardFactors)
    }
    let plain = try stored([:])
    let scaled = try stored(["reward_scale": 0.5])
    #expect(zip(plain.rewards, scaled.rewards).allSatisfy { ($0 * 0.5 - $1).magnitude < 1e-6 })
    let late = try stored(["reward_normalization": "sampling"])
    #expect(late.rewards == plain.rewards && late.factors[1] != 1)
    let early = try stored(["reward_normalization": "stepping"])
    #expect(early.factors == [1, 1, 1])
    var scale = RewardScale(taskCount: 1)
    for (raw, found) in zip(plain.rewards, early.rewards) {
      scale.takeIn([raw])
      #expect((Double(raw) * scale.factors[0] - Double(found)).magnitude < 1e-6)
    }
  }

  // MARK: Measurement

  @Test("is measured by mean actions on stated goals, as often as one likes")
  func measurement() throws {
    let environments = PushTasks(goalCount: 3)
    var request = try TinyAgent(options: ["evaluation_episodes": 5]).request()
    request.evaluation = environments
    let learner = try AgentLearner(request)
    let before = bits(learner)
    let values = try learner.measure()
    #expect(environments.resets == [0, 1, 2, 0, 1].map { [$0, $0, $0] })
    #expect(try learner.measure() == values)
    #expect(bits(learner) == before)
    #expect(values.count == 6)
    for task in 0..<3 {
      #expect((0...1).contains(try #require(values["test/push\(task)/success"])))
      #expect(try #require(values["test/push\(task)/return"]) < 0)
    }
  }

  @Test("says what it trains before it does")
  func beginning() throws {
    for (input, states) in [("one-hot", 6), ("none", 3)] {
      let record = try TinyAgent(options: ["task_input": .string(input)]).makeLearner().beginning(epochs: 4)
      func count(_ inputs: Int, _ outputs: Int) -> Int { (inputs + 1) * 8 + 9 * 8 + 9 * outputs }
      #expect(record.totalParameters == count(states, 4) + 2 * count(states + 2, 1))
      #expect(record.sharedParameters == record.totalParameters)
      #expect(record.stepsPerEpoch == 24 && record.epochs == 4)
      #expect(record.tasks.map(\.name) == ["push0", "push1", "push2"])
      #expect(record.tasks[0].metrics.map(\.name) == ["success", "return"])
    }
    let heads = try TinyAgent(options: ["task_input": "heads"]).makeLearner().beginning(epochs: 1)
    #expect(heads.totalParameters - heads.sharedParameters == 3 * 9 * 4 + 2 * 3 * 9)
  }

  @Test("names the part and the task whose loss is not finite")
  func divergence() throws {
    let learner = try TinyAgent(method: "cagrad").makeLearner()
    var position = TrainingPosition()
    try train(learner, from: &position, steps: 14)
    _ = learner.networks.critics.parameters.tensors[0].detached().fillInPlace(Float.nan)
    let error = #expect(throws: Divergence.self) { try train(learner, from: &position, steps: 1) }
    #expect(error?.reason == "the critic's loss of task 'push0' is not finite")
    #expect(learner.nonFiniteState() == "the parameter 'critics.first.trunk.0.weight'")
  }
}
