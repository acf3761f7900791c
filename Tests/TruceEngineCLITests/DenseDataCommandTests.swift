import Foundation
import Testing
import TruceRun
import TruceTestSupport

@Suite("truce data make, check, baselines and show")
struct DenseDataCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func data(_ arguments: String...) throws -> BuiltCommand.Result {
    try BuiltCommand("truce-engine").run(["data"] + arguments, in: folder.location)
  }

  private func makeRooms() throws -> BuiltCommand.Result {
    try data(
      "make", "rooms", "--train", "3", "--val", "2", "--size", "24x32", "--seed", "5", "--output", "rooms")
  }

  @Test("make rooms that are sound, have a bar to pass and can be shown")
  func rooms() throws {
    #expect(try makeRooms().output == "Rooms: 3 train and 2 val examples in rooms\n")
    let check = try data("check", "rooms")
    #expect(check.status == 0)
    #expect(
      check.output.split(separator: "\n").prefix(3)
        == ["rooms: sound, as rooms", "examples: 3 train, 2 val", "pictures: 24 × 32"])
    let baselines = try data("baselines", "rooms")
    #expect(baselines.status == 0 && baselines.output.split(separator: "\n").count == 10)
    #expect(try data("baselines", "rooms", "--format", "json").output.contains("\"prior\""))
    #expect(
      try data("show", "rooms", "--count", "2", "--output", "sheet.png").output
        == "2 examples of rooms in sheet.png\n")
    #expect(try Data(contentsOf: URL(filePath: folder.path("sheet.png"))).starts(with: [0x89, 0x50, 0x4E]))
    try data("show", "rooms", "--output", "sheet.png").expectFailure(
      .usage, "sheet.png exists", help: "add --force to replace it, or choose another name")
    try data("show", "rooms", "--first", "3", "--output", "other.png").expectFailure(
      .usage, "--first is 3, and there are 3 examples", help: "count from 0")
  }

  @Test("leave the bar to pass in a study's folder, and refuse another")
  func barOfStudy() throws {
    _ = try makeRooms()
    let study = URL(filePath: folder.path("runs"), directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: study, withIntermediateDirectories: true)
    try data("baselines", "rooms", "--study", "runs").expectFailure(
      .usage, "--study names runs, where there is no study.yaml",
      help: "name the folder with the study's runs, such as runs/nyuv2-small")
    try Data("name: small\n".utf8).write(to: study.appending(path: "study.yaml"))
    #expect(try data("baselines", "rooms", "--averaging", "published", "--study", "runs").status == 0)
    let answers = try #require(try ReferenceAnswers.read(in: study))
    #expect(answers.problem == "rooms" && answers.averaging == "published")
    #expect(answers.answers.map(\.name) == ["constant", "per-pixel prior"])
    #expect(answers.answers.allSatisfy { $0.metrics.count == 9 && $0.metrics[0].split == "test" })
  }

  @Test("name what is wrong with a folder, and fail")
  func faults() throws {
    _ = try makeRooms()
    try FileManager.default.removeItem(atPath: folder.path("rooms/val/normal"))
    let check = try data("check", "rooms")
    #expect(check.status == 66)
    #expect(
      check.output == """
        rooms/val/normal: there is no such folder
          help: copy it again, or leave the task normal out

        """)
    #expect(check.errors.hasPrefix("truce: error: 1 fault in rooms and its files\n"))
    #expect(try data("baselines", "rooms").status == 66)
    #expect(try data("check", "rooms", "--format", "json").output.contains("\"faultCount\" : 1"))
    // Read as Cityscapes, its classes are too many.
    #expect(
      try data("check", "rooms", "--layout", "cityscapes").output.contains("neither a class 0 … 6 nor -1"))
    #expect(try makeRooms().status == 64)
  }

  @Test("refuse options that do not belong together")
  func refusals() throws {
    try data("prepare", "multi-mnist", "--size", "9x9").expectFailure(
      .usage, "multi-mnist has pictures of one size", help: "leave --size out")
    try data("prepare", "nyuv2", "--from", "x").expectFailure(
      .usage, "nyuv2 needs --from and --output",
      help: "name the folder with NYUv2's files and the folder to make")
    try data("prepare", "nyuv2", "--seed", "1", "--from", "x", "--output", "y").expectFailure(
      .usage, "nothing in nyuv2 is random", help: "leave --seed out")
    try data("prepare", "nyuv2", "--from", "nowhere", "--output", "y").expectFailure(
      .missingInput, "nowhere: no such file or folder",
      help: "give the folder with NYUv2's files after --from")
    #expect(try data("prepare", "nyuv2", "--size", "9", "--from", "x", "--output", "y").status == 64)
    try folder.write("file: a.csv\n", to: "people.yaml")
    try data("check", "people.yaml", "--layout", "rooms").expectFailure(
      .usage, "people.yaml is no folder of maps", help: "leave --layout out")
  }
}
