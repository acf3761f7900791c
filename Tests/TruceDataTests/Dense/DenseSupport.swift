import Foundation
import Torch

@testable import TruceData

/// A small folder in the layout of the release of MTAN: two pictures to learn from and one to measure, of 4 × 6 pixels.
struct SmallDenseFolder {
  let folder: TemporaryFolder
  let layout: DenseLayout

  var path: String { folder.path + "/set" }

  init(_ layout: DenseLayout = .nyuv2, finished: Bool = true) throws {
    self.layout = layout
    folder = try TemporaryFolder()
    let preparation = try DensePreparation(
      into: path, layout,
      PreparationRecord(dataset: layout.name, size: [4, 6], examples: ["train": 2, "val": 1]),
      camera: Camera(fx: 5, fy: 5, cx: 2.5, cy: 1.5, height: 4, width: 6), replacing: false)
    try preparation.write { (part, number) throws(DataError) in
      Self.example(part == .train ? number : 2, layout)
    }
    if finished { try preparation.finish() }
  }

  /// An example whose numbers tell where they belong.
  static func example(_ number: Int, _ layout: DenseLayout) -> DensePreparation.Example {
    let maps = layout.maps.map { map -> [Float] in
      switch map.content {
      case .classes(let names): (0..<24).map { Float(($0 + number) % (names.count + 1) - 1) }
      case .depth: (0..<24).map { $0 % 5 == 0 ? 0 : 1 + Float($0) / 10 + Float(number) }
      case .normals: (0..<24).flatMap { $0 % 7 == 0 ? [0, 0, 0] : [0.6, 0, -0.8] as [Float] }
      }
    }
    return DensePreparation.Example(image: (0..<72).map { Float($0 + number) / 80 }, maps: maps)
  }

  /// Replaces a file by numbers in single precision.
  func write(_ values: [Float], _ shape: [Int], to name: String) throws {
    try DenseFile(values, shape: shape).write(to: "\(path)/\(name)")
  }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }

  /// The first fault of the folder or of an example, with its path from the folder on.
  func fault(readingAll: Bool = true) -> String? {
    do throws(DataError) {
      let samples = try DenseFolder(path, layout).samples(of: .train)
      for position in 0..<samples.count where readingAll { _ = try samples.sample(at: position) }
      return nil
    } catch {
      return error.description.replacingOccurrences(of: path + "/", with: "")
    }
  }
}
