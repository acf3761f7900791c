import Foundation
import Testing
import TruceTestSupport

@Suite(
  "truce study on a real Slurm", .serialized,
  .enabled(if: SlurmNode.isInstalled, "needs Slurm: apt-get install slurm-wlm"),
  .enabled(if: StudyBench.hasPython, "the stand-in for the engine needs python3"))
struct SlurmTests {
  private func submit(_ bench: StudyBench, _ options: String...) throws -> BuiltCommand.Result {
    try BuiltCommand("truce").run(
      ["study", "run", bench.file, "--output", bench.output, "--worker", StudyBench.worker]
        + ["--launcher", "slurm"] + options, environment: bench.environment, in: bench.folder.location)
  }

  @Test(
    "A job array does every run once, tries a crashed one again, and the results are gathered from the folders"
  )
  func array() throws {
    let node = try SlurmNode()
    let bench = try StudyBench("crash_at: 4, crashes: 1", seeds: [0, 1])
    bench.further = node.environment
    let submitted = try submit(bench, "--jobs", "2", "--cpus", "1", "--partition", "main")
    #expect(submitted.status == 0, "\(submitted.errors)")
    #expect(submitted.output == "job 1: 4 runs, output in \(bench.output)/slurm/1\n")
    try node.waitUntilEmpty()
    #expect(bench.notes("finished").count == 4)
    #expect(bench.notes("start").count == 4 && bench.notes("resume").count == 4)
    #expect(bench.notes("overlap").isEmpty)
    #expect(try bench.study("index", bench.output).output.hasSuffix("4 runs, 4 finished\n"))
    let log = try String(contentsOfFile: bench.output + "/slurm/1/0.log", encoding: .utf8)
    #expect(log.contains("] finished EW, Adam, learning rate 0.1, seed 0"), "\(log)")
    #expect(try submit(bench).output == "bench in \(bench.output): nothing is left to do\n")
  }

  @Test("On Slurm's warning a worker writes a checkpoint, and its job is queued again and goes on from there")
  func wallClockLimit() throws {
    let node = try SlurmNode()
    let bench = try StudyBench("hold_at: 2", learningRates: [0.1])
    bench.further = node.environment
    try Data().write(to: URL(filePath: bench.ledger + ".hold"))
    let submitted = try submit(bench, "--time", "00:10:00", "--grace", "60")
    #expect(submitted.status == 0, "\(submitted.errors)")
    try node.wait { !bench.notes("step2").isEmpty }
    // What `--signal=B:TERM@60` does when the limit is near, without waiting for it.
    try node.control("scancel", "--batch", "--signal=TERM", "1_0")
    try node.wait { !bench.notes("interrupted").isEmpty }
    try FileManager.default.removeItem(atPath: bench.ledger + ".hold")
    try node.releaseJobs()
    try node.waitUntilEmpty()
    let log = try String(contentsOfFile: bench.output + "/slurm/1/0.log", encoding: .utf8)
    #expect(bench.notes("interrupted").count == 1 && bench.notes("finished").count == 1, "\(log)")
    for step in 1...6 { #expect(bench.notes("step\(step)").count == 1) }
  }
}

@Suite("truce study's batch script", .enabled(if: StudyBench.hasPython, "the stand-in needs python3"))
struct SlurmScriptTests {
  private func submit(_ bench: StudyBench, _ options: String...) throws -> BuiltCommand.Result {
    try BuiltCommand("truce").run(
      ["study", "run", bench.file, "--output", bench.output, "--worker", StudyBench.worker] + options,
      environment: bench.environment, in: bench.folder.location)
  }

  @Test("A dry run prints the script and writes and submits nothing")
  func dryRun() throws {
    let bench = try StudyBench(seeds: [0, 1])
    let result = try submit(
      bench, "--launcher", "slurm", "--dry-run", "--jobs", "3", "--cpus", "4", "--time", "02:00:00",
      "--partition", "gpu", "--sbatch", "--gres=gpu:1")
    #expect(result.status == 0, "\(result.errors)")
    let lines = result.output.split(separator: "\n")
    for line in [
      "#!/bin/bash", "#SBATCH --job-name=truce-runs", "#SBATCH --array=0-3%3", "#SBATCH --cpus-per-task=4",
      "#SBATCH --signal=B:TERM@120", "#SBATCH --requeue", "#SBATCH --output=\(bench.output)/slurm/1/%a.log",
      "#SBATCH --partition=gpu", "#SBATCH --time=02:00:00", "#SBATCH --gres=gpu:1",
    ] { #expect(lines.contains(line[...]), "\(line)") }
    #expect(
      result.output.contains("study element \(bench.output) \(bench.output)/slurm/1/runs.txt --threads 4"))
    let isBash = Process()
    isBash.executableURL = URL(filePath: "/bin/bash")
    isBash.arguments = ["-n", try bench.folder.file("script", result.output)]
    try isBash.run()
    isBash.waitUntilExit()
    #expect(isBash.terminationStatus == 0)
    #expect(!bench.folder.names.contains("runs"))
  }

  @Test("What is wrong is named in one line with a fix")
  func refusal() throws {
    let bench = try StudyBench()
    let sbatch = try bench.folder.file(
      "sbatch", "#!/bin/sh\necho 'sbatch: error: no such partition' >&2; exit 1\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: sbatch)
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    bench.further["PATH"] = bench.folder.path("") + ":" + path
    try submit(bench, "--launcher", "slurm").expectFailure(
      74, "Slurm did not take the job array: sbatch: error: no such partition",
      help: "look at the script in the study's folder, and try `sbatch` on it by hand")
    try submit(bench, "--dry-run").expectFailure(
      64, "--dry-run goes with --launcher slurm", help: "see `truce study run --help`")
    try submit(bench, "--launcher", "slurm", "--cpus", "0").expectFailure(
      64, "--cpus must be at least 1, got 0", help: "see `truce study run --help`")
    try submit(bench, "--launcher", "slurm", "--time", "1 hour").expectFailure(
      64, "--time must be one word, got '1 hour'", help: "see `truce study run --help`")
  }
}
