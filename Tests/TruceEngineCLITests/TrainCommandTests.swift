import Foundation
import Testing
import Truce
import TruceRun
import TruceTestSupport

@Suite("truce-engine train", .serialized, .enabled(if: Engine.hasData, Engine.noData))
struct TrainCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// Sixteen steps in two epochs, measured once.
  private static let training = [
    "train", "--problem", "multi-mnist", "--problem-option", "train_samples=256", "--batch-size", "32",
    "--method", "cagrad", "--option", "c=0.4", "--epochs", "2", "evaluate_every=2", "threads=1",
    "log_every=1",
    "checkpoint_every_steps=3", "conflict_every=5", "similarity_every=4",
    "similarity_samples=3",
  ]

  private func arguments(_ name: String, _ more: String...) -> [String] {
    Self.training + ["--output", name] + more
  }

  /// Runs to the end without a break.
  private func wholeRun(_ name: String, _ more: [String] = []) throws -> RunDirectory {
    let result = try Engine.run(arguments(name) + more, in: folder)
    #expect(result.status == 0, "\(result.errors)")
    return folder.run(name)
  }

  private func expectSame(
    _ run: RunDirectory, as other: RunDirectory, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(try run.lastTensors() == other.lastTensors(), sourceLocation: sourceLocation)
    #expect(
      try run.eventsWithoutTimes() == other.eventsWithoutTimes(), sourceLocation: sourceLocation)
    #expect(try run.summary()?.metrics == other.summary()?.metrics, sourceLocation: sourceLocation)
  }

  @Test("does the same again from the configuration it left behind")
  func sameSeed() throws {
    let first = try wholeRun("first")
    let names = try FileManager.default.contentsOfDirectory(atPath: first.url.path).sorted()
    #expect(
      names == [
        ".lock", "checkpoints", "config.yaml", "environment.json", "log.txt", "metrics.jsonl",
        "predictions.json",
        "summary.json",
      ])
    #expect(try first.summary()?.status == .finished)
    #expect(try first.summary()?.metrics.map(\.task) == ["left", "right"])

    let again = try Engine.run(["train", "--config", "first/config.yaml", "--output", "second"], in: folder)
    #expect(again.status == 0)
    #expect(again.output.hasPrefix("finished after 2 epochs; everything is in second\n"))
    try expectSame(folder.run("second"), as: first)
  }

  @Test(
    "trains with a third task, another trunk, rotated features and a preset",
    arguments: [
      "--method=krum --problem-option=sum_task=true",
      "--method=cagrad --problem-option=trunk=resnet18 --problem-option=test_samples=50",
      "--method=rotograd", "--method=cagrad --weighting=uw --preset=cagrad-repo",
    ])
  func variants(line: String) throws {
    let result = try Engine.run(
      [
        "train", "--problem", "multi-mnist", "--problem-option", "train_samples=64", "--batch-size", "16",
        "max_steps=3", "threads=1", "--quiet", "--output", "run",
      ] + line.split(separator: " ").map(String.init), in: folder)
    #expect(result.status == 0, "\(result.errors)")
    let tasks = line.contains("sum_task") ? ["left", "right", "sum"] : ["left", "right"]
    let summary = try #require(try folder.run("run").summary())
    #expect(summary.metrics.map(\.task) == tasks)
    #expect(summary.values.values.allSatisfy { $0.isFinite })
  }

  @Test("prints the configuration that it would save, and reads it back")
  func printedConfiguration() throws {
    let printed = try Engine.run(arguments("run", "--print-config"), in: folder)
    #expect(printed.status == 0 && printed.errors.isEmpty)
    try folder.write(printed.output, to: "printed.yaml")
    let again = try Engine.run(["train", "--config", "printed.yaml", "--print-config"], in: folder)
    #expect(again.output == printed.output)
    #expect(folder.names == ["printed.yaml"])
    let changed = try Engine.run(
      ["train", "--config", "printed.yaml", "--print-config", "--seed", "4", "options.c=0.2"], in: folder)
    #expect(
      changed.output
        == printed.output.replacing("seed: 0", with: "seed: 4").replacing("c: 0.4", with: "c: 0.2"))
  }

  @Test("writes for TensorBoard where it is asked to, and clears that away with the rest")
  func tensorBoard() throws {
    let run = try wholeRun("run", ["--tensorboard"])
    #expect(try run.configuration().tensorBoard)
    for part in ["epochs", "steps"] {
      let files = try FileManager.default.contentsOfDirectory(atPath: run.tensorBoard.path + "/" + part)
      #expect(files.count == 1 && files[0].hasPrefix("events.out.tfevents."))
    }
    _ = try wholeRun("run", ["--force"])
    #expect(!FileManager.default.fileExists(atPath: run.tensorBoard.path))
  }

  @Test("killed at any moment and resumed, ends with the same weights in every bit")
  func kill() throws {
    // Long enough that the run cannot end before a kill that comes late on a busy machine.
    let longer = ["epochs=12", "evaluate_every=12"]
    let whole = try wholeRun("whole", longer)
    let run = folder.run("killed")
    var source = RandomSource(seed: 20)
    var step = 0
    for _ in 0..<3 {
      step += Int.random(in: 2...5, using: &source)
      let delay = UInt32.random(in: 0...40_000, using: &source)
      let ending = try Engine.run(
        arguments("killed", "--resume") + longer, in: folder, sending: SIGKILL, to: run, atStep: step,
        afterMicroseconds: delay)
      #expect(ending.status == SIGKILL)
      #expect(try run.summary() == nil)
      step = try MetricLog.events(in: run).last?.step ?? step
    }
    let last = try Engine.run(arguments("killed", "--resume") + longer, in: folder)
    #expect(last.status == 0, "\(last.errors)")
    try expectSame(run, as: whole)
    #expect(try run.summary()?.status == .finished)
  }

  @Test("asked to stop, does so after a checkpoint, and resumed ends with the same weights")
  func interruption() throws {
    let whole = try wholeRun("whole")
    let run = folder.run("stopped")
    let ending = try Engine.run(
      arguments("stopped", "--quiet"), in: folder, sending: SIGTERM, to: run, atStep: 4)
    #expect(ending.status == TruceRun.ExitStatus.interrupted.rawValue)
    #expect(
      ending.errors == """
        truce: error: stopped after a checkpoint in stopped
          help: continue with: truce train --config stopped/config.yaml --output stopped --resume

        """)
    let summary = try #require(try run.summary())
    #expect(summary.status == .interrupted && summary.reason == "asked to stop")
    #expect((4..<16).contains(summary.steps))
    let rest = try Engine.run(
      ["train", "--config", "stopped/config.yaml", "--output", "stopped", "--resume"], in: folder)
    #expect(rest.status == 0, "\(rest.errors)")
    try expectSame(run, as: whole)
  }

  @Test("that diverges says at which step and by which task, in the summary too")
  func divergence() throws {
    let result = try Engine.run(
      arguments("run", "--quiet", "--optimizer", "sgd", "--learning-rate", "1e6"), in: folder)
    let summary = try #require(try folder.run("run").summary())
    let reason = try #require(summary.reason)
    let form = /training diverged at step (\d+): the (loss|gradient) of task '(left|right)' is not finite/
    let match = try #require(reason.wholeMatch(of: form))
    #expect(Int(match.1) == summary.steps + 1)
    #expect(summary.status == .diverged)
    result.expectFailure(
      .badData, reason, help: "lower the learning rate, or choose non_finite: skip-step")
  }

  @Test("refuses an output folder that cannot be written")
  func unwritable() throws {
    try folder.write("", to: "file")
    try Engine.run(arguments("file/run"), in: folder).expectFailure(
      .inputOutput, "file/run: cannot be written: not a directory",
      help: "check the folder's owner and permissions, or choose another folder")
    #expect(folder.names == ["file"])
  }
}
