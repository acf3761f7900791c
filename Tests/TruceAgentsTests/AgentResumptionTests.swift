import Foundation
import Testing
import Torch
import Truce
import TruceEnvironments
import TruceOptions
import TruceRun
import TruceTorch
import TruceTraining

@testable import TruceAgents

@Suite("An agent that was interrupted and resumed")
struct AgentResumptionTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func agent(_ place: String, _ base: TinyAgent = TinyAgent()) -> TinyAgent {
    var agent = base
    agent.folder = folder.url.appending(path: place)
    return agent
  }

  /// Watches a run: what every step and epoch told.
  private final class Memory: TrainingHandler {
    private(set) var told: [[String: Double]] = []
    func handle(_ event: TrainingEvent, at progress: TrainingProgress) {
      switch event {
      case .stepped(let step): told.append(step.step.values)
      case .epochEnded(let epoch): told.append(epoch.values)
      case .began, .ended: break
      }
    }
  }

  private func loop(
    _ learner: AgentLearner, _ handlers: [any TrainingHandler], epochs: Int = 2
  ) -> TrainingLoop {
    TrainingLoop(learner, plan: TrainingPlan(epochs: epochs), handlers: handlers, clock: .init { 0 })
  }

  /// Runs to the end, and once more with checkpoints on the way and a new process after some steps; both must agree in
  /// every bit.
  private func expectContinuation(
    of base: TinyAgent, after steps: Int, checkpointEvery interval: Int = 5,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let whole = Memory()
    let uninterrupted = try agent("whole", base).makeLearner()
    _ = try loop(uninterrupted, [whole]).run()

    let store = CheckpointStore(folder.url.appending(path: "checkpoints"))
    let (first, rest) = (Memory(), Memory())
    let interrupted = try agent("parts", base).makeLearner()
    let saving = Checkpointing(store: store, of: interrupted, epochInterval: 1, stepInterval: interval)
    let watch = InterruptionWatch(isRequested: { first.told.count == steps }) {
      try store.saveLast(interrupted, $0)
    }
    #expect(throws: TrainingInterruption.self) { try loop(interrupted, [first, saving, watch]).run() }

    let resumed = try agent("parts", base).makeLearner()
    let last = loop(resumed, [rest])
    #expect(try last.restore(from: store), sourceLocation: sourceLocation)
    #expect(bits(resumed) == bits(interrupted), sourceLocation: sourceLocation)
    _ = try last.run()
    #expect(bits(resumed) == bits(uninterrupted), sourceLocation: sourceLocation)
    #expect(first.told + rest.told == whole.told, sourceLocation: sourceLocation)
    #expect(resumed.collector.memory.rowCount == uninterrupted.collector.memory.rowCount)
  }

  @Test(
    "ends like one that was not, wherever it was interrupted",
    arguments: [1, 7, 10, 11, 12, 13, 20, 23, 26, 39])
  func places(steps: Int) throws {
    try expectContinuation(of: TinyAgent(method: "cagrad", conflictEvery: 4), after: steps)
  }

  private static let names = ways().keys.sorted()

  /// Ways of learning with states and randomness of their own.
  private static func ways() -> [String: TinyAgent] {
    [
      "pcgrad": TinyAgent(method: "pcgrad"),
      "cagrad-fast": TinyAgent(
        options: ["temperature_gradient": "method"], method: "cagrad-fast", methodOptions: ["sample_size": 1]),
      "a weighting in front": TinyAgent(method: "cagrad", weighting: "uw"),
      "famo": TinyAgent(options: ["applies_to": "critic"], method: "famo"),
      "buffers": TinyAgent(options: ["applies_to": "critic"], method: "db-mtl"),
      "graddrop": TinyAgent(method: "graddrop"),
      "two further batches": TinyAgent(method: "sdmgrad"),
      "an optimizer for each task": TinyAgent(method: "mtl-io"),
      "a validation batch": TinyAgent(options: ["applies_to": "critic"], method: "moml"),
      "heads": TinyAgent(options: ["task_input": "heads", "clip_norm": 0.1]),
      "one temperature": TinyAgent(options: ["temperature": "shared", "replay": "uniform"]),
      "rewards stepping": TinyAgent(options: ["reward_normalization": "stepping", "actor_weight_decay": 0.1]),
      "rewards sampling": TinyAgent(options: [
        "reward_normalization": "sampling", "task_weights": "temperature",
      ]),
      "next episode": TinyAgent(options: ["horizon_observation": "next-episode"]),
      "a small replay": TinyAgent(options: ["replay_capacity": 6]),
      "weighed by rows": TinyAgent(options: ["replay": "uniform", "task_weights": "rows"]),
      "ends": TinyAgent(training: { PushTasks(ends: [nil, 4, 7]) }),
      "point-tasks": TinyAgent(training: { AgentResumptionTests.pointTasks() }),
      "float64": TinyAgent(precision: .float64),
    ]
  }

  static func pointTasks() -> any TaskEnvironments {
    guard let made = try? EnvironmentEntry.pointTasks.make(EnvironmentRequest()) else { return PushTasks() }
    return made
  }

  @Test("ends like one that was not, however it learns", arguments: names)
  func continues(name: String) throws {
    let way = try #require(Self.ways()[name])
    for steps in [17, 31] { try expectContinuation(of: way, after: steps) }
  }

  /// Calls a checkpoint the best one at a step.
  private final class BestCheckpoint: TrainingHandler {
    private let save: (TrainingProgress) throws -> Void
    init(_ save: @escaping (TrainingProgress) throws -> Void) { self.save = save }
    func handle(_ event: TrainingEvent, at progress: TrainingProgress) throws {
      if case .stepped = event, progress.position.step == 70 { try save(progress) }
    }
  }

  @Test("keeps no more of the replay than its checkpoints need, each of which can be resumed from")
  func trimming() throws {
    let store = CheckpointStore(folder.url.appending(path: "checkpoints"))
    let base = TinyAgent(options: ["replay_capacity": 12, "epoch_steps": 60])
    let learner = try agent("parts", base).makeLearner()
    let saving = Checkpointing(store: store, of: learner, epochInterval: 1, stepInterval: 3)
    let best = BestCheckpoint { try store.saveBest(learner, $0) }
    _ = try loop(learner, [saving, best], epochs: 4).run()
    let files = try FileManager.default.contentsOfDirectory(
      atPath: folder.url.appending(path: "parts").path)
    // 15 rows lie in files of 3 and more, those of the best checkpoint in others than those of the last two.
    #expect(!files.contains("replay.bin") && files.count <= 14, "\(files.sorted())")
    for choice in [CheckpointChoice.last, .previous, .best] {
      let other = try agent("parts", base).makeLearner()
      #expect(try loop(other, [], epochs: 4).restore(choice, from: store))
    }
  }

  // MARK: Checkpoints of versions before

  /// A learner's state as JSON.
  private struct Written: Encodable {
    let learner: AgentLearner
    func encode(to encoder: any Encoder) throws { try learner.encodeState(to: encoder) }
  }

  /// What a state is read from.
  private struct Read: Decodable {
    let decoder: any Decoder
    init(from decoder: any Decoder) { self.decoder = decoder }
  }

  @Test("goes on with the random numbers that all tasks shared, where a version before wrote the checkpoint")
  func sharedSources() throws {
    let learner = try agent("parts").makeLearner()
    learner.replaySources = PerTask([RandomSource(seed: 5)])
    learner.updateNoise = TaskNoise(PerTask([Generator(seed: 6)]))
    learner.collector.noise = TaskNoise(PerTask([Generator(seed: 7)]))
    var position = TrainingPosition()
    try train(learner, from: &position, steps: 20)
    var text = String(decoding: try JSONEncoder().encode(Written(learner: learner)), as: UTF8.self)
    // As it was written then: values in place of lists of one.
    for name in ["replaySource", "updateNoise", "noise"] {
      let list = try #require(text.range(of: "\"\(name)\":\\[[^\\]]*\\]", options: .regularExpression))
      let value = text[list].drop { $0 != "[" }.dropFirst().dropLast()
      text.replaceSubrange(list, with: "\"\(name)\":\(value)")
    }
    let resumed = try agent("parts").makeLearner()
    try resumed.restore(
      learner.stateTensors(), from: JSONDecoder().decode(Read.self, from: Data(text.utf8)).decoder)
    var again = position
    #expect(try train(resumed, from: &again, steps: 15) == train(learner, from: &position, steps: 15))
    #expect(bits(resumed) == bits(learner))
  }

  @Test("is refused where it holds random numbers of another number of tasks")
  func foreignSources() throws {
    let learner = try agent("parts").makeLearner()
    learner.updateNoise = TaskNoise(PerTask((0..<2).map { Generator(seed: $0) }))
    let data = try JSONEncoder().encode(Written(learner: learner))
    let other = try agent("parts").makeLearner()
    let error = #expect(throws: ForeignState.self) {
      try other.restore(learner.stateTensors(), from: JSONDecoder().decode(Read.self, from: data).decoder)
    }
    #expect(error?.reason == "holds 2 random generators for 3 tasks")
  }

  // MARK: What does not fit

  /// The error of an agent that is given another's checkpoint.
  private func error(_ written: TinyAgent, _ read: TinyAgent) throws -> TrainingError? {
    let store = CheckpointStore(folder.url.appending(path: "checkpoints"))
    let learner = try agent("parts", written).makeLearner()
    let saving = Checkpointing(store: store, of: learner, epochInterval: 1, stepInterval: nil)
    _ = try loop(learner, [saving], epochs: 1).run()
    let other = try agent("parts", read).makeLearner()
    return #expect(throws: TrainingError.self) { try loop(other, []).restore(from: store) }
  }

  @Test("is refused by an agent of the same tasks in another order")
  func otherOrder() throws {
    let found = try error(
      TinyAgent(), TinyAgent(training: { PushTasks(names: ["push2", "push0", "push1"]) }))
    #expect(
      found?.description.hasSuffix(
        "learner.json: was written for the tasks push0, push1, push2, these are push2, push0, push1") == true)
    #expect(
      found?.help == "resume with the configuration the run was started with, or start anew with --force")
  }

  @Test("is refused by an agent of other tasks")
  func otherTasks() throws {
    let found = try error(TinyAgent(), TinyAgent(training: { PushTasks(taskCount: 2) }))
    #expect(
      found?.description.hasSuffix(
        "learner.json: was written for the tasks push0, push1, push2, these are push0, push1") == true)
    #expect(
      found?.help == "resume with the configuration the run was started with, or start anew with --force")
  }

  @Test("is refused by an agent of another method or of other networks")
  func otherMethod() throws {
    let method = try error(TinyAgent(), TinyAgent(method: "cagrad"))
    #expect(
      method?.description.hasSuffix("was written for the methods ew, ew, these are cagrad, cagrad") == true)
    let widths = try error(TinyAgent(), TinyAgent(options: ["widths": [8]]))
    #expect(
      widths?.description.contains("actor: the saved state does not fit the network: 'head") == true
        || widths?.description.contains("actor: the saved state does not fit the network: unexpected") == true
    )
  }

  @Test("notices environments that do not play an episode again as they did")
  func otherWorld() throws {
    let drifting = TinyAgent(training: {
      let environments = PushTasks()
      environments.drift = 0.01
      return environments
    })
    let store = CheckpointStore(folder.url.appending(path: "checkpoints"))
    let learner = try agent("parts").makeLearner()
    let memory = Memory()
    let watch = InterruptionWatch(isRequested: { memory.told.count == 7 }) { try store.saveLast(learner, $0) }
    #expect(throws: TrainingInterruption.self) { try loop(learner, [memory, watch]).run() }
    let other = try agent("parts", drifting).makeLearner()
    let error = #expect(throws: TrainingError.self) { try loop(other, []).restore(from: store) }
    #expect(
      error?.description.hasSuffix(
        "has an episode on its way, which the environments do not play again as they did") == true)
  }

  @Test("says where the replay is missing")
  func noReplay() throws {
    let store = CheckpointStore(folder.url.appending(path: "checkpoints"))
    let learner = try agent("parts").makeLearner()
    let saving = Checkpointing(store: store, of: learner, epochInterval: 1, stepInterval: nil)
    _ = try loop(learner, [saving], epochs: 1).run()
    try FileManager.default.removeItem(at: folder.url.appending(path: "parts"))
    let other = try agent("parts").makeLearner()
    let error = #expect(throws: RunError.self) { try loop(other, []).restore(from: store) }
    #expect(error?.description.hasSuffix("parts/replay.bin: no replay here") == true)
  }

  @Test("can be measured without the replay it learned from")
  func measuring() throws {
    let store = CheckpointStore(folder.url.appending(path: "checkpoints"))
    let learner = try agent("parts").makeLearner()
    let saving = Checkpointing(store: store, of: learner, epochInterval: 1, stepInterval: nil)
    _ = try loop(learner, [saving], epochs: 1).run()
    let reader = try TinyAgent().makeLearner()
    #expect(try loop(reader, []).restore(from: store))
    #expect(try reader.measure() == learner.measure())
  }
}
