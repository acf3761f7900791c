import Foundation
import Testing
import TruceRun
import TruceTestSupport

@Suite("truce-engine train and the folder it is given")
struct TrainFolderTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func train(_ more: String...) throws -> BuiltCommand.Result { try train(more) }

  private func train(_ more: [String]) throws -> BuiltCommand.Result {
    try Engine.run(
      [
        "train", "--problem", "multi-mnist", "--problem-option", "train_samples=64", "--batch-size", "16",
        "max_steps=3", "threads=1",
      ] + more, in: folder)
  }

  @Test("A folder with other files is left alone before any data are read")
  func foreignFiles() throws {
    try folder.write("x", to: "thesis.tex")
    let path = folder.location.path
    try train("--output", path).expectFailure(
      .usage, "\(path): holds files that are not a run, such as thesis.tex",
      help: "choose another folder, or give --force to write among them")
    #expect(folder.names == ["thesis.tex"])
    let help = "give a value, or leave it out; an unset variable of the shell leaves such a one"
    try train("--output", "").expectFailure(.usage, "--output is empty", help: help)
    #expect(folder.names == ["thesis.tex"])
  }

  @Test(
    "What a run prints is in its log, quiet or not, with what came of it",
    .enabled(if: Engine.hasData, Engine.noData))
  func log() throws {
    #expect(try train("--output", "run", "--quiet").status == 0)
    let log = try String(contentsOf: folder.run("run").logFile, encoding: .utf8)
    let lines = log.split(separator: "\n")
    #expect(lines.allSatisfy { $0.prefixMatch(of: /\d{4}-\d\d-\d\dT[\d:]{8}Z\s\s/) != nil })
    #expect(lines.contains { $0.contains("  epoch 1/3  left: ") })
    #expect(lines.contains { $0.contains("finished after") && $0.hasSuffix("everything is in run") })
    let diverging = ["--learning-rate", "1e30", "--optimizer", "sgd"]
    #expect(try train(["--output", "run", "--force"] + diverging).status == 65)
    let failed = try String(contentsOf: folder.run("run").logFile, encoding: .utf8)
    #expect(failed.contains("Z  error: training diverged at step ") && !failed.contains("finished after"))
  }

  @Test(
    "How the threads wait is bounded, recorded and told, however the engine was started",
    .enabled(if: Engine.hasData, Engine.noData))
  func waiting() throws {
    let engine = try BuiltCommand("truce-engine").location.path
    let names = StartVariables.all.flatMap(\.names)
    let unset = "unset \(names.joined(separator: " "));"
    let doctor = { (preparation: String) in
      try BuiltCommand(at: URL(filePath: "/bin/sh"))
        .run(["-c", "\(unset) \(preparation) exec '\(engine)' doctor"]).output
    }
    #expect(try doctor("").contains("\"openmp_waiting\" : \"GOMP_SPINCOUNT=10000\""))
    #expect(try doctor("").contains("\"heap\" : \"MALLOC_MMAP_THRESHOLD_="))
    #expect(try doctor("export MALLOC_ARENA_MAX=2;").contains("\"heap\" : \"MALLOC_ARENA_MAX=2\""))
    #expect(try doctor("export OMP_WAIT_POLICY=active;").contains("\"OMP_WAIT_POLICY=active\""))
    #expect(try train("--output", "run", "--quiet").status == 0)
    #expect(try folder.run("run").environment()?.openMPWaiting?.contains("GOMP_SPINCOUNT=") == true)
  }

  @Test("Numbers beyond counting do not end the program", .enabled(if: Engine.hasData, Engine.noData))
  func hugeNumbers() throws {
    let result = try train("--output", "run", "--epochs", "4611686018427387904")
    #expect(result.status == 0, "\(result.errors)")
    #expect(try folder.run("run").summary()?.steps == 3)
  }

  @Test(
    "A train whose messages cannot be written keeps its exit code",
    .enabled(if: Engine.hasData, Engine.noData))
  func lostMessages() throws {
    let engine = try BuiltCommand("truce-engine").location.path
    let script = """
      '\(engine)' train --problem multi-mnist --problem-option train_samples=64 max_steps=2 threads=1 \
      --output run 2>/dev/full
      """
    let shell = BuiltCommand(at: URL(filePath: "/bin/sh"))
    let environment = ["TRUCE_DATA": Engine.dataFolder ?? ""]
    let good = try shell.run(["-c", script, "sh"], environment: environment, in: folder.location)
    #expect(good.status == 0)
    let bad = try shell.run(["-c", script, "sh"], environment: environment, in: folder.location)
    #expect(bad.status == 64, "there is a run already")
  }
}
