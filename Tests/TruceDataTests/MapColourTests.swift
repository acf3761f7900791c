import Foundation
import Testing
import Torch
import TruceRun

@testable import TruceData

@Suite("The colours of maps")
struct MapColourTests {
  private func pixels(_ colours: MapColours, _ map: Tensor) throws -> [[UInt8]] {
    let file = FileManager.default.temporaryDirectory.appending(path: "truce-\(UUID().uuidString).png")
    defer { try? FileManager.default.removeItem(at: file) }
    try #require(colours.picture(of: map)).write(to: file)
    let samples = try PictureFile.read(file.path).samples
    return stride(from: 0, to: samples.count, by: 3).map { Array(samples[$0..<($0 + 3)]) }
  }

  @Test("differ from class to class, with black for none")
  func classes() throws {
    let colours = MapColours(.classes((0..<40).map { "\($0)" }))
    let drawn = try pixels(colours, Tensor(Array(-1..<40), shape: [1, 41]))
    #expect(drawn[0] == [0, 0, 0] && Set(drawn).count == 41)
    let entries = colours.legend.entries
    #expect(entries.map(\.name) == (0..<40).map { "\($0)" } + ["no ground truth"])
    let named = entries.map { entry in
      [1, 3, 5].map { UInt8(entry.color.dropFirst($0).prefix(2), radix: 16) }
    }
    #expect(named == Array(drawn[1...] + [drawn[0]]))
  }

  @Test("run from white to dark blue over the range, and end there")
  func numbers() throws {
    let colours = MapColours(.depth(isInverse: false), range: 1...3)
    let map = Tensor([0, 1, 2, 3, 9, .nan] as [Float], shape: [1, 2, 3])
    #expect(
      try pixels(colours, map) == [
        [255, 255, 255], [255, 255, 255], [128, 147, 191], [0, 38, 128], [0, 38, 128], [0, 0, 0],
      ])
    let scale = try #require(colours.legend.scale)
    #expect(scale.low == 1 && scale.high == 3 && scale.quantity == "depth in metres")
    #expect(scale.colors.count == 13 && scale.colors.first == "#ffffff" && scale.colors.last == "#002680")
    #expect(MapColours(.numbers("a"), range: 2...2).colour(ofNumber: 2).map { $0 == (255, 255, 255) } == true)
  }

  @Test("show a direction by (n + 1) / 2")
  func directions() throws {
    let map = Tensor([1, 0, 0, 0, -0.6, 0, 0, 0.8, 0] as [Float], shape: [3, 1, 3])
    #expect(
      try pixels(MapColours(.directions), map) == [[255, 128, 128], [128, 51, 230], [0, 0, 0]])
    let legend = MapColours(.directions).legend
    #expect(legend.entries.first == .init(color: "#ff8080", name: "x") && legend.entries.count == 7)
  }

  @Test("have a range where anything is known")
  func range() {
    #expect(MapColours.range(of: [3, .nan, 1, .infinity]) == 1...3)
    #expect(MapColours.range(of: [.nan]) == nil)
    #expect(MapColours(.numbers("a")).picture(of: Tensor.full([1, 2], Double.nan)) == nil)
  }

  @Test("are those of each map that a data set has")
  func kinds() {
    #expect(
      DenseLayout.cityscapes.maps.map(\.content.kind).last == .numbers("inverse depth")
        && DenseLayout.nyuv2.maps.map(\.content.kind).last == .directions)
  }
}
