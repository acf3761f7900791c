import Foundation
import Testing
import Torch
import TorchNN
import TruceModels

/// Networks against published ones, as recorded in files of golden values.
@Suite("Networks agree with published ones", .serialized)
struct GoldenNetworkTests {
  private static let bundled = Bundle.module.bundleURL.appending(path: "GoldenNetworks")
  private static let wholeFolder = bundled.appending(path: "Whole")

  static let bundledFiles = names(in: bundled)
  static let wholeFiles = names(in: wholeFolder)

  private static func names(in folder: URL) -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (names ?? []).filter { $0.hasSuffix(".json") }.sorted()
  }

  private func expectAgreement(_ url: URL, in precision: DType) throws {
    let file = try GoldenNetworkFile(contentsOf: url)
    let comparisons = try file.compare(in: precision)
    #expect(comparisons.flatMap(\.deviations).count > 12)
    for comparison in comparisons {
      for deviation in comparison.deviations {
        #expect(
          deviation.holds,
          "\(file.network), \(comparison.title), \(deviation.what): \(deviation.deviation) of \(deviation.tolerance)"
        )
      }
    }
  }

  @Test("with divided channels, in double precision", arguments: bundledFiles)
  func small(name: String) throws {
    try expectAgreement(Self.bundled.appending(path: name), in: .float64)
  }

  @Test("with divided channels, in single precision", arguments: bundledFiles)
  func smallSingle(name: String) throws {
    try expectAgreement(Self.bundled.appending(path: name), in: .float32)
  }

  @Test("whole, in double precision", arguments: wholeFiles)
  func whole(name: String) throws {
    try expectAgreement(Self.wholeFolder.appending(path: name), in: .float64)
  }

  // The others take long; `truce verify networks --precision float32` runs them.
  @Test("whole, in single precision", arguments: ["celeba-cnn.json", "resnet18-hps.json"])
  func wholeSingle(name: String) throws {
    try expectAgreement(Self.wholeFolder.appending(path: name), in: .float32)
  }

  // MARK: What does not agree

  private func edited(_ name: String, _ edit: (String) -> String) throws -> URL {
    let text = try String(contentsOf: Self.bundled.appending(path: name), encoding: .utf8)
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).json")
    try edit(text).write(to: url, atomically: true, encoding: .utf8)
    return url
  }

  @Test("and say where they do not")
  func disagreement() throws {
    let url = try edited("segnet-single-segmentation.json") {
      $0.replacing("\"gain\": 2", with: "\"gain\": 2.001").replacing(
        "\"total\":24981069", with: "\"total\":24981068")
    }
    defer { try? FileManager.default.removeItem(at: url) }
    let found = try GoldenNetworkFile(contentsOf: url).compare(in: .float64).flatMap(\.deviations)
    let wrong = found.filter { !$0.holds }.map(\.what)
    #expect(wrong.contains("parameters") && wrong.contains("training: output of segmentation"))
    #expect(
      wrong.contains("training: gradient of encoder_block")
        && wrong.contains("evaluation: loss of segmentation"))
    #expect(!wrong.contains("learnable tensors"))
  }

  @Test("and name a file that is none, and a network that is not known")
  func refusals() throws {
    let missing = URL(filePath: "nowhere.json")
    #expect(throws: VerificationError.unreadable(path: "nowhere.json")) {
      try GoldenNetworkFile(contentsOf: missing)
    }
    let cut = try edited("segnet-split.json") { $0.replacing("\"gain\": 2,\n", with: "") }
    defer { try? FileManager.default.removeItem(at: cut) }
    #expect(throws: VerificationError.malformed(path: cut.relativePath, reason: "'gain' is missing")) {
      try GoldenNetworkFile(contentsOf: cut)
    }
    let strange = try edited("segnet-split.json") { $0.replacing("\"segnet-split\"", with: "\"unet-split\"") }
    defer { try? FileManager.default.removeItem(at: strange) }
    let error = #expect(throws: VerificationError.self) {
      _ = try GoldenNetworkFile(contentsOf: strange).compare(in: .float64)
    }
    #expect(
      error?.description
        == "cannot verify 'unet-split': its name begins with no trunk that has published values")
  }
}
