import Foundation
import Testing
import TruceRun
import TruceTestSupport

/// Runs in a temporary folder, written by hand.
private struct RunShelf {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Writes a finished run whose tasks have accuracies; `before` are those of all tasks after the epochs before the last.
  @discardableResult
  func add(
    _ name: String, _ accuracies: [String: Double], method: String = "ew", problem: String = "pair",
    seed: Int = 0,
    rate: Double = 0.001, secondsPerStep: Double = 0.01, conditions: [String: String]? = nil,
    before: [Double] = []
  ) throws -> String {
    var configuration = RunConfiguration(problem: problem, method: method)
    (configuration.seed, configuration.learningRate) = (seed, rate)
    configuration.tasks = accuracies.count == 1 ? Array(accuracies.keys) : nil
    let directory = RunDirectory(folder.location.appending(path: name, directoryHint: .isDirectory))
    try directory.open(.new)
    try directory.write(configuration)
    let tasks = accuracies.keys.sorted().map {
      TaskRecord(name: $0, metrics: [MetricRecord(name: "accuracy", higherIsBetter: true)])
    }
    let log = try MetricLog(in: directory)
    try log.append(
      .begin(
        RunBeginning(
          tasks: tasks, sharedParameters: 9, totalParameters: 10, stepsPerEpoch: 5, epochs: 3,
          conditions: conditions)))
    for (place, accuracy) in (before.isEmpty ? [] : before + [nil]).enumerated() {
      let values = accuracies.map { ("test/\($0.key)/accuracy", accuracy ?? $0.value) }
      try log.append(
        .epoch(
          RunProgress(
            epoch: place + 1, step: 5 * (place + 1), seconds: 1,
            values: Dictionary(uniqueKeysWithValues: values))))
    }
    let metrics = accuracies.map {
      MetricValue(task: $0.key, name: "accuracy", split: "test", value: $0.value, higherIsBetter: true)
    }
    try directory.write(
      RunSummary(
        status: .finished, epochs: 3, steps: 15, seconds: 1, secondsPerStep: secondsPerStep, metrics: metrics,
        values: Dictionary(uniqueKeysWithValues: metrics.map { ($0.key, $0.value) })))
    return name
  }

  func compare(_ paths: String...) throws -> BuiltCommand.Result {
    try BuiltCommand("truce").run(["compare"] + paths, in: folder.location)
  }
}

@Suite("truce compare")
struct CompareCommandTests {
  /// The cells of the row that begins so.
  private func row(_ title: String, of result: BuiltCommand.Result) throws -> [Substring] {
    try #require(result.output.split(separator: "\n").first { $0.hasPrefix(title) }).split(separator: " ")
  }

  @Test("Several single-task runs of a task count as their mean, in any order")
  func means() throws {
    let shelf = try RunShelf()
    try shelf.add("both", ["left": 0.6, "right": 0.5], method: "cagrad", secondsPerStep: 0.03)
    try shelf.add("l0", ["left": 0.4], seed: 0, secondsPerStep: 0.01)
    try shelf.add("l1", ["left": 0.6], seed: 1, secondsPerStep: 0.02)
    try shelf.add("r0", ["right": 0.5], secondsPerStep: 0.01)
    let results = try [shelf.compare("both", "l0", "l1", "r0"), shelf.compare("r0", "l1", "both", "l0")]
    #expect(results[0].agrees(with: results[1]) && results[0].status == 0 && results[0].errors.isEmpty)
    // (0.6 − 0.5) / 0.5 and 0, averaged: 10 % better.
    #expect(try row("cagrad", of: results[0]).contains("−10.00"))
    let single = try row("single task", of: results[0])
    #expect(single.contains("0,1") && single.contains("0.5000"))
    #expect(single.last == "25.0", "a step of left takes 15 ms on average, one of right 10 ms")
  }

