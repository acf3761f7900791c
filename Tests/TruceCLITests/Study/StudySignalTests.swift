import Foundation
import Testing
import TruceTestSupport

@Suite("Studies and signals", .enabled(if: StudyBench.hasPython, "the stand-in for the engine needs python3"))
struct StudySignalTests {
  /// Starts a study under a shell that ignores a signal, and sends the signal as soon as a worker is at its second
  /// step.
  private func run(_ bench: StudyBench, ignoring name: String, sending signal: Int32) throws -> Int32 {
    try Data().write(to: URL(filePath: bench.ledger + ".hold"))
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = [
      "-c", "trap '' \(name); exec \"$@\"", "sh", try BuiltCommand("truce").location.path, "study", "run",
      bench.file,
      "--output", bench.output, "--worker", StudyBench.worker, "--quiet",
    ]
    process.environment = ProcessInfo.processInfo.environment.merging(bench.environment) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    while process.isRunning, bench.notes("step2").isEmpty { usleep(20_000) }
    kill(process.processIdentifier, signal)
    usleep(300_000)
    try FileManager.default.removeItem(atPath: bench.ledger + ".hold")
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test(
    "A signal that nohup or a shell's & lets a study ignore does not stop it",
    arguments: [("HUP", SIGHUP), ("INT", SIGINT)])
  func ignored(_ name: String, _ signal: Int32) throws {
    let bench = try StudyBench("hold_at: 2", learningRates: [0.1])
    #expect(try run(bench, ignoring: name, sending: signal) == 0)
    #expect(bench.notes("finished").count == 1 && bench.notes("interrupted").isEmpty)
  }

  @Test("Other signals still stop it after a checkpoint")
  func heeded() throws {
    let bench = try StudyBench("hold_at: 2", learningRates: [0.1])
    #expect(try run(bench, ignoring: "HUP", sending: SIGTERM) == 130)
    #expect(bench.notes("interrupted").count == 1)
  }

  @Test(
    "A signal that comes before the study begins ends it with its message",
    arguments: ["INT", "TERM", "HUP"])
  func early(_ name: String) throws {
    let bench = try StudyBench()
    // The signal is held back until the program lets signals through, so it comes with the first moment.
    let result = try BuiltCommand(at: URL(filePath: "/usr/bin/env")).run(
      [
        "--block-signal=\(name)", "sh", "-c", "kill -\(name) $$; exec \"$@\"", "sh",
        try BuiltCommand("truce").location.path, "study", "run", bench.file, "--output", bench.output,
        "--worker",
        StudyBench.worker, "--quiet",
      ], environment: bench.environment)
    #expect(result.status == 130)
    #expect(
      result.errors == "truce: error: interrupted\n  help: `truce study resume \(bench.output)` goes on\n")
    #expect(bench.notes("start").isEmpty)
  }
}
