import Foundation
import Testing
import Torch
import TorchNN
import Truce
import TruceModels
import TruceRun
import TruceTasks
import TruceTorch

@testable import TruceTraining

@Suite("Handlers")
struct HandlerTests {
  /// What a console was given.
  private final class Screen {
    var text = ""
    func console(isTerminal: Bool, width: Int = 200) -> Console {
      Console(isTerminal: isTerminal, width: width) { self.text += $0 }
    }
  }

  /// Where training stands.
  private func progress(_ step: Int, epoch: Int = 0, seconds: Double = 0) -> TrainingProgress {
    var progress = TrainingProgress()
    (progress.position.epoch, progress.position.step, progress.seconds) = (epoch, step, seconds)
    return progress
  }

  private func step(skipReason: String? = nil) -> TrainingEvent {
    .stepped(StepEvent(seconds: 0.5, step: LearnerStep(losses: [1, nil, 0.25], skipReason: skipReason)))
  }

  private func beginning(epochs: Int = 3) -> TrainingEvent {
    .began(
      RunBeginning(
        tasks: ["shape", "colour", "size"].map { TaskRecord(name: $0, metrics: []) }, sharedParameters: 1,
        totalParameters: 2, stepsPerEpoch: 6, epochs: epochs))
  }

  private let ending = TrainingEvent.ended(RunEnding(epoch: 3, step: 18, seconds: 9, status: .finished))

  // MARK: Progress

