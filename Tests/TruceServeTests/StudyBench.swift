import Foundation
import TruceReport
import TruceRun
import TruceStudy

/// A study in a temporary folder whose runs are written by hand.
final class StudyBench: Sendable {
  let folder: StudyFolder
  let plan: StudyPlan

  init(name: String = "bench", methods: [String] = ["ew", "pcgrad", "cagrad"], seeds: [Int] = [0, 1]) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "truce-serve-test-\(UUID().uuidString)")
    folder = StudyFolder(url)
    plan = try StudyPlan(yaml: Self.file(name: name, methods: methods, seeds: seeds), file: "bench.yaml")
    try folder.prepare(plan)
  }

  deinit { try? FileManager.default.removeItem(at: folder.url) }

  static func file(name: String = "bench", methods: [String], seeds: [Int]) -> String {
    """
    name: \(name)
    question: Does it hold?
    problem: pair
    epochs: 4
    methods: \(methods)
    learning_rates: [0.1, 0.2]
    seeds: \(seeds)
    """
  }

  /// The plotting library that the set-up fetched; nil where it was not.
  static let plotly: URL? = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try? PlotlyLibrary.locate(workingFolder: root, program: nil)
  }()

  /// A file that stands for the plotting library where none draws.
  func standIn() throws -> URL {
    let file = folder.url.appending(path: "stand-in.js")
    try Data("// nothing".utf8).write(to: file)
    return file
  }

  // MARK: Runs

  private static let tasks = ["left", "right"].map {
    TaskRecord(name: $0, metrics: [MetricRecord(name: "accuracy", higherIsBetter: true)])
  }

  /// Writes what a run leaves after some of its four epochs.
  @discardableResult
  func begin(_ key: RunKey, epochs: Int = 2) throws -> RunDirectory {
    let directory = folder.directory(of: key)
    try directory.open(.resume)
    if let configuration = plan.configuration(of: key) { try directory.write(configuration) }
    let log = try MetricLog(in: directory)
    try log.append(
      .begin(
        RunBeginning(
          tasks: Self.tasks, sharedParameters: 90, totalParameters: 100, stepsPerEpoch: 10, epochs: 4)))
    for epoch in 1...epochs { try log.append(.epoch(progress(key, epoch))) }
    return directory
  }

  private func progress(_ key: RunKey, _ epoch: Int) -> RunProgress {
    let rank = plan.runs.firstIndex(of: key) ?? 0
    let values = Self.tasks.enumerated().map { index, task in
      (
        MetricKey.metric("accuracy", of: task.name, split: "test"),
        0.5 + 0.1 * Double(epoch) + 0.004 * Double((7 * rank + 3 * index) % 11)
      )
    }
    return RunProgress(
      epoch: epoch, step: 10 * epoch, seconds: 5 * Double(epoch),
      values: Dictionary(uniqueKeysWithValues: values))
  }

  /// Lets a run end.
  func end(_ key: RunKey, _ status: RunStatus = .finished, reason: String? = nil) throws {
    let directory = try begin(key, epochs: 4)
    try directory.write(RunSummary(status: status, reason: reason, epochs: 4, steps: 40, seconds: 20))
  }

  /// Lets some runs end, in the plan's order.
  func end(_ range: Range<Int>) throws {
    for key in plan.runs[range] { try end(key) }
  }
}
