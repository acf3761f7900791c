import Testing
import Torch
import TorchNN
import TruceRun
import TruceTasks
import TruceTorch

@testable import TruceTraining

/// A learner without data, tasks or an optimizer: a number that halves with every step, and an even count of steps.
private final class HalvingLearner: Learner {
  let number = Tensor([1024.0])
  private(set) var calls: [String] = []
  private(set) var lookCount = 0
  private var steps = 0
  /// The step that cannot be taken.
  var impossibleStep: Int?
  var waitedSeconds = 0.0
  /// Told whenever time passes.
  var work: (String) -> Void = { _ in }

  private enum Keys: String, CodingKey {
    case steps
  }

  func beginning(epochs: Int) -> RunBeginning {
    RunBeginning(tasks: [], sharedParameters: 1, totalParameters: 1, stepsPerEpoch: 3, epochs: epochs)
  }

  var splits: [String] { ["test"] }
  var score: EpochScore { EpochScore([]) }

  func beginEpoch(at position: TrainingPosition) {
    calls.append("epoch \(position.epoch) from \(position.batch)")
  }

  func step(at position: TrainingPosition, addingTo means: inout RunningMeans) throws -> LearnerStep? {
    guard position.batch < 3 else { return nil }
    if position.step == impossibleStep { throw Divergence("the number is out of bounds") }
    work("step")
    _ = number.multiplyInPlace(0.5)
    steps += 1
    means.add(number.item(), to: "number")
    return LearnerStep(losses: [], values: ["number": number.item()])
  }

  func endEpoch(means: RunningMeans) -> [String: Double] { ["mean": means["number"] ?? .nan] }
  func measure() -> [String: Double] {
    work("evaluation")
    return ["score": -number.item()]
  }
  func nonFiniteState() -> String? {
    lookCount += 1
    return number.item().isFinite ? nil : "the number"
  }
  func stateTensors() -> NamedTensors { NamedTensors(["number": number]) }

  func encodeState(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(steps, forKey: .steps)
  }

  func restore(_ tensors: NamedTensors, from decoder: any Decoder) throws {
    guard let saved = tensors["number"] else { throw ForeignState(.tensors, "has no number") }
    number.copyInPlace(from: saved)
    steps = try decoder.container(keyedBy: Keys.self).decode(Int.self, forKey: .steps)
  }
}

@Suite("A learner of another kind")
struct LearnerTests {
  private let plan = TrainingPlan(epochs: 2)

  @Test("trains under the same loop, in epochs and steps, and is measured")
  func loop() throws {
    let (learner, memory) = (HalvingLearner(), EventMemory())
    let loop = TrainingLoop(
      learner, plan: plan, score: EpochScore([("score", true)]), handlers: [memory], clock: .frozen)
    #expect(try loop.run() == RunEnding(epoch: 2, step: 6, seconds: 0, status: .finished))
    #expect(learner.calls == ["epoch 0 from 0", "epoch 1 from 0"])
    let means = [(512.0 + 256 + 128) / 3, (64.0 + 32 + 16) / 3]
    for key in ["number", "mean"] { #expect(memory.epochs.compactMap { $0[key] } == means) }
    #expect(memory.epochs.compactMap { $0["score"] } == [-128, -16])
    #expect(
      memory.words.filter { $0.hasPrefix("epoch") } == ["epoch 1, measured, best", "epoch 2, measured, best"])
  }

  /// A handler that takes its time.
  private final class SlowHandler: TrainingHandler {
    let work: () -> Void
    init(work: @escaping () -> Void) { self.work = work }
    func handle(_ event: TrainingEvent, at progress: TrainingProgress) { work() }
  }

  @Test("has its time told apart: steps, waiting, handlers and evaluation")
  func times() throws {
    nonisolated(unsafe) var now = 100.0
    let learner = HalvingLearner()
    learner.waitedSeconds = 0.5
    learner.work = { now += $0 == "step" ? 2 : 16 }
    let loop = TrainingLoop(
      learner, plan: plan, handlers: [SlowHandler { now += 0.25 }], clock: StepClock { now })
    _ = try loop.run()
    let times = loop.times
    // Six steps in two epochs: a beginning, six steps, two ends of epochs and an ending are told.
    #expect(times.steps == 12 && times.stepCount == 6 && times.firstStepEnd == 102.25)
    #expect(times.handlers == 2.5 && times.evaluation == 32 && times.loader == 1)
    #expect(times.whole == 12 + 2.5 + 32)
  }

  @Test("continues from a checkpoint, which another kind refuses")
  func checkpoint() throws {
    let folder = try TemporaryFolder()
    let store = CheckpointStore(folder.url)
    let learner = HalvingLearner()
    let memory = EventMemory()
    let watch = InterruptionWatch(isRequested: { memory.steps.count == 4 }) {
      try store.saveLast(learner, $0)
    }
    #expect(throws: TrainingInterruption.self) {
      try TrainingLoop(learner, plan: plan, handlers: [memory, watch]).run()
    }
    let resumed = HalvingLearner()
    let loop = TrainingLoop(resumed, plan: plan)
    #expect(try loop.restore(from: store))
    #expect(resumed.number.item() == 64)
    #expect(try loop.run().step == 6 && resumed.calls == ["epoch 1 from 1"])
    #expect(resumed.number.item() == 16)
    #expect(throws: TrainingError.self) { try TinyRun().makeLoop().restore(from: store) }
  }

  @Test("is looked at once an epoch, and at checkpoints in between")
  func looks() throws {
    let folder = try TemporaryFolder()
    let learner = HalvingLearner()
    let saving = Checkpointing(
      store: CheckpointStore(folder.url), of: learner, epochInterval: 1, stepInterval: nil)
    let score = EpochScore([("score", true)])
    _ = try TrainingLoop(learner, plan: plan, score: score, handlers: [saving]).run()
    #expect(learner.lookCount == 2)
    let other = HalvingLearner()
    let often = Checkpointing(
      store: CheckpointStore(folder.url), of: other, epochInterval: 1, stepInterval: 2)
    _ = try TrainingLoop(other, plan: plan, score: score, handlers: [often]).run()
    #expect(other.lookCount == 2 + 3)
  }

  @Test("says why it cannot go on, and the loop at which step")
  func divergence() throws {
    let learner = HalvingLearner()
    learner.impossibleStep = 4
    let loop = TrainingLoop(learner, plan: plan)
    let error = #expect(throws: TrainingError.self) { try loop.run() }
    #expect(error == .diverged(step: 5, reason: "the number is out of bounds"))
    let endless = HalvingLearner()
    _ = endless.number.fillInPlace(Double.infinity)
    let other = #expect(throws: TrainingError.self) { try TrainingLoop(endless, plan: plan).run() }
    #expect(other == .diverged(step: 3, reason: "the number is not finite"))
  }
}
