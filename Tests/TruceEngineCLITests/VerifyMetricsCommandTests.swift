import Foundation
import Testing
import TruceRun
import TruceTestSupport

@Suite("truce verify metrics")
struct VerifyMetricsCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func verify(_ arguments: String...) throws -> BuiltCommand.Result {
    try BuiltCommand("truce-engine").run(["verify", "metrics"] + arguments, in: folder.location)
  }

  private func write(mae: String) throws {
    try folder.write(
      """
      {"provenance": "by hand", "values": {
        "batches": [{"label": [1, 2], "prediction": [2, 4]}, {"label": [0], "prediction": [3]}],
        "expected": {"accumulated": {"mae": \(mae), "rmse": 2.160246899469287}, "mean_of_batches": {"mae": 2.25}}}}
      """, to: "values.json")
  }

  @Test("shows every value with its distance, and ends well where all hold")
  func sound() throws {
    try write(mae: "2")
    let result = try verify("values.json")
    #expect(result.status == 0 && result.errors.isEmpty)
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 5 && lines[1].hasPrefix("values/accumulated/mae"))
    #expect(lines[4] == "3 of 3 values as expected")
    #expect(try verify("--failing", "values.json").output == "3 of 3 values as expected\n")
  }

  @Test("fails where a value is off, and marks it")
  func wrong() throws {
    try write(mae: "2.001")
    let result = try verify("values.json")
    #expect(result.status == 65)
    #expect(result.errors.hasPrefix("truce: error: 1 of 3 values not as expected\n"))
    #expect(result.output.split(separator: "\n")[1].hasSuffix("1e-09  NO"))
    #expect(try verify("--format", "json", "values.json").output.contains("\"holds\" : false"))
  }

  @Test("refuses a file that is not there or of another form")
  func refusals() throws {
    try verify("none.json").expectFailure(
      .missingInput, "none.json: there is no such file", help: "check the path")
    try folder.write("{}", to: "empty.json")
    #expect(try verify("empty.json").status == 65)
  }
}
