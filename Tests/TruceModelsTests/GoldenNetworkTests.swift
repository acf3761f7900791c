import Foundation
import Testing
import Torch
import TruceModels

/// Networks against published ones, as recorded in files of golden values.
@Suite("Networks agree with published ones")
struct GoldenNetworkTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../shared/golden/networks").standardized

  static let files =
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?
    .filter { $0.hasSuffix(".json") }.sorted() ?? []

  @Test("whole", arguments: files)
  func whole(name: String) throws {
    let file = try GoldenNetworkFile(contentsOf: Self.folder.appending(path: name))
    for comparison in try file.compare(in: .float64) {
      for deviation in comparison.deviations {
        #expect(
          deviation.holds,
          "\(file.network), \(comparison.title), \(deviation.what): \(deviation.deviation) > \(deviation.tolerance)"
        )
      }
    }
  }
}
