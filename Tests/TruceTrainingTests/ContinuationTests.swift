import Foundation
import Testing
import Truce
import TruceRun

@testable import TruceTraining

/// A run on the small problem with two units, in a folder of its own.
private final class TrialRun {
  let folder: TemporaryFolder
  let directory: RunDirectory
  private(set) var text = ""

  init() throws {
    folder = try TemporaryFolder()
    directory = RunDirectory(folder.url.appending(path: "run"))
  }

  /// Trains, as `truce train` would.
  @discardableResult
  func train(
    _ overrides: String..., opening: RunDirectory.Opening = .new, checkpoint: CheckpointChoice = .last,
    in place: String? = nil, isInterrupted: @escaping () -> Bool = { false }
  ) throws -> RunSummary {
    text = ""
    let settings = ["problem=two-units", "batch_size=64", "epochs=4", "device=cpu", "threads=1"]
    let run = try TrainingRun(
      configuration: try RunConfiguration(overrides: settings + overrides), catalogues: .truce(),
      directory: place.map { RunDirectory(folder.url.appending(path: $0)) } ?? directory,
      checkpoint: checkpoint, console: Console(isTerminal: false) { [unowned self] in text += $0 },
      isInterrupted: isInterrupted)
    return try run.run(opening)
  }

  /// Trains and stops after some steps, with a checkpoint.
  func stop(afterSteps steps: Int, _ overrides: String...) throws {
    var taken = 0
    let settings = ["problem=two-units", "batch_size=64", "epochs=4", "device=cpu", "threads=1"]
    let run = try TrainingRun(
      configuration: try RunConfiguration(overrides: settings + overrides), catalogues: .truce(),
      directory: directory,
      console: Console(isTerminal: false) { _ in },
      isInterrupted: {
        taken += 1
        return taken == steps
      })
    #expect(try run.run(.new).status == .interrupted)
  }

  /// The lines that are neither progress nor epochs.
  var notes: [String] {
    text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("epoch ") && !$0.hasPrefix("[") }
  }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(at: directory.url.appending(path: name))
  }

  func edit(_ name: String, _ change: ([Substring]) -> [Substring]) throws {
    let file = directory.url.appending(path: name)
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    try Data(change(lines).map { $0 + "\n" }.joined().utf8).write(to: file)
  }

  var epochs: [Int] {
    get throws {
      try MetricLog.events(in: directory).compactMap {
        if case .epoch(let epoch) = $0 { epoch.epoch } else { nil }
      }
    }
  }

  /// The files of the run, less the lock.
  var contents: [String: Data] {
    get throws {
      let names = try FileManager.default.subpathsOfDirectory(atPath: directory.url.path)
      return names.reduce(into: [:]) { contents, name in
        contents[name] =
          name == ".lock" ? nil : FileManager.default.contents(atPath: directory.url.path + "/" + name)
      }
    }
  }
}

@Suite("A run that is continued")
struct ContinuationTests {
  private let trial: TrialRun

  init() throws {
    trial = try TrialRun()
  }

