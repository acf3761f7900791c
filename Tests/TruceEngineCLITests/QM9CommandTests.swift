import Foundation
import Testing
import TruceData
import TruceRun
import TruceTestSupport

/// The commands on the fourteen molecules of the data room's tests.
@Suite("truce-engine on molecules of QM9", .serialized)
struct QM9CommandTests {
  private static let fixture = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .appending(path: "TruceDataTests/QM9").path

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func train(_ output: String, _ more: [String] = []) throws -> BuiltCommand.Result {
    try Engine.run(
      [
        "train", "--problem", "qm9", "--problem-option", "data=\(Self.fixture)", "--problem-option",
        "validation_samples=3", "--problem-option", "test_samples=4", "--trunk-option", "width=8",
        "--trunk-option", "edge_width=8", "--batch-size", "3", "--epochs", "3", "threads=1", "--output",
        output, "--quiet",
      ] + more, in: folder)
  }

  @Test("train under a method and leave errors in published units", arguments: ["ew", "cagrad", "famo"])
  func training(method: String) throws {
    let result = try train("run", ["--method", method])
    #expect(result.status == 0, "\(result.errors)")
    let summary = try #require(try folder.run("run").summary())
    #expect(summary.steps == 9)
    for target in QM9Target.allCases {
      for split in ["validation", "test"] {
        let error = try #require(summary.values["\(split)/\(target.taskName)/absolute_error"])
        #expect(error.isFinite && error > 0)
      }
    }
    let encoding = try JSONDecoder().decode(
      MoleculeEncoding.self, from: Data(contentsOf: folder.run("run").encodingFile))
    #expect(encoding.tasks.map(\.name) == QM9Target.allCases.map(\.taskName))
  }

  @Test("lower the rate on a plateau")
  func plateau() throws {
    let result = try train(
      "run", ["--method", "ew", "schedule=plateau", "schedule_options={patience: 0, threshold: 0.9}"])
    #expect(result.status == 0, "\(result.errors)")
    let rates = try #require(try folder.run("run").summary()).values["learning_rate"]
    #expect(rates.map { $0 < 1e-3 } == true)
    try train("no", ["schedule=plateau", "schedule_options={goal: maximize}"]).expectFailure(
      .usage, "the schedule plateau follows the sum of the training losses, which is better when lower",
      help: "leave goal out of schedule_options")
  }

  @Test("refuse what does not fit, by name")
  func refusals() throws {
    let trunks = "choose another trunk; `truce trunks` says what each takes"
    try Engine.run(
      [
        "train", "--problem", "qm9", "--problem-option", "data=\(Self.fixture)", "--problem-option",
        "validation_samples=3", "--problem-option", "test_samples=4", "--trunk", "resnet18", "--output", "no",
      ], in: folder
    ).expectFailure(
      .usage, "resnet18 takes pictures [channels, height, width], these examples have the shape [29, 43]",
      help: trunks)
    try train("no", ["--architecture", "mtan"]).expectFailure(
      .usage, "mtan works between the stages of a trunk, and this trunk has none",
      help: "choose one of the trunks resnet18, resnet50, deeplabv3, segnet")
    try train("no", ["corruptions=[all]"]).expectFailure(
      .usage, "corruptions change pictures, and the inputs of qm9 are none", help: "leave corruptions out")
    try train("no", ["metrics=[r-squared]"]).expectFailure(
      .usage, "the metric 'r-squared' judges numbers, and no task of these gives such answers",
      help: "`truce metrics` says what each metric judges")
    #expect(!FileManager.default.fileExists(atPath: folder.path("no/metrics.jsonl")))
  }

  // MARK: truce data check

  @Test("check a folder, molecule by molecule")
  func check() throws {
    let result = try Engine.run(["data", "check", Self.fixture], in: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.hasPrefix("\(Self.fixture): sound, not the published files\nmolecules: 14\n"))
    #expect(result.output.contains("zpve"))
    let json = try Engine.run(["data", "check", Self.fixture, "--format", "json"], in: folder)
    #expect(json.output.contains("\"molecules\" : 14"))
  }

  @Test("show every fault of a folder with its place and its fix")
  func faults() throws {
    let text = try String(contentsOfFile: "\(Self.fixture)/qm9_part1.csv", encoding: .utf8)
    try folder.write(text.replacing("['N','H'", with: "['Cl','H'"), to: "qm9_part1.csv")
    let result = try Engine.run(["data", "check", folder.path("")], in: folder)
    #expect(result.status == 65)
    let lines = result.output.split(separator: "\n")
    #expect(lines[0].contains("qm9_part1.csv:3:"))
    #expect(lines[0].hasSuffix("the atom 'Cl' is none of H, C, N, O and F"))
    #expect(lines[1] == "  help: `truce data fetch qm9 --force` gets the file again")
    #expect(lines[2].hasSuffix("qm9_part2.csv: there is no such file"))
  }
}
