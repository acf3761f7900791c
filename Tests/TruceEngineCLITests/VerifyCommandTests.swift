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
    #expect(lines.first == "segnet-single-segmentation, counts")
    #expect(lines.contains("segnet-single-segmentation, channels/4, 2×64×96, float64"))
    #expect(
      lines.contains { $0.hasPrefix("  training: gradient of pred_task") && $0.hasSuffix("of 1.0e-07") })
    #expect(!result.output.contains("*"))
  }

  @Test("marks what does not hold, and ends with bad data")
  func disagreement() throws {
    let text = try String(contentsOf: Self.recorded, encoding: .utf8)
    try folder.write(text.replacing("\"total\":24981069", with: "\"total\":24981068"), to: "other.json")
    let result = try Engine.run(["verify", "networks", "other.json"], in: folder)
    #expect(result.status == 65)
    #expect(result.output.contains("* parameters                                       1 of 0"))
    #expect(result.errors.contains("1 comparison of networks did not hold"))
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
