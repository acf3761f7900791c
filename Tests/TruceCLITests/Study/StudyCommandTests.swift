import Foundation
import Testing
import TruceTestSupport

@Suite("truce study", .enabled(if: StudyBench.hasPython, "the stand-in for the engine needs python3"))
struct StudyCommandTests {
  @Test("Plan lists the cells and estimates from measured steps")
  func plan() throws {
    let bench = try StudyBench()
    let result = try bench.study("plan", bench.file, "--worker", StudyBench.worker, "--probe-steps", "2")
    #expect(result.status == 0)
    let lines = result.output.split(separator: "\n")
    #expect(lines.first == "bench: Does it hold?")
    #expect(lines.contains("2 cells, 2 runs"))
    #expect(lines.last?.hasPrefix("about ") == true)
    let json = try bench.study(
      "plan", bench.file, "--worker", StudyBench.worker, "--no-probe", "--format", "json"
    ).object()
    #expect((json["cells"] as? [Any])?.count == 2)
    #expect(bench.folder.names == ["bench.yaml", "ledger"])
  }

  @Test("Run, status, table of rows, and a second run that has nothing to do")
  func run() throws {
    let bench = try StudyBench()
    let arguments = ["study", "run", bench.file, "--worker", StudyBench.worker, "--jobs", "2"]
    let result = try BuiltCommand("truce").run(
      arguments, environment: bench.environment, in: bench.folder.location)
    #expect(result.status == 0)
    #expect(result.output == "bench in runs/bench: 2 runs, 2 finished\n")
    #expect(result.errors.contains("] started EW, Adam, learning rate 0.1\n"))
    #expect(result.errors.hasSuffix("truce: `truce study report runs/bench` writes the report\n"))

    let folder = bench.folder.path("runs/bench")
    let status = try bench.study("status", folder, "--format", "json").object()
    #expect((status["runs"] as? [[String: Any]])?.map { $0["state"] as? String } == ["finished", "finished"])
    let rows = try bench.study("export", folder).output.split(separator: "\r\n")
    #expect(rows.count == 3)
    #expect(rows.first?.hasPrefix("cell,seed,state,") == true)
    let quiet = try bench.study("run", bench.file, "--worker", StudyBench.worker, "--output", folder, "-q")
    #expect(quiet.status == 0)
    #expect(bench.notes("start").count == 2)
  }

