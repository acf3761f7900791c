import Testing
import Torch
import TorchNN
import TruceRun
import TruceTorch

@testable import TruceTraining

@Suite("The training loop")
struct TrainerTests {
  @Test("tells its handlers what happens, in order")
  func eventOrder() throws {
    let memory = EventMemory()
    var run = TinyRun()
    (run.epochs, run.evaluateEvery) = (3, 2)
    let ending = try run.makeTrainer([memory]).run()
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
    _ = try run.makeTrainer([memory]).run()
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
    let trainer = try TinyRun().makeTrainer([first, watch, last])
    #expect(throws: TrainingInterruption.self) { try trainer.run() }
    #expect(first.words.last == "step 4")
    #expect(last.words.last == "step 3")
  }

  @Test("stops at a step within an epoch, and measures there")
  func maximumSteps() throws {
    let memory = EventMemory()
    var run = TinyRun()
    run.maximumSteps = 8
    let ending = try run.makeTrainer([memory]).run()
    #expect(ending.step == 8)
    #expect(memory.words.suffix(3) == ["step 8", "epoch 2, measured", "finished at 8"])
  }

  @Test("reports losses, metrics, weights, conflict and the learning rate of an epoch")
  func values() throws {
    let memory = EventMemory()
    var run = TinyRun()
    (run.method, run.epochs, run.conflictEvery) = ("cagrad", 1, 3)
    _ = try run.makeTrainer([memory]).run()
    let tasks = ["shape", "colour", "size"]
    let expected =
      tasks.flatMap { ["train/\($0)/loss", "test/\($0)/loss", "test/\($0)/accuracy", "weight/\($0)"] }
      + ["conflict/share", "conflict/coordinates", "conflict/cosine", "conflict/magnitude", "learning_rate"]
    #expect(Set(memory.epochs[0].keys) == Set(expected))
    #expect(memory.epochs[0]["learning_rate"] == 0.01)
    #expect(memory.steps.map { $0.conflict != nil } == [true, false, false, true, false, false])
  }

  @Test("learns")
  func learning() throws {
    let memory = EventMemory()
    var run = TinyRun()
    (run.epochs, run.learningRate, run.method) = (40, 0.02, "cagrad")
    _ = try run.makeTrainer([memory]).run()
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
    _ = try run.makeTrainer([memory]).run()
    let counts = [8.0, 8, 8, 8, 8, 4]
    let losses = memory.steps.map { $0.report.losses[1] ?? .nan }
    let mean = zip(losses, counts).map { $0 * $1 }.reduce(0, +) / 44
    #expect(memory.epochs[0]["train/colour/loss"] == mean)
  }

  @Test("puts the network in training mode for steps and back to it after a measurement")
  func modes() throws {
    let trainer = try TinyRun().makeTrainer()
    _ = try trainer.run()
    let before = trainer.network.stateDictionary().mapTensors { $0.clone() }
    #expect(try trainer.evaluate() == trainer.evaluate())
    let after = trainer.network.stateDictionary()
    #expect(before.allSatisfy { name, tensor in after[name]?.toArray() == tensor.toArray(as: Double.self) })
  }

  @Test("trains a task on the batches that have labels of it", arguments: ["ew", "cagrad", "graddrop", "uw"])
  func partialLabels(method: String) throws {
    let memory = EventMemory()
    var run = TinyRun()
    (run.method, run.epochs) = (method, 2)
    run.problem = { try TinyProblem(isPartial: true) }
    _ = try run.makeTrainer([memory]).run()
    #expect(memory.steps.contains { $0.report.losses[0] == nil })
    #expect(memory.steps.contains { $0.report.losses[0] != nil })
    #expect(memory.steps.allSatisfy { $0.report.losses[1] != nil && $0.report.skipReason == nil })
    #expect(memory.epochs.allSatisfy { $0["train/shape/loss"]?.isFinite == true })
  }

  @Test("gives a float64 network float64 inputs")
  func precision() throws {
    let trainer = try TinyRun(dtype: .float64).makeTrainer()
    let before = trainer.network.parameters.tensors.map { $0.detached().clone() }
    _ = try trainer.run()
    for (parameter, old) in zip(trainer.network.parameters.tensors, before) {
      #expect(parameter.toArray(as: Double.self) != old.toArray(as: Double.self))
    }
    #expect(trainer.network.parameters.tensors.allSatisfy { $0.dtype == .float64 })
  }

  @Test("follows a planned schedule from epoch to epoch")
  func plannedSchedule() throws {
    let memory = EventMemory()
    var run = TinyRun()
    (run.schedule, run.scheduleOptions) = ("step", ["size": 1, "gamma": 0.5])
    _ = try run.makeTrainer([memory]).run()
    #expect(memory.epochs.map { $0["learning_rate"] } == [0.01, 0.005, 0.0025])
  }
}
