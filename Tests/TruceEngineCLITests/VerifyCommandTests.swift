import Foundation
import Testing
import TruceTestSupport

@Suite("truce-engine verify networks")
struct VerifyCommandTests {
  private let folder: TemporaryFolder
  private static let recorded = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../TruceModelsTests/GoldenNetworks/segnet-single-segmentation.json").standardized

  init() throws { folder = try TemporaryFolder() }

  @Test("prints each deviation beside its tolerance, and ends well where all hold")
  func agreement() throws {
    let result = try Engine.run(["verify", "networks", Self.recorded.path], in: folder)
    #expect(result.status == 0, "\(result.errors)")
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(lines.first?.hasPrefix("segnet-single-segmentation, counts ") == true)
    #expect(lines.contains { $0.hasPrefix("segnet-single-segmentation, channels/4, 2×64×96, float64 ") })
    #expect(lines.contains { $0.hasPrefix("training: gradient of pred_task ") && $0.contains(" 1.0e-07") })
    #expect(lines.last == "\(lines.count - 3) of \(lines.count - 3) values as expected")
  }

  @Test("shows what does not hold, and ends with bad data")
  func disagreement() throws {
    let text = try String(contentsOf: Self.recorded, encoding: .utf8)
    try folder.write(text.replacing("\"total\":24981069", with: "\"total\":24981068"), to: "other.json")
    let result = try Engine.run(["verify", "networks", "--failing", "other.json"], in: folder)
    #expect(result.status == 65)
    let lines = result.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(lines.count == 3 && lines[1] == ["parameters", "1", "0", "NO"])
    #expect(result.errors.contains(" values not as expected\n  help: look at the lines marked NO"))
  }

  @Test("names a file that is missing, or no such file")
  func files() throws {
    try folder.write("{\"network\": \"segnet-split\"}", to: "empty.json")
    let missing = try Engine.run(["verify", "networks", "nowhere.json"], in: folder)
    #expect(missing.status == 66)
    #expect(missing.errors.contains("cannot read nowhere.json"))
    let wrong = try Engine.run(["verify", "networks", "empty.json"], in: folder)
    #expect(wrong.status == 65)
    #expect(
      wrong.errors.contains(
        "empty.json is not a file of golden values for a network: 'parameters' is missing"))
  }
}