  @Test("Failed runs end the command with the worker's status and are named by status")
  func failure() throws {
    let bench = try StudyBench("exit_code: 66")
    let result = try bench.study("run", bench.file, "--worker", StudyBench.worker, "--output", bench.output)
    #expect(result.status == 66)
    let reason = "exit code 66: error: there is no such problem"
    #expect(
      result.errors.hasSuffix(
        """
        truce: error: 2 runs failed, the first: EW, Adam, learning rate 0.1, seed 0: \(reason)
          help: `truce study status` lists them, `truce study resume` tries them again

        """))
    #expect(
      try bench.study("status", bench.output).output == """
        bench in \(bench.output): 2 runs, 2 failed
          failed  EW, Adam, learning rate 0.1: \(reason)
          failed  EW, Adam, learning rate 0.2: \(reason)

        """)
    _ = try bench.study("resume", bench.output, "--worker", StudyBench.worker)
    #expect(bench.notes("resume").count == 2)
  }

  @Test("SIGTERM ends runner and workers after a checkpoint, with status 130")
  func interruption() throws {
    let bench = try StudyBench("hold_at: 2")
    try Data().write(to: URL(filePath: bench.ledger + ".hold"))
    let runner = try bench.start("run", bench.file, "--output", bench.output, "--worker", StudyBench.worker)
    while bench.notes("step2").isEmpty { Thread.sleep(forTimeInterval: 0.02) }
    kill(runner.processIdentifier, SIGTERM)
    runner.waitUntilExit()
    #expect(runner.terminationStatus == 130)
    #expect(bench.notes("interrupted").count == 1)
    try FileManager.default.removeItem(atPath: bench.ledger + ".hold")
    #expect(try bench.study("resume", bench.output, "--worker", StudyBench.worker).status == 0)
    #expect(bench.notes("step1").count == 2)
  }

  @Test("A changed study file shows what differs and asks before runs leave the study")
  func changedFile() throws {
    let bench = try StudyBench()
    let arguments = ["run", bench.file, "--output", bench.output, "--worker", StudyBench.worker]
    _ = try bench.study(arguments)
    let text = try String(contentsOfFile: bench.file, encoding: .utf8)
    _ = try bench.folder.file("bench.yaml", text.replacing("epochs: 2", with: "epochs: 1"))
    try bench.study(arguments).expectFailure(
      64, "\(bench.output): 2 runs of an earlier study file would leave the study: epochs: 2 → 1",
      help: "give another --output, or --force to leave them out; they stay in the folder, listed as earlier")
    #expect(try bench.study(arguments + ["--force"]).status == 0)
    let status = try bench.study("status", bench.output).output
    #expect(status.contains("2 of an earlier study file, outside the study:"))
    #expect(bench.notes("start").count == 4)
  }

  @Test("One run with an empty summary takes no command down, and is run again")
  func damagedRun() throws {
    let bench = try StudyBench()
    _ = try bench.study("run", bench.file, "--output", bench.output, "--worker", StudyBench.worker)
    let cells = try FileManager.default.contentsOfDirectory(atPath: bench.output)
    let cell = try #require(cells.sorted().first { $0.hasPrefix("ew") })
    try Data().write(to: URL(filePath: "\(bench.output)/\(cell)/0/summary.json"))
    #expect(try bench.study("table", bench.output).status == 0)
    let unscored = try bench.study("table", bench.output, "--kind", "unscored-runs").output
    #expect(unscored.contains("damaged") && unscored.contains("not a RunSummary as Truce writes it"))
    #expect(try bench.study("status", bench.output).output.contains("1 finished, 1 damaged"))
    #expect(try bench.study("resume", bench.output, "--worker", StudyBench.worker).status == 0)
    #expect(try bench.study("status", bench.output).output.contains("2 finished"))
  }

  @Test("Two studies stand side by side")
  func compare() throws {
    let bench = try StudyBench(learningRates: [0.1])
    let other = bench.folder.path("other")
    for folder in [bench.output, other] {
      _ = try bench.study("run", bench.file, "--output", folder, "--worker", StudyBench.worker)
    }
    let result = try bench.study("compare", bench.output, other, "--format", "csv")
    #expect(result.status == 0)
    let rows = result.output.split(separator: "\r\n").map { $0.split(separator: ",").prefix(4) }
    #expect(
      rows.dropFirst().map { $0.joined(separator: ",") } == [
        "EW,Adam,bench (A),0.1", "EW,Adam,bench (B),0.1",
      ])
    try bench.study("compare", bench.output, "nowhere").expectFailure(
      66, "nowhere: no study here", help: "`truce study run FILE` starts one; give the folder it names")
  }

  @Test("A disk that is full ends the command with 74, whichever run met it")
  func fullDisk() throws {
    let bench = try StudyBench("exit_code: 74", learningRates: [0.1])
    let result = try bench.study("run", bench.file, "--output", bench.output, "--worker", StudyBench.worker)
    #expect(result.status == 74)
    #expect(try bench.study("resume", bench.output, "--worker", StudyBench.worker).status == 74)
  }

  @Test("A cancelled study is left alone until it is resumed")
  func cancellation() throws {
    let bench = try StudyBench()
    _ = try bench.study("run", bench.file, "--output", bench.output, "--worker", StudyBench.worker)
    #expect(try bench.study("cancel", bench.output).status == 0)
    try bench.study("run", bench.file, "--output", bench.output, "--worker", StudyBench.worker)
      .expectFailure(
        64, "\(bench.output): the study was cancelled",
        help: "`truce study resume \(bench.output)` takes it up again")
    #expect(try bench.study("resume", bench.output, "--worker", StudyBench.worker).status == 0)
  }

  @Test("What is wrong is named in one line with a fix")
  func badInput() throws {
    let bench = try StudyBench()
    let bad = try bench.folder.file("bad.yaml", "name: a\nproblem: p\nmetods: [ew]\n")
    try bench.study("plan", bad).expectFailure(
      65, "\(bad):3: unknown key 'metods'", help: "did you mean 'methods'?")
    try bench.study("plan", "nowhere.yaml").expectFailure(
      66, "nowhere.yaml: no file here", help: "check the path")
    try bench.study("status", ".").expectFailure(
      66, ".: no study here",
      help: "`truce study run FILE` starts one; give the folder it names")
    try bench.study("run", bench.file, "--worker", "/nowhere/engine").expectFailure(
      66, "/nowhere/engine: the program that trains is not there",
      help: "build truce-engine (make release), or name it with --worker")
    #expect(bench.folder.names == ["bad.yaml", "bench.yaml"])
    let other = try bench.folder.file("other.yaml", "name: other\nproblem: toy\nmethods: [ew]\n")
    _ = try bench.study("run", bench.file, "--output", bench.output, "--worker", StudyBench.worker)
    try bench.study("run", other, "--output", bench.output).expectFailure(
      64, "\(bench.output): holds the study 'bench', not 'other'", help: "give another --output")
    let taken = try bench.folder.file("taken", "")
    try bench.study("run", other, "--output", taken).expectFailure(
      74, "\(taken): cannot be written: file exists",
      help: "check the folder's owner and permissions, or choose another folder")
  }

  @Test("A plan that tries agents under conditions that cannot share a table is refused before anything runs")
  func mixedConditions() throws {
    let bench = try StudyBench()
    func plan(_ name: String, _ cells: String...) throws -> BuiltCommand.Result {
      let lines = cells.map { "  - {method: ew, learning_rate: 3e-4, \($0)}" }.joined(separator: "\n")
      let file = try bench.folder.file(
        "\(name).yaml",
        """
        name: mixed
        problem: metaworld-mt10
        tasks: [reach, drawer-close]
        epochs: 1
        cells:
        \(lines)
        """)
      return try bench.study("plan", file, "--no-probe")
    }
    let rewards = try plan("rewards", "problem_options: {rewards: v1}", "problem_options: {goals: 50}")
    #expect(rewards.status == 65)
    #expect(rewards.errors.contains("rewards.yaml:1: EW"), "\(rewards.errors)")
    #expect(
      rewards.errors.contains("cannot stand in one table: rewards is v1 in one and v2 in the other\n"),
      "\(rewards.errors)")
    #expect(
      rewards.errors.hasSuffix(
        "  help: make a study for each value of rewards; what is reached under one says nothing about another\n"
      ))
    let horizon = try plan("horizon", "agent_options: {horizon: 500}", "seeds: [1]")
    #expect(horizon.status == 65)
    #expect(
      horizon.errors.contains("cannot stand in one table: horizon is 500 in one and 150 in the other"),
      "\(horizon.errors)")
    let free = try plan(
      "free", "agent_options: {reward_scale: 0.1}", "agent_options: {evaluation_episodes: 5}",
      "agent_options: {widths: [8]}")
    #expect(free.status == 0, "\(free.errors)")
  }

  @Test("The toy needs no engine")
  func toy() throws {
    let bench = try StudyBench()
    let file = try bench.folder.file(
      "toy.yaml",
      """
      name: toy
      problem: toy
      problem_options: {iterations: 800}
      methods: [ew]
      optimizers: [sgd, adam]
      learning_rates: [1]
      seeds: [0, 2]
      """)
    let result = try bench.study("run", file, "--output", bench.output, "--jobs", "2")
    #expect(result.output == "toy in \(bench.output): 4 runs, 4 finished\n")
    let curves = try bench.study("export", bench.output, "--content", "curves").output
    #expect(curves.contains("toy/iterations_to_global_minimum"))
    let wrong = try bench.folder.file(
      "wrong.yaml", "name: wrong\nproblem: toy\nmethods: [ew]\nseeds: [3]\n")
    let failure = try bench.study("run", wrong, "--output", bench.folder.path("wrong"))
    #expect(failure.status == 65)
    #expect(failure.errors.contains("seed must be the index of a start, at most 2, got 3"))
  }
}