  @Test("is refused under another configuration, with the difference, and stays as it is")
  func otherConfiguration() throws {
    try trial.train("schedule=cosine", "epochs=8")
    let before = try trial.contents
    let error = #expect(throws: TrainingError.self) {
      try trial.train("schedule=cosine", "epochs=2", "max_steps=9", opening: .resume)
    }
    let path = trial.directory.url.relativePath
    #expect(error?.description == "\(path) holds another run: epochs was 8, now 2, max_steps was none, now 9")
    #expect(
      error?.help
        == "resume with --config \(path)/config.yaml, or begin another run in another folder with --from \(path)"
    )
    #expect(error?.exitStatus == .usage)
    #expect(try trial.contents == before)
  }

  @Test("may be observed in another way, and says so")
  func otherObservation() throws {
    try trial.stop(afterSteps: 5)
    try trial.train("log_every=1", "checkpoint_every=2", "threads=2", opening: .resume)
    #expect(trial.notes == ["from here on with checkpoint_every 2 instead of 1, log_every 1 instead of 50"])
    #expect(try trial.epochs == [1, 2, 3, 4])
    #expect(throws: TrainingError.self) { try trial.train("updates_every=1", opening: .resume) }
  }

  @Test("goes on from the checkpoint that is wanted")
  func wantedCheckpoint() throws {
    try trial.train("checkpoint_every_steps=1")
    let whole = try #require(try trial.contents["checkpoints/last-16-2/tensors.safetensors"])
    try trial.train("checkpoint_every_steps=1", opening: .resume, checkpoint: .previous)
    #expect(trial.notes == ["continues from previous, step 16"])
    #expect(try trial.contents["checkpoints/last-16-3/tensors.safetensors"] == whole)
    let error = #expect(throws: TrainingError.self) {
      try trial.train("checkpoint_every_steps=1", opening: .resume, checkpoint: .named("last-3"))
    }
    #expect(error?.description.hasSuffix("checkpoints: has no checkpoint 'last-3'") == true)
    #expect(error?.help.hasPrefix("continue from another one: --resume --checkpoint ") == true)
  }

  @Test("goes on with a word where only the pointer is lost")
  func lostPointer() throws {
    try trial.stop(afterSteps: 6)
    try trial.remove("checkpoints/last.txt")
    #expect(try trial.train(opening: .resume).steps == 16)
    #expect(trial.notes == ["last.txt is missing, so the run continues from last-6"])
    #expect(try trial.epochs == [1, 2, 3, 4])
  }

  @Test("says so where the best epoch's checkpoint is lost")
  func lostBest() throws {
    try trial.stop(afterSteps: 6)
    try trial.remove("checkpoints/best.txt")
    try trial.train(opening: .resume)
    #expect(trial.notes == ["best.txt is missing: the next best epoch will have a checkpoint again"])
  }

  @Test("is refused where its checkpoints are lost", arguments: ["interrupted", "killed"])
  func lostCheckpoints(end: String) throws {
    try trial.stop(afterSteps: 10)
    try trial.remove("checkpoints")
    if end == "killed" { try trial.remove("summary.json") }
    let before = try trial.contents
    let error = #expect(throws: TrainingError.self) { try trial.train(opening: .resume) }
    let steps = end == "killed" ? 8 : 10
    #expect(
      error?.description.hasSuffix("checkpoints: has no checkpoint, though the run has come to step \(steps)")
        == true)
    #expect(error?.exitStatus == .missingInput)
    #expect(try trial.contents == before)
  }

  @Test("begins again with a word where it was killed before its first checkpoint")
  func noCheckpointYet() throws {
    try trial.stop(afterSteps: 3, "log_every=1")
    try trial.remove("checkpoints")
    try trial.remove("summary.json")
    #expect(try trial.train("log_every=1", opening: .resume).steps == 16)
    #expect(trial.notes == ["there is no checkpoint yet, so the run begins again"])
  }

  @Test(
    "is refused where its record lacks what lies behind the checkpoint",
    arguments: [
      ("missing", "lacks the beginning"), ("empty", "lacks the beginning"), ("no epoch 1", "lacks epoch 1"),
      ("no epoch 2", "lacks epoch 2"),
    ])
  func lostRecord(damage: String, reason: String) throws {
    try trial.stop(afterSteps: 10)
    switch damage {
    case "missing": try trial.remove("metrics.jsonl")
    case "empty": try trial.edit("metrics.jsonl") { _ in [] }
    default:
      try trial.edit("metrics.jsonl") { lines in
        lines.filter {
          !($0.contains("\"event\":\"epoch\"") && $0.contains("\"epoch\":\(damage.suffix(1)),"))
        }
      }
    }
    let before = try trial.contents
    let error = #expect(throws: RunError.self) { try trial.train(opening: .resume) }
    #expect(
      error?.description.hasSuffix(
        "metrics.jsonl: \(reason), which the checkpoint at step 10 has behind it") == true)
    #expect(error?.exitStatus == .badData)
    #expect(try trial.contents == before)
  }

  @Test("is not overwritten, though nothing but its checkpoints is left")
  func onlyCheckpoints() throws {
    try trial.train()
    for name in ["metrics.jsonl", "summary.json", "config.yaml", "environment.json"] {
      try trial.remove(name)
    }
    let before = try trial.contents
    let error = #expect(throws: RunError.self) { try trial.train() }
    #expect(error == .exists(path: trial.directory.url.relativePath, isFinished: false))
    #expect(throws: RunError.self) { try trial.train(opening: .resume) }
    #expect(try trial.contents == before)
    #expect(try trial.train(opening: .force).status == .finished)
  }

  // MARK: Another run's network

  @Test("or begun with what another run learned, says what is taken over and that its schedule begins anew")
  func fromAnotherRun() throws {
    try trial.train("epochs=2", in: "first")
    let first = trial.folder.url.appending(path: "first").path
    let summary = try trial.train("epochs=3", "schedule=cosine", "learning_rate=5e-4", "from=\(first)")
    #expect(summary.steps == 12 && summary.epochs == 3)
    #expect(
      trial.notes == [
        "begins with the network, the optimizer's memory, the method's memory of "
          + "\(first)/checkpoints/last-8; its schedule, cosine over 3 epochs from 0.0005, begins anew"
      ])
    #expect(try trial.directory.configuration().from == first)
    let rates = try RunRecord(trial.directory).epochCurves["learning_rate"]?.map(\.value)
    #expect(rates?.first == 5e-4 && rates?.count == 3)
    let losses = try RunRecord(trial.directory).epochCurves["train/feet/loss"]?.map(\.value)
    let before = try RunRecord(RunDirectory(URL(filePath: first))).epochCurves["train/feet/loss"]?.map(
      \.value)
    #expect(try #require(losses?.first) < #require(before?.first))
  }

  @Test("takes over what fits only")
  func fromAnotherMethod() throws {
    try trial.train("epochs=1", "method=uw", in: "first")
    let first = trial.folder.url.appending(path: "first").path
    try trial.train("epochs=1", "method=mgda", "optimizer=sgd", "from=\(first)")
    #expect(trial.notes.first?.hasPrefix("begins with the network of \(first)/checkpoints/last-4;") == true)
    #expect(throws: TrainingError.self) {
      try trial.train("epochs=1", "tasks=[feet]", "from=\(first)", in: "other")
    }
    #expect(throws: NetworkCheckpointError.self) {
      try trial.train("epochs=1", "from=\(first)/nowhere", in: "other")
    }
  }
}

