import Foundation
import Testing
import TruceTestSupport

@Suite("truce data check")
struct DataCheckCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      """
      file: people.csv
      split: {ratio: {training: 0.75, test: 0.25}}
      inputs: {age: number}
      tasks:
        job: {kind: classes, classes: [baker, smith]}
        wage: {kind: regression}
      """, to: "people.yaml")
  }

  private func check(_ arguments: String...) throws -> BuiltCommand.Result {
    try BuiltCommand("truce-engine").run(["data", "check"] + arguments, in: folder.location)
  }

  @Test("sums up sound data")
  func sound() throws {
    try folder.write("age,job,wage\n1,baker,10\n2,smith,\n3,baker,12\n4,baker,13\n", to: "people.csv")
    let result = try check("people.yaml")
    #expect(result.status == 0 && result.errors.isEmpty)
    let lines = result.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(lines.prefix(3) == ["people.yaml: sound", "examples: 3 training, 1 test", "inputs: 1"])
    #expect(lines[4].hasPrefix("job   classes      3 / 1  "))
    #expect(lines[5].hasPrefix("wage  regression"))
  }

  @Test("shows every fault with its place and its fix, and fails")
  func faults() throws {
    try folder.write("age,job,wage\nyoung,baker,10\n2,smith,much\n3,baker\n", to: "people.csv")
    let result = try check("people.yaml")
    #expect(result.status == 65)
    #expect(
      result.output == """
        people.csv:2:1: column 'age': 'young' is not a number
          help: correct the field, or list its text under `missing`
        people.csv:3:9: column 'wage': 'much' is not a number
          help: correct the field, or list its text under `missing`
        people.csv:4:1: 2 fields, where there are 3 columns
          help: look for a delimiter too many or too few, and put fields that hold one in quotes

        """)
    #expect(
      result.errors
        == "truce: error: 3 faults in people.yaml and its files\n  help: correct them and check again\n")
    #expect(try check("people.yaml", "--limit", "1").output.hasSuffix("… and 2 more\n"))
  }

  @Test("writes the same as JSON")
  func json() throws {
    struct Report: Decodable {
      struct Fault: Decodable {
        let path: String
        let line: Int?
      }
      struct Contents: Decodable { let examples: [String: Int] }
      let kind: String
      let faultCount: Int
      let faults: [Fault]
      let contents: Contents?
    }
    let missing = try check("people.yaml", "--format", "json")
    #expect(missing.status == 66)
    let report = try JSONDecoder().decode(Report.self, from: Data(missing.output.utf8))
    #expect(report.kind == "table" && report.faultCount == 1 && report.contents == nil)
    #expect(report.faults.first?.path == "people.csv")
    try folder.write("age,job,wage\n1,baker,10\n2,smith,\n3,baker,12\n4,baker,13\n", to: "people.csv")
    let sound = try check("people.yaml", "--format", "json")
    let contents = try JSONDecoder().decode(Report.self, from: Data(sound.output.utf8)).contents
    #expect(contents?.examples == ["training": 3, "test": 1])
  }

  @Test("refuses a file that is not there, and a limit of nothing")
  func wrongArguments() throws {
    let result = try check("none.yaml")
    #expect(result.status == 66)
    #expect(result.output == "none.yaml: no file here\n  help: check the path\n")
    #expect(try check("people.yaml", "--limit", "0").status == 64)
  }
}
