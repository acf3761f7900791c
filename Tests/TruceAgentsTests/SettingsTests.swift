import Testing
import Torch
import TorchNN
import Truce
import TruceOptions
import TruceRun
import TruceTraining

@testable import TruceAgents

@Suite("Settings of an agent")
struct SettingsTests {
  @Test("have the defaults that they are documented with")
  func defaults() throws {
    let settings = try SACSettings()
    var given: [String: OptionValue] = [:]
    for parameter in SACSettings.parameters { given[parameter.name] = parameter.defaultValue }
    #expect(try SACSettings(given) == settings)
    #expect(Set(SACSettings.parameters.map(\.name)).count == SACSettings.parameters.count)
    #expect(settings.firstUpdateStep == settings.randomSteps && settings.batchSize(taskCount: 10) == 1280)
  }

  @Test(
    "that break a rule are refused by name",
    arguments: [
      (["width": [3]], "sac: unknown option 'width'", "did you mean 'widths'?"),
      (["widths": [0]], "sac: widths must be a list of whole numbers, each at least 1, got [0]", nil),
      (["discount": 1.5], "sac: discount must be between 0 and 1, got 1.5", nil),
      (["task_input": "id"], "sac: task_input must be one of one-hot|none|heads, got id", nil),
      (["clip_norm": 0], "sac: clip_norm must be greater than 0, or none, got 0", nil),
    ] as [([String: OptionValue], String, String?)])
  func refusals(options: [String: OptionValue], text: String, help: String?) {
    let error = #expect(throws: OptionError.self) { try SACSettings(options) }
    #expect(error?.description == text)
    if let help { #expect(error?.help == help) }
  }

  struct Conflict {
    var options: [String: OptionValue] = [:]
    var method = "cagrad"
    var methodOptions: [String: OptionValue] = [:]
    let text: String
    let help: String
  }

  static let conflicts = [
    Conflict(
      options: ["batch_size": 13], text: "a batch of 13 transitions cannot be divided among 3 tasks",
      help: "set batch_size to a multiple of 3, or replay to uniform"),
    Conflict(
      options: ["batch_size": 150, "replay_capacity": 40],
      text: "a replay of 40 transitions a task is smaller than a batch, which takes 50",
      help: "raise replay_capacity, or lower batch_size"),
    Conflict(
      options: ["batch_size": 90, "first_update": 29],
      text: "the first update comes after 29 steps, and a batch takes 30 transitions a task",
      help: "set first_update to at least 30, or lower batch_size"),
    Conflict(
      options: ["horizon": 51],
      text: "a horizon of 51 steps is longer than an episode of push-tasks can be, 50",
      help: "set horizon to at most 50"),
    Conflict(
      options: ["task_weights": "temperature", "temperature": "shared"],
      text: "task_weights: temperature weighs tasks by their own temperatures, and they share one",
      help: "set temperature to per-task, or task_weights to equal"),
    Conflict(
      options: ["temperature_gradient": "method", "applies_to": "critic"],
      text: "the method is to move the temperatures, and applies to the critics only",
      help: "set temperature_gradient to plain, or applies_to to both"),
    Conflict(
      options: ["temperature_gradient": "method"], method: "sdmgrad",
      text: "sdmgrad needs further batches, and the temperatures have none of their own",
      help: "set temperature_gradient to plain"),
    Conflict(
      method: "rotograd",
      text:
        "rotograd is to look at the features that tasks share, and an agent's tasks see states of their own",
      help: "set gradients to parameters, and choose another method than rotograd"),
    Conflict(
      options: ["clip_norm": 1], method: "adatask",
      text: "adatask moves the parameters itself, so that clip_norm has no gradient to cut",
      help: "leave clip_norm out, or choose a gradient method"),
    Conflict(
      method: "famo", text: "famo needs losses of at least 0, and an actor's losses may be negative",
      help: "set applies_to to critic"),
    Conflict(
      method: "db-mtl",
      text: "db-mtl needs losses of at least 0, and an actor's losses may be negative",
      help: "set applies_to to critic"),
  ]

  @Test("that do not go together are refused before training, with the fix", arguments: conflicts.indices)
  func combinations(place: Int) throws {
    let conflict = Self.conflicts[place]
    let agent = TinyAgent(
      options: conflict.options, method: conflict.method, methodOptions: conflict.methodOptions)
    let error = #expect(throws: TrainingError.self) { try agent.makeLearner() }
    #expect(error?.description == conflict.text)
    #expect(error?.help == conflict.help)
    #expect(error?.exitStatus == .usage)
  }

  @Test("want the same tasks to learn and to be measured on")
  func otherTasks() throws {
    var request = try TinyAgent().request()
    request.evaluation = PushTasks(taskCount: 2)
    let error = #expect(throws: TrainingError.self) { try AgentLearner(request) }
    #expect(error?.description == "the agent learns push0, push1, push2 and is measured on push0, push1")
    #expect(error?.help == "make both environments of the same tasks and options")
  }

  @Test("give the actor its weight decay and the temperatures none")
  func rules() throws {
    let settings = try SACSettings(["actor_weight_decay": 0.1, "temperature_learning_rate": 0.5])
    let rules = try AgentRules(Adam(learningRate: 0.2, epsilon: 1e-5, weightDecay: 0.3), settings)
    #expect(rules.critic.options["weight_decay"] == 0.3)
    #expect(rules.actor.options["weight_decay"] == 0.1 && rules.actor.learningRate == 0.2)
    #expect(rules.temperature.options["weight_decay"] == 0 && rules.temperature.learningRate == 0.5)
    #expect(rules.temperature.options["epsilon"] == 1e-5)
  }
}