  @Test("Agents that were tried under different conditions are refused in one table")
  func mixedConditions() throws {
    let shelf = try RunShelf()
    try shelf.add("a", ["left": 0.6, "right": 0.5], conditions: ["rewards": "v1", "horizon": "150"])
    try shelf.add(
      "b", ["left": 0.4, "right": 0.5], seed: 1, conditions: ["rewards": "v2", "horizon": "150"])
    let result = try shelf.compare("a", "b")
    #expect(result.status == 65 && result.output.isEmpty)
    #expect(
      result.errors == """
        truce: error: a and b cannot stand in one table: rewards is v1 in one and v2 in the other
          help: put runs of one condition into a table; those of others say nothing about them

        """)
  }

  @Test(
    "Agents that were tried under other conditions than a paper's are refused beside its rows, and notes name them"
  )
  func publishedConditions() throws {
    let shelf = try RunShelf()
    let modern = ["rewards": "v2", "goals": "50", "observation": "39", "horizon": "500"]
    try shelf.add("a", ["left": 0.6, "right": 0.5], conditions: modern)
    let result = try shelf.compare("a", "--published", "metaworld-mt10")
    #expect(result.status == 65 && result.output.isEmpty)
    #expect(
      result.errors.hasPrefix(
        "truce: error: a and the published metaworld-mt10 cannot stand in one table: goals is 50 in one and 1 in the other"
      ))
    let alone = try shelf.compare("a")
    #expect(
      alone.output.contains(
        "Measured with goals 50, horizon 500, observation 39, rewards v2."
      ))
  }

  @Test("Single-task runs that differ in more than the seed give no Δm, and are named")
  func differingBaselines() throws {
    let shelf = try RunShelf()
    try shelf.add("both", ["left": 0.6, "right": 0.5], method: "cagrad")
    try shelf.add("l0", ["left": 0.4], rate: 0.1)
    try shelf.add("l1", ["left": 0.6], rate: 0.01)
    try shelf.add("r0", ["right": 0.5])
    let result = try shelf.compare("both", "l0", "l1", "r0")
    #expect(try row("cagrad", of: result).contains("–"))
    #expect(
      result.output.contains(
        "Δm is left out: the single-task runs of left differ in more than the seed, such as l0 and l1; name those of"
      ))
  }

  @Test("Rows name optimizer and seed")
  func columns() throws {
    let shelf = try RunShelf()
    try shelf.add("a", ["left": 0.6, "right": 0.5], seed: 3, rate: 0.05)
    let result = try shelf.compare("a")
    #expect(result.output.hasPrefix("method  optimizer  seed"))
    #expect(result.output.contains("ew      adam 0.05     3"))
  }

  @Test("A run of another problem gets a note instead of a row")
  func otherProblems() throws {
    let shelf = try RunShelf()
    try shelf.add("a", ["left": 0.6, "right": 0.5])
    try shelf.add("b", ["left": 0.7, "right": 0.6], seed: 1)
    try shelf.add("c", ["depth": 0.6, "normal": 0.5], problem: "rooms")
    for result in try [shelf.compare("a", "b", "c"), shelf.compare("c", "b", "a")] {
      #expect(result.output.contains("left out: c is a run of rooms, not of pair"))
      #expect(!result.output.contains("depth"))
    }
  }

  @Test("Runs of a study count by its rule, which a note names, baselines too")
  func rules() throws {
    let shelf = try RunShelf()
    try shelf.add("study/cell/0", ["left": 0.6, "right": 0.5], before: [0.1, 0.9])
    try shelf.add("study/left/0", ["left": 0.5], before: [0, 0.7])
    try shelf.add("study/right/0", ["right": 0.5], before: [0, 0.7])
    try shelf.add("alone", ["left": 0.6, "right": 0.5], seed: 1, before: [0.1, 0.9])
    func study(_ rule: String) throws -> BuiltCommand.Result {
      _ = try shelf.folder.file(
        "study/study.yaml", "name: s\nproblem: toy\nmethods: [ew]\nreport: \(rule)\n")
      return try shelf.compare("study")
    }
    let mean = try study("{rule: mean-of-last, epochs: 2}")
    #expect(mean.output.contains("Runs count by their study's rule: mean of last 2."))
    #expect(try row("ew", of: mean).contains("0.7500") && row("ew", of: mean).contains("0.7000"))
    #expect(try row("single task", of: mean).filter { $0 == "0.6000" }.count == 2)
    let best = try study("{rule: best-epoch}")
    #expect(best.output.contains("Runs count by their study's rule: best epoch."))
    #expect(try row("ew", of: best).filter { $0 == "0.9000" }.count == 2)
    #expect(try row("single task", of: best).filter { $0 == "0.7000" }.count == 2)
    let last = try study("{rule: final}")
    #expect(last.output.contains("Runs count by their study's rule: last."))
    #expect(try row("ew", of: last).contains("0.6000"))
    #expect(try shelf.compare("alone").output.contains("Runs count by their last measurement."))
    _ = try study("{rule: best-epoch}")
    #expect(
      try shelf.compare("study", "alone").output.contains(
        "The runs are not all of studies with one rule of reporting: each counts by its last measurement."))
  }

  @Test("A study's folder stands for its runs; what is no run is skipped with a word")
  func studies() throws {
    let shelf = try RunShelf()
    for seed in 0...1 { try shelf.add("study/cell/\(seed)", ["left": 0.6, "right": 0.5], seed: seed) }
    _ = try shelf.folder.file("study/study.yaml", "name: s\n")
    try FileManager.default.createDirectory(
      at: shelf.folder.location.appending(path: "study/report"), withIntermediateDirectories: true)
    let whole = try shelf.compare("study")
    #expect(whole.status == 0 && whole.errors.isEmpty)
    let parts = try shelf.compare("study/cell", "study/report", "study/study.yaml")
    #expect(parts.output == whole.output)
    #expect(
      parts.errors
        == "truce: skipped: no run in study/report\ntruce: skipped: no run in study/study.yaml\n")
    try shelf.compare("study/report").expectFailure(66, "study/report: no run here", help: "check the path")
  }
}
