import Testing
import Torch
import TorchNN
import Truce
import TruceRun
import TruceTasks
import TruceTorch

@testable import TruceTraining

@Suite("The training loop")
struct TrainingLoopTests {
  @Test("tells its handlers what happens, in order")
  func eventOrder() throws {
    let memory = EventMemory()
    var run = TinyRun()
    (run.epochs, run.evaluateEvery) = (3, 2)
    let ending = try run.makeLoop([memory]).run()
    let steps = (1...18).map { "step \($0)" }
    var expected = ["began at 0 of 6 × 3"] + steps[..<6]
    expected += ["epoch 1"] + steps[6..<12]
    expected += ["epoch 2, measured"] + steps[12...]
    expected += ["epoch 3, measured", "finished at 18"]
    #expect(memory.words == expected)
    #expect(ending == RunEnding(epoch: 3, step: 18, seconds: 0, status: .finished))
  }

  @Test("lowers the losses with every method", arguments: ResumptionTests.methodNames)
  func everyMethod(name: String) throws {
    let memory = EventMemory()
    var run = TinyRun()
    (run.method, run.epochs, run.evaluateEvery) = (name, 8, 8)
    _ = try run.makeLoop([memory]).run()
    let losses = memory.epochs.map { values in
      ["shape", "colour", "size"].compactMap { values["train/\($0)/loss"] }.reduce(0, +)
    }
    #expect(losses.allSatisfy { $0.isFinite })
    #expect(losses[7] < losses[0])
  }

  @Test("tells them in the order of the list, and ends with what one of them throws")
  func handlerOrder() throws {
    let (first, last) = (EventMemory(), EventMemory())
    let watch = InterruptionWatch(isRequested: { first.steps.count == 4 }, beforeEnding: { _ in })
    let loop = try TinyRun().makeLoop([first, watch, last])
    #expect(throws: TrainingInterruption.self) { try loop.run() }
    #expect(first.words.last == "step 4")
    #expect(last.words.last == "step 3")
  }

  @Test("stops at a step within an epoch, and measures there")
  func maximumSteps() throws {
    let memory = EventMemory()
    var run = TinyRun()
    run.maximumSteps = 8
    let ending = try run.makeLoop([memory]).run()
    #expect(ending.step == 8)
    #expect(memory.words.suffix(3) == ["step 8", "epoch 2, measured", "finished at 8"])
  }

  @Test("reports losses, metrics, weights, conflict and the learning rate of an epoch")
  func values() throws {
    let memory = EventMemory()
    var run = TinyRun()
    (run.method, run.epochs, run.conflictEvery) = ("cagrad", 1, 3)
    _ = try run.makeLoop([memory]).run()
    let tasks = ["shape", "colour", "size"]
    let expected =
      tasks.flatMap { ["train/\($0)/loss", "test/\($0)/loss", "test/\($0)/accuracy", "weight/\($0)"] }
      + ["conflict/share", "conflict/coordinates", "conflict/cosine", "conflict/magnitude"]
      + ["conflict/steps", "learning_rate"]
    #expect(Set(memory.epochs[0].keys) == Set(expected))
    #expect(memory.epochs[0]["learning_rate"] == 0.01)
    let turns = [true, false, false, true, false, false]
    #expect(memory.steps.map(\.event.step.isNotable) == turns)
    #expect(memory.steps.map { $0.values["conflict/coordinates"] != nil } == turns)
  }

  @Test("measures the conflict at every step where the method takes the Gramian anyway, as the probe does")
  func freeConflict() throws {
    let (free, probed) = (EventMemory(), EventMemory())
    var run = TinyRun()
    (run.method, run.epochs) = ("mgda", 1)
    let quiet = try run.makeLoop([free])
    _ = try quiet.run()
    run.conflictEvery = 1
    let watched = try run.makeLoop([probed])
    _ = try watched.run()
    #expect(try LoopState(quiet).network == LoopState(watched).network)
    #expect(free.epochs[0]["conflict/steps"] == 6 && free.epochs[0]["conflict/coordinates"] == nil)
    for (one, other) in zip(free.steps, probed.steps) {
      #expect(one.values["conflict/share"] == other.values["conflict/share"])
      for key in ["conflict/cosine", "conflict/magnitude"] {
        let values = [one, other].compactMap { $0.values[key] }
        #expect(values.count == 2 && (values[0] - values[1]).magnitude < 1e-5, "\(key)")
      }
    }
  }

