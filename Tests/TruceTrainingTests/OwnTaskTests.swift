import Foundation
import Testing
import Torch
import TruceOptions
import TruceProblems
import TruceRun
import TruceTasks

@testable import TruceData

@Suite("Tasks of one's own data")
struct OwnTaskTests {
  private final class Folder {
    let url = FileManager.default.temporaryDirectory.appending(path: "truce-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ text: String, to name: String) throws {
      try Data(text.utf8).write(to: url.appending(path: name))
    }
  }

  private func problem(
    _ name: String, _ folder: Folder, _ options: [String: OptionValue] = [:]
  ) throws -> any Problem {
    let entry = try #require(ProblemCatalogue.entries.first { $0.about.name == name })
    let file = folder.url.appending(path: "data.yaml").path
    return try entry.make(
      ProblemRequest(options: options.merging(["file": .string(file)]) { $1 }, batchSize: 2, seed: 1))
  }

  private func metricNames(_ task: any ProblemTask) -> [String] {
    task.makeMetrics().flatMap(\.records).map(\.name)
  }

  private func table(_ metrics: String) throws -> Folder {
    let folder = try Folder()
    try folder.write("a,x,y\n" + (0..<8).map { "\($0),\($0 % 2),\($0)\n" }.joined(), to: "t.csv")
    try folder.write(
      """
      file: t.csv
      split: {ratio: {training: 0.5, test: 0.5}}
      inputs: {a: number}
      tasks: {x: {kind: binary, metrics: \(metrics)}, y: {kind: regression}}
      """, to: "data.yaml")
    return folder
  }

  @Test("are judged by the metrics that they name, and the others by those of their kind")
  func metrics() throws {
    let tasks = try problem("table", table("[auc, f1]")).tasks
    #expect(tasks.map(metricNames) == [["auc", "f1"], ["absolute_error"]])
    // Of the four pairs of a yes and a no, three are in order.
    var area = tasks[0].makeMetrics()[0]
    area.update(
      output: Tensor([0.1, 0.4, 0.35, 0.8], shape: [4, 1]),
      target: TaskTarget(task: "x", values: Tensor([0.0, 0, 1, 1], shape: [4, 1])))
    #expect(area.values == [0.75])
  }

  @Test("refuse metrics that there are not, or that cannot judge them, with the file")
  func refusals() throws {
    func error(_ metrics: String) throws -> DataError? {
      let folder = try table(metrics)
      return #expect(throws: DataError.self) { _ = try problem("table", folder) }
    }
    let unknown = try error("[aucc]")
    #expect(unknown?.description.hasSuffix("data.yaml: task 'x' names an unknown metric 'aucc'") == true)
    #expect(unknown?.help == "did you mean 'auc'?")
    let unsuited = try error("r-squared")
    #expect(unsuited?.description.contains("data.yaml: the metric 'r-squared' judges ") == true)
    #expect(try error("[auc, auc]")?.description.contains("a list of metrics, each of them once") == true)
  }

  private func chest() throws -> Folder {
    let folder = try Folder()
    var rows = "Image Index,Finding Labels\n"
    for number in 0..<6 {
      let png = try #require(PNG.data(of: Tensor.full([1, 4, 4], Double(number) / 10, dtype: .float64)))
      try png.write(to: folder.url.appending(path: "\(number).png"))
      rows += "\(number).png,\(number % 2 == 0 ? "Mass" : "No Finding")\n"
    }
    try folder.write(rows, to: "Data_Entry_2017.csv")
    try folder.write("0.png\n1.png\n2.png\n3.png\n", to: "train_val_list.txt")
    try folder.write("4.png\n5.png\n", to: "test_list.txt")
    try folder.write("preset: chest-xray14\nimages: .\nheight: 4\nwidth: 4\n", to: "data.yaml")
    return folder
  }

  @Test(
    "of ChestX-ray14 are measured by AUC each, and unreadable training pictures are left out where asked for")
  func chestXray() throws {
    let folder = try chest()
    #expect(try problem("folders", folder).tasks.map(metricNames) == Array(repeating: ["auc"], count: 14))
    try folder.write("nothing", to: "0.png")
    let failing = try? problem("folders", folder).trainingLoader.firstBatch(of: 1)
    #expect(failing == nil)
    let skipping = try problem("folders", folder, ["bad_samples": .string("skip")])
    let batches = skipping.trainingLoader.batches(epoch: 0)
    var count = 0
    while let batch = try batches.next() { count += batch.count }
    #expect(count == 3 && batches.statistics.skipped.map(\.position) == [0])
  }
}
