import Testing
import TorchNN
import Truce

@testable import TruceTraining

@Suite("A run that was interrupted and resumed")
struct ResumptionTests {
  /// Runs to the end, and once more with an interruption after some steps; both must agree in every bit.
  private func expectContinuation(
    of run: TinyRun, after steps: Int, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let whole = EventMemory()
    let uninterrupted = try run.makeTrainer([whole])
    _ = try uninterrupted.run()

    let folder = try TemporaryFolder()
    let store = CheckpointStore(folder.url)
    let first = EventMemory()
    let watch = InterruptionWatch(isRequested: { first.steps.count == steps }, beforeEnding: store.saveLast)
    let interrupted = try run.makeTrainer([first, watch])
    #expect(throws: TrainingInterruption.self) { try interrupted.run() }

    let rest = EventMemory()
    let resumed = try run.makeTrainer([rest])
    #expect(try store.restoreLast(resumed))
    #expect(try TrainerState(resumed) == TrainerState(interrupted), sourceLocation: sourceLocation)
    _ = try resumed.run()
    #expect(try TrainerState(resumed) == TrainerState(uninterrupted), sourceLocation: sourceLocation)
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

  @Test("ends like one that was not where labels are partial")
  func partialLabels() throws {
    var run = TinyRun()
    run.method = "dwa"
    run.problem = { try TinyProblem(isPartial: true) }
    try expectContinuation(of: run, after: 10)
  }

  @Test("knows the best epoch so far")
  func bestScore() throws {
    let folder = try TemporaryFolder()
    let store = CheckpointStore(folder.url)
    let scores = [1: 0.5, 2: 0.8, 3: 0.6]
    let checkpointing = Checkpointing(store: store, epochInterval: 2, stepInterval: nil) { values in
      scores[Int(values["epoch"] ?? 0)]
    }
    let trainer = try TinyRun().makeTrainer([EpochStamp(checkpointing)])
    _ = try trainer.run()
    #expect(trainer.progress.bestScore == 0.8)
    #expect(try folder.names == ["best-12", "best.txt", "last-18", "last.txt"])
    let best = try TinyRun().makeTrainer()
    #expect(try store.restoreBest(best))
    #expect(best.progress.position.step == 12)
  }
}

/// Adds the epoch's number to what the handler behind it is told.
private final class EpochStamp: TrainingHandler {
  private let next: any TrainingHandler

  init(_ next: any TrainingHandler) {
    self.next = next
  }

  func handle(_ event: TrainingEvent, of trainer: Trainer) throws {
    guard case .epochEnded(let epoch) = event else { return try next.handle(event, of: trainer) }
    let values = epoch.values.merging(["epoch": Double(epoch.position.epoch)]) { $1 }
    try next.handle(
      .epochEnded(
        EpochEvent(
          position: epoch.position, seconds: epoch.seconds, values: values, isMeasured: epoch.isMeasured)),
      of: trainer)
  }
}
