import Testing
import Torch
import TorchNN
import Truce
import TruceTasks

@testable import TruceTraining

@Suite("A run that was interrupted and resumed")
struct ResumptionTests {
  /// Runs to the end, and once more with an interruption after some steps; both must agree in every bit.
  private func expectContinuation(
    of run: TinyRun, after steps: Int, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let whole = EventMemory()
    let uninterrupted = try run.makeLoop([whole])
    _ = try uninterrupted.run()

    let folder = try TemporaryFolder()
    let store = CheckpointStore(folder.url)
    let first = EventMemory()
    let interrupted = try run.makeLoop { learner in
      [
        first,
        InterruptionWatch(isRequested: { first.steps.count == steps }) { try store.saveLast(learner, $0) },
      ]
    }
    #expect(throws: TrainingInterruption.self) { try interrupted.run() }

    let rest = EventMemory()
    let resumed = try run.makeLoop([rest])
    #expect(try resumed.restore(from: store))
    #expect(try LoopState(resumed) == LoopState(interrupted), sourceLocation: sourceLocation)
    _ = try resumed.run()
    #expect(try LoopState(resumed) == LoopState(uninterrupted), sourceLocation: sourceLocation)
    #expect(first.epochs + rest.epochs == whole.epochs, sourceLocation: sourceLocation)
  }

  /// Every method by name, but for RotoGrad, whose network has rotations: the command's tests train it.
  static let methodNames = Catalogue.entries.map(\.about.name).filter { $0 != "rotograd" }

  @Test("ends like one that was not, for every method", arguments: methodNames)
  func methods(name: String) throws {
    var run = TinyRun()
    (run.method, run.epochs) = (name, 2)
    try expectContinuation(of: run, after: 4)
  }

  @Test("ends like one that was not, wherever it was interrupted", arguments: 1...18)
  func places(step: Int) throws {
    var run = TinyRun()
    (run.method, run.conflictEvery) = ("pcgrad", 4)
    try expectContinuation(of: run, after: step)
  }

  @Test("ends like one that was not, for a weighting in front of a method")
  func weighting() throws {
    var run = TinyRun()
    (run.method, run.weighting) = ("cagrad", "uw")
    try expectContinuation(of: run, after: 8)
  }

  @Test(
    "ends like one that was not, for every optimizer",
    arguments: OptimizerCatalogue.entries.map(\.name))
  func optimizers(name: String) throws {
    var run = TinyRun()
    (run.method, run.optimizer, run.schedule) = ("cagrad", name, "cosine")
    if name == "sgd" { run.optimizerOptions = ["momentum": 0.9, "nesterov": true] }
    try expectContinuation(of: run, after: 9)
  }

  @Test(
    "ends like one that was not, for every schedule",
    arguments: ScheduleCatalogue.entries.map(\.name))
  func schedules(name: String) throws {
    var run = TinyRun()
    (run.schedule, run.epochs) = (name, 5)
    run.scheduleOptions =
      switch name {
      case "plateau": ["patience": 0, "threshold": 0.5]
      case "step": ["size": 2]
      case "multi-step": ["milestones": .list([1, 3])]
      case "exponential": ["gamma": 0.8]
      case "cosine": ["warm_up": 2]
      default: [:]
      }
    try expectContinuation(of: run, after: 20)
  }

  @Test(
    "ends like one that was not under autocast with a scale that moves",
    arguments: ["cagrad", "ew", "graddrop"])
  func scaled(method: String) throws {
    var run = TinyRun()
    (run.method, run.autocast) = (method, .float16)
    run.scaling = try GradientScaling(initialScale: 0x1p30, growthInterval: 2)
    for steps in [2, 7, 16] { try expectContinuation(of: run, after: steps) }
  }

  @Test("ends like one that was not where labels are partial")
  func partialLabels() throws {
    var run = TinyRun()
    run.method = "dwa"
    run.problem = { try TinyProblem(isPartial: true) }
    try expectContinuation(of: run, after: 10)
  }

  @Test("knows the best epoch so far, also after a resumption")
  func bestEpoch() throws {
    var run = TinyRun()
    (run.epochs, run.score) = (6, EpochScore([("test/shape/loss", false), ("test/shape/accuracy", true)]))
    let whole = EventMemory()
    _ = try run.makeLoop([whole]).run()
    #expect(whole.words.contains { $0.hasSuffix(", best") })
    try expectContinuation(of: run, after: 15)
    let folder = try TemporaryFolder()
    let store = CheckpointStore(folder.url)
    let loop = try run.makeLoop { [Checkpointing(store: store, of: $0, epochInterval: 2, stepInterval: nil)] }
    _ = try loop.run()
    let best = try #require(whole.words.last { $0.hasSuffix(", best") }?.split(separator: " ")[1].dropLast())
    let again = try run.makeLoop()
    #expect(try again.restore(.best, from: store))
    #expect(Int(best) == again.progress.position.epoch)
    #expect(again.progress.best == loop.progress.best)
  }
}