@Suite("A run that ends badly")
struct BadEndingTests {
  @Test("has diverged where its last step left weights that are not finite")
  func lastStep() throws {
    let trial = try TrialRun()
    let error = #expect(throws: TrainingError.self) {
      try trial.train("batch_size=256", "learning_rate=1e308", "epochs=1")
    }
    let reason = try #require(error?.description)
    #expect(
      reason.hasPrefix("training diverged at step 1: the parameter '") && reason.hasSuffix("' is not finite"))
    #expect(error?.exitStatus == .badData)
    let summary = try #require(try trial.directory.summary())
    #expect(summary.status == .diverged && summary.reason == reason)
    #expect(try trial.contents.keys.filter { $0.hasPrefix("checkpoints/") }.isEmpty)
  }

  @Test(
    "says so where its folder is removed meanwhile",
    arguments: [
      "run", "run/metrics.jsonl", "run/config.yaml", "run/updates.bin", "run/tensorboard",
    ])
  func removedFolder(name: String) throws {
    let trial = try TrialRun()
    var steps = 0
    let error = #expect(throws: RunError.self) {
      try trial.train(
        "updates_every=1", "tensorboard=true",
        isInterrupted: {
          steps += 1
          if steps == 6 {
            try? FileManager.default.removeItem(at: trial.folder.url.appending(path: name))
          }
          return false
        })
    }
    #expect(error?.description.hasSuffix(": was removed while the run went on") == true)
    #expect(error?.exitStatus == .inputOutput)
    if name == "run" { #expect(try trial.folder.names.isEmpty) }
    #expect(try trial.directory.summary()?.status != .finished)
  }

  @Test("is one that stops at a step between two checkpoints, and leaves one there")
  func lastCheckpoint() throws {
    let trial = try TrialRun()
    try trial.train("max_steps=6", "checkpoint_every=4")
    #expect(try trial.contents.keys.contains("checkpoints/last-6/tensors.safetensors"))
    #expect(try trial.train("max_steps=6", "checkpoint_every=4", opening: .resume).steps == 6)
  }
}