  @Test("Progress is plain lines, not too many, where lines cannot be drawn over")
  func plainProgress() throws {
    let screen = Screen()
    let reporter = ProgressReporter(console: screen.console(isTerminal: false), lineInterval: 2)
    reporter.handle(beginning(), at: progress(0))
    for number in 1...6 { reporter.handle(step(), at: progress(number, seconds: Double(number))) }
    let values = [
      "train/shape/loss": 0.5, "test/shape/accuracy": 0.75, "train/size/loss": 1, "conflict/share": 0.125,
    ]
    reporter.handle(
      .epochEnded(EpochEvent(values: values, isMeasured: true)), at: progress(6, epoch: 1, seconds: 61.4))
    reporter.handle(ending, at: progress(18, epoch: 3))
    let bars = ["#", "###", "######"].map { $0.padding(toLength: 20, withPad: "·", startingAt: 0) }
    #expect(
      screen.text == """
        [\(bars[0])] epoch 1/3  step 1/18  loss shape 1.000, colour –, size 0.250  1.0 steps/s  0:17 left
        [\(bars[1])] epoch 1/3  step 3/18  loss shape 1.000, colour –, size 0.250  1.0 steps/s  0:15 left
        [\(bars[2])] epoch 1/3  step 5/18  loss shape 1.000, colour –, size 0.250  1.0 steps/s  0:13 left
        epoch 1/3  shape: train loss 0.5000 test accuracy 0.7500  colour:   size: train loss 1.0000  conflict 0.12  1:01

        """)
  }

  @Test("Progress is one line that is drawn over on a terminal, and none is left behind")
  func terminalProgress() throws {
    let screen = Screen()
    let reporter = ProgressReporter(console: screen.console(isTerminal: true, width: 40))
    reporter.handle(beginning(), at: progress(0))
    for (number, seconds) in [(1, 0.0), (2, 0.05), (3, 0.2)] {
      reporter.handle(step(), at: progress(number, seconds: seconds))
    }
    reporter.handle(ending, at: progress(18, epoch: 3))
    let parts = screen.text.components(separatedBy: "\r\u{1B}[2K")
    #expect(parts.count == 4)
    #expect(parts[1].hasPrefix("[#···") && parts[2].hasPrefix("[###·"))
    #expect(parts.allSatisfy { $0.count <= 39 } && parts.last == "")
    #expect(!screen.text.contains("\n"))
  }

  @Test("The time that is left is reckoned from the steps since the run was resumed")
  func resumedProgress() throws {
    let screen = Screen()
    let reporter = ProgressReporter(console: screen.console(isTerminal: false))
    reporter.handle(beginning(epochs: 1000), at: progress(2000, epoch: 333, seconds: 100))
    reporter.handle(step(), at: progress(2004, epoch: 334, seconds: 102))
    #expect(
      screen.text.hasSuffix(
        "step 2004/6000  loss shape 1.000, colour –, size 0.250  2.0 steps/s  33:18 left\n"))
  }

  @Test("More steps than can be counted are no reason to stop")
  func endlessProgress() throws {
    let screen = Screen()
    let reporter = ProgressReporter(console: screen.console(isTerminal: false))
    reporter.handle(beginning(epochs: .max), at: progress(0))
    reporter.handle(step(), at: progress(2, seconds: 1))
    #expect(screen.text.contains("epoch 1/9223372036854775807  step 2/9223372036854775807  "))
    #expect(screen.text.hasSuffix("2.0 steps/s  – left\n"))
  }

  @Test("A bar is filled to a share")
  func bar() {
    #expect(
      Text.bar(-1, width: 3) == "[···]" && Text.bar(0.5, width: 4) == "[##··]"
        && Text.bar(7, width: 2) == "[##]")
  }

  // MARK: Skipped steps

  @Test("Training that only skips steps is ended, with the task's name")
  func skippedSteps() throws {
    let watch = StopOnSkippedSteps(limit: 2)
    let bad = step(skipReason: "the loss of task 'colour' is not finite")
    for number in 1...2 { try watch.handle(bad, at: progress(number)) }
    try watch.handle(step(), at: progress(3))
    for number in 4...5 { try watch.handle(bad, at: progress(number)) }
    let error = #expect(throws: TrainingError.self) { try watch.handle(bad, at: progress(6)) }
    #expect(
      error?.description
        == "training diverged at step 6: 3 steps in a row were skipped: the loss of task 'colour' is not finite"
    )
    #expect(error?.exitStatus == .badData)
  }

  @Test("Steps whose losses are not finite are skipped and change nothing, where that is the policy")
  func skipPolicy() throws {
    let memory = EventMemory()
    var run = TinyRun()
    (run.learningRate, run.optimizer, run.nonFinite, run.epochs) = (1e30, "sgd", .skipStep, 40)
    let loop = try run.makeLoop()
    let parameters = ParameterMemory(loop.supervised.network)
    loop.handlers = [memory, parameters, StopOnSkippedSteps(limit: 2)]
    #expect(throws: TrainingError.self) { try loop.run() }
    let isSkipped = memory.steps.map { $0.event.step.skipReason != nil }
    #expect(isSkipped.suffix(3) == [true, true, true] && isSkipped[0] == false)
    for place in 1..<isSkipped.count {
      #expect((parameters.bits[place] == parameters.bits[place - 1]) == isSkipped[place], "step \(place + 1)")
    }
    #expect(memory.steps.last?.event.step.skipReason?.hasSuffix("' is not finite") == true)
  }

  // MARK: Log

  @Test("The log holds every n-th step, the steps with a conflict, and the epochs")
  func recorder() throws {
    let folder = try TemporaryFolder()
    let directory = RunDirectory(folder.url)
    var run = TinyRun()
    (run.method, run.epochs, run.conflictEvery) = ("mgda", 2, 7)
    let log = try MetricLog(in: directory)
    _ = try run.makeLoop([MetricRecorder(log: log, stepInterval: 5, isResumed: false)]).run()
    let events = try MetricLog.events(in: directory)
    let words = events.map(Self.word)
    #expect(
      words == ["begin 6", "step 1", "step 5", "epoch 1", "step 8", "step 10", "epoch 2", "end finished"])
    guard case .step(let progress) = events[1] else {
      Issue.record("no step")
      return
    }
    #expect(
      Set(progress.values.keys)
        == [
          "train/shape/loss", "train/colour/loss", "train/size/loss", "weight/shape", "weight/colour",
          "weight/size", "conflict/share", "conflict/coordinates", "conflict/cosine", "conflict/magnitude",
          "learning_rate", "seconds/step",
        ])
  }

  private static func word(_ event: RunEvent) -> String {
    switch event {
    case .begin(let beginning): "begin \(beginning.stepsPerEpoch)"
    case .step(let progress): "step \(progress.step)"
    case .epoch(let progress): "epoch \(progress.epoch)"
    case .end(let ending): "end \(ending.status)"
    }
  }

  @Test("The log of a resumed run has every event once, also between an epoch's last step and its end")
  func resumedLog() throws {
    let folder = try TemporaryFolder()
    let directory = RunDirectory(folder.url)
    let store = CheckpointStore(directory.checkpoints)
    let recorder = MetricRecorder(log: try MetricLog(in: directory), stepInterval: 2, isResumed: false)
    let killed = try TinyRun().makeLoop { learner in
      [
        recorder, Checkpointing(store: store, of: learner, epochInterval: 9, stepInterval: 6),
        EpochEndFailure(),
      ]
    }
    #expect(throws: EpochEndFailure.Killed.self) { try killed.run() }
    let resumed = try TinyRun().makeLoop()
    #expect(try resumed.restore(from: store))
    let position = resumed.progress.position
    #expect(position.step == 6 && position.batch == 6 && position.epoch == 0)
    let log = try MetricLog(in: directory, resumingAt: position.step, epochs: position.epoch)
    resumed.handlers = [MetricRecorder(log: log, stepInterval: 2, isResumed: true)]
    _ = try resumed.run()
    let epochs = try MetricLog.events(in: directory).compactMap { event -> Int? in
      if case .epoch(let progress) = event { progress.epoch } else { nil }
    }
    #expect(epochs == [1, 2, 3])
  }

  @Test("Step times give their median")
  func stepTimes() throws {
    let times = StepTimes()
    #expect(times.median == nil)
    times.handle(step(), at: progress(1))
    #expect(times.median == 0.5)
  }
}

/// Ends training right after the first epoch, as a kill would.
private final class EpochEndFailure: TrainingHandler {
  struct Killed: Error {}

  func handle(_ event: TrainingEvent, at progress: TrainingProgress) throws {
    if case .epochEnded = event { throw Killed() }
  }
}

/// Remembers every parameter, bit by bit, after every step.
private final class ParameterMemory: TrainingHandler {
  private let network: any MultiTaskNetwork
  private(set) var bits: [[UInt64]] = []

  init(_ network: any MultiTaskNetwork) {
    self.network = network
  }

  func handle(_ event: TrainingEvent, at progress: TrainingProgress) {
    guard case .stepped = event else { return }
    bits.append(
      network.parameters.tensors.flatMap { $0.to(.float64).toArray(as: Double.self).map(\.bitPattern) })
  }
}
