import Foundation
import Testing
import TruceData
import TruceRun
import TruceTestSupport

@Suite("truce-engine train on own data and networks", .serialized)
struct OwnDataTrainTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let rows = (0..<200).map { index -> String in
      let (a, b, c) = (index * 7 % 23, index * 5 % 19, index * 3 % 17)
      // Every seventh label of the first task is missing.
      return "\(a),\(b),\(c),\(index % 7 == 0 ? "" : "\(a - b)"),\(c > 8 ? "yes" : "no"),\((a + c) % 3)"
    }
    try folder.write((["a,b,c,difference,high,rest"] + rows).joined(separator: "\n") + "\n", to: "rows.csv")
    try folder.write(
      """
      file: rows.csv
      split: {ratio: {training: 0.7, validation: 0.1, test: 0.2}, seed: 1}
      inputs: {a: number, b: number, c: number}
      tasks:
        difference: {kind: regression, standardise: true}
        high: {kind: binary, positive: yes}
        rest: {kind: classes}
      """, to: "rows.yaml")
  }

  private static func saved(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "TruceModelsTests/SavedModules/\(name)").path(percentEncoded: false)
  }

  private func arguments(_ output: String, trunk: [String] = []) -> [String] {
    [
      "train", "--problem", "table", "--problem-option", "file=rows.yaml", "--batch-size", "16", "--epochs",
      "6",
      "--method", "cagrad", "threads=1", "log_every=1", "checkpoint_every_steps=2", "--output", output,
      "--quiet",
    ] + trunk
  }

  @Test("a table is learned with the usual trunk, and measured on every split")
  func table() throws {
    let result = try Engine.run(arguments("run") + ["--epochs", "40"], in: folder)
    #expect(result.status == 0, "\(result.errors)")
    let summary = try #require(try folder.run("run").summary())
    #expect(Set(summary.metrics.map(\.split)) == ["validation", "test"])
    for split in ["validation", "test"] {
      let names = summary.metrics.filter { $0.split == split }.map(\.name)
      #expect(names == ["absolute_error", "accuracy", "accuracy"])
    }
    let accuracy = try #require(summary.values["test/high/accuracy"])
    #expect(accuracy > 0.8)
    let encoding = try JSONDecoder().decode(
      TableEncoding.self, from: Data(contentsOf: folder.run("run").encodingFile))
    #expect(encoding == (try TableData(contentsOf: folder.path("rows.yaml")).encoding))
  }

  @Test(
    "with a network that PyTorch saved, a run that was stopped ends with the same weights in every bit",
    arguments: [("torchscript", "tabular.pt"), ("exported", "tabular.pt2")])
  func resumption(trunk: String, file: String) throws {
    let choice = ["--trunk", trunk, "--trunk-option", "file=\(Self.saved(file))", "epochs=60"]
    let whole = try Engine.run(arguments("whole", trunk: choice), in: folder)
    #expect(whole.status == 0, "\(whole.errors)")
    let run = folder.run("stopped")
    let ending = try Engine.run(
      arguments("stopped", trunk: choice), in: folder, sending: SIGTERM, to: run, atStep: 5)
    #expect(ending.status == TruceRun.ExitStatus.interrupted.rawValue, "\(ending.errors)")
    let rest = try Engine.run(
      ["train", "--config", "stopped/config.yaml", "--output", "stopped", "--resume", "--quiet"], in: folder)
    #expect(rest.status == 0, "\(rest.errors)")
    #expect(try run.lastTensors() == folder.run("whole").lastTensors())
    #expect(try run.eventsWithoutTimes() == folder.run("whole").eventsWithoutTimes())
    let tensors = String(decoding: try run.lastTensors().prefix(20_000), as: UTF8.self)
    #expect(tensors.contains("trunk.1.running_mean") && tensors.contains("trunk.0.weight"))
  }

  @Test("what does not fit is refused before training, with the fix")
  func refusals() throws {
    let wrong = Self.saved("lenet.pt2")
    let result = try Engine.run(
      arguments("run", trunk: ["--trunk", "exported", "--trunk-option", "file=\(wrong)"]), in: folder)
    #expect(result.status == TruceRun.ExitStatus.badData.rawValue)
    #expect(result.errors.hasPrefix("truce: error: \(wrong): cannot be run on inputs of shape [2, 3] ("))
    #expect(result.errors.hasSuffix("\n  help: save a network that takes the problem's inputs\n"))
    try folder.write("a,b,c,difference,high,rest\n1,2,x,4,yes,0\n", to: "rows.csv")
    try Engine.run(arguments("run"), in: folder).expectFailure(
      .badData, "rows.csv:2:5: column 'c': 'x' is not a number",
      help: "correct the field, or list its text under `missing`")
    #expect(!folder.names.contains("run"))
  }
}