  @Test("counts the steps in which the conflict of a loss weighting was measured, and measures no others")
  func countedConflict() throws {
    let memory = EventMemory()
    var run = TinyRun()
    (run.method, run.epochs, run.conflictEvery) = ("uw", 1, 4)
    _ = try run.makeLoop([memory]).run()
    #expect(memory.epochs[0]["conflict/steps"] == 2)
    #expect(
      memory.steps.map { $0.values["conflict/share"] != nil } == [true, false, false, false, true, false])
    let shares = memory.steps.compactMap { $0.values["conflict/share"] }
    #expect(memory.epochs[0]["conflict/share"] == (shares[0] + shares[1]) / 2)
  }

  @Test("learns")
  func learning() throws {
    let memory = EventMemory()
    var run = TinyRun()
    (run.epochs, run.learningRate, run.method) = (40, 0.02, "cagrad")
    _ = try run.makeLoop([memory]).run()
    for task in ["shape", "colour", "size"] {
      let losses = memory.epochs.compactMap { $0["train/\(task)/loss"] }
      #expect(losses[39] < 0.7 * losses[0], "\(task)")
    }
  }

  @Test("weighs the epoch's losses by the samples of their batches")
  func epochMeans() throws {
    let memory = EventMemory()
    var run = TinyRun()
    run.epochs = 1
    _ = try run.makeLoop([memory]).run()
    let counts = [8.0, 8, 8, 8, 8, 4]
    let losses = memory.steps.map { $0.losses[1] ?? .nan }
    let mean = zip(losses, counts).map { $0 * $1 }.reduce(0, +) / 44
    #expect(memory.epochs[0]["train/colour/loss"] == mean)
  }

  @Test("puts the network in training mode for steps and back to it after a measurement")
  func modes() throws {
    let loop = try TinyRun().makeLoop()
    _ = try loop.run()
    let learner = loop.supervised
    let before = learner.network.stateDictionary().mapTensors { $0.clone() }
    #expect(try learner.measure() == learner.measure())
    let after = learner.network.stateDictionary()
    #expect(before.allSatisfy { name, tensor in after[name]?.toArray() == tensor.toArray(as: Double.self) })
  }

  @Test("trains a task on the batches that have labels of it", arguments: ["ew", "cagrad", "graddrop", "uw"])
  func partialLabels(method: String) throws {
    let memory = EventMemory()
    var run = TinyRun()
    (run.method, run.epochs) = (method, 2)
    run.problem = { try TinyProblem(isPartial: true) }
    _ = try run.makeLoop([memory]).run()
    #expect(memory.steps.contains { $0.losses[0] == nil })
    #expect(memory.steps.contains { $0.losses[0] != nil })
    #expect(memory.steps.allSatisfy { $0.losses[1] != nil && $0.event.step.skipReason == nil })
    #expect(memory.epochs.allSatisfy { $0["train/shape/loss"]?.isFinite == true })
  }

  @Test("gives a float64 network float64 inputs")
  func precision() throws {
    var run = TinyRun()
    run.dtype = .float64
    let loop = try run.makeLoop()
    _ = try loop.run()
    #expect(loop.supervised.network.parameters.tensors.allSatisfy { $0.dtype == .float64 })
  }

  @Test("ends as diverged, with the task's name, where a loss weighting gives a weight that is not finite")
  func weightNotFinite() throws {
    var run = TinyRun()
    run.ownMethod = .lossWeighting(EndlessWeighting())
    let loop = try run.makeLoop()
    let before = try LoopState(loop).network
    let error = #expect(throws: TrainingError.self) { try loop.run() }
    #expect(error == .diverged(step: 1, reason: "the weight of task 'colour' is not finite"))
    #expect(
      try LoopState(loop).network.filter { $0.key.contains("weight") }
        == before.filter { $0.key.contains("weight") })
  }

  @Test("follows a planned schedule from epoch to epoch")
  func plannedSchedule() throws {
    let memory = EventMemory()
    var run = TinyRun()
    (run.schedule, run.scheduleOptions) = ("step", ["size": 1, "gamma": 0.5])
    _ = try run.makeLoop([memory]).run()
    #expect(memory.epochs.map { $0["learning_rate"] } == [0.01, 0.005, 0.0025])
  }
}

/// Weighs the second task without end.
private struct EndlessWeighting: LossWeighting {
  static let about = MethodDescription(
    name: "endless", title: "Endless", summary: "Weighs the second task without end.", kind: .lossWeighting,
    paper: EqualWeighting.about.paper, formula: "w₂ = ∞", cost: .lossWeighting)

  init() {}
  init(options: Options) throws(OptionError) {}

  func weights(
    context: StepContext, state: inout Stateless, using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    context.losses.indices.map { $0 == 1 ? .infinity : 1 }
  }
}
