import Foundation
import Testing
import Torch
import TruceFiles

@testable import TruceData

/// Pictures that Pillow wrote, against the samples Pillow reads from them.
@Suite("Pictures from files")
struct PictureTests {
  struct Recorded: Decodable {
    let height, width, channels: Int
    let samples: [Int]
  }

  struct Record: Decodable {
    let pictures: [String: Recorded]
  }

  private static func path(_ name: String) -> String {
    Bundle.module.bundleURL.appendingPathComponent("Pictures/\(name)").path
  }

  private static func recorded(_ name: String) throws -> Recorded {
    let record = try JSONDecoder().decode(
      Record.self, from: Data(contentsOf: URL(fileURLWithPath: path("pictures.json"))))
    return try #require(record.pictures[name])
  }

  private func expectSame<Sample>(_ picture: Picture<Sample>, as recorded: Recorded) {
    #expect(picture.height == recorded.height)
    #expect(picture.width == recorded.width)
    #expect(picture.channels == recorded.channels)
    #expect(picture.samples.map(Int.init) == recorded.samples)
  }

  @Test(
    "hold Pillow's samples",
    arguments: [
      "grey.png", "bits.png", "grey-alpha.png", "colours.png", "colours-alpha.png", "palette.png", "grey.jpg",
      "colours.jpg", "progressive.jpeg",
    ])
  func samples(name: String) throws {
    expectSame(try PictureFile.read(Self.path(name)), as: try Self.recorded(name))
  }

  @Test("keep sixteen bits where asked for, and scale them to eight where not")
  func deepSamples() throws {
    let recorded = try Self.recorded("grey16.png")
    expectSame(try PictureFile.readDeep(Self.path("grey16.png")), as: recorded)
    let shallow = try PictureFile.read(Self.path("grey16.png"))
    #expect(shallow.samples.map(Int.init) == recorded.samples.map { ($0 * 255 + 32895) >> 16 })
    expectSame(try PictureFile.readDeep(Self.path("colours.jpg")), as: try Self.recorded("colours.jpg"))
  }

  @Test("give a palette's indices where asked for")
  func indices() throws {
    expectSame(
      try PictureFile.read(Self.path("palette.png"), as: .indices), as: try Self.recorded("palette indices"))
    expectSame(try PictureFile.read(Self.path("grey.png"), as: .indices), as: try Self.recorded("grey.png"))
  }

  @Test("become grey and coloured as Pillow's do")
  func channels() throws {
    let colours = try PictureFile.read(Self.path("colours.png"))
    expectSame(colours.converted(toChannels: 1), as: try Self.recorded("luma"))
    #expect(colours.converted(toChannels: 3) == colours)
    let grey = try PictureFile.read(Self.path("grey-alpha.png")).converted(toChannels: 1)
    #expect(grey.samples == (try PictureFile.read(Self.path("grey.png"))).samples)
    let tripled = grey.converted(toChannels: 3)
    #expect(
      tripled.samples.prefix(6) == [
        grey.samples[0], grey.samples[0], grey.samples[0], grey.samples[1], grey.samples[1], grey.samples[1],
      ])
  }

  @Test("take another size as Pillow's do, to one step", arguments: ["smaller", "larger"])
  func sizes(name: String) throws {
    let recorded = try Self.recorded(name)
    let resized = try PictureFile.read(Self.path("colours.png"))
      .resized(height: recorded.height, width: recorded.width)
    #expect(resized.channels == 3)
    let differences = zip(resized.samples, recorded.samples).map { abs(Int($0) - $1) }
    #expect(differences.count == recorded.samples.count)
    #expect(try #require(differences.max()) <= 1)
  }

  @Test("are cut around the middle where they must not be stretched")
  func cropping() {
    let picture = Picture<UInt8>(height: 2, width: 4, channels: 1, samples: [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(picture.resized(height: 2, width: 2, fit: .crop).samples == [2, 3, 6, 7])
    #expect(picture.resized(height: 2, width: 4) == picture)
  }
}

@Suite("Files that are no pictures")
struct DamagedPictureTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: Bundle.module.bundleURL.appendingPathComponent("Pictures/\(name)")))
  }

  private func refusal(_ bytes: [UInt8], limit: Int = PictureFile.usualLimit) throws -> FileFault {
    let path = try folder.write("picture", bytes)
    return try #require(throws: FileFault.self) { try PictureFile.read(path, limit: limit) }
  }

  @Test("are refused by what they are")
  func foreign() throws {
    #expect(try refusal([]).reason == "the file is empty")
    #expect(try refusal(Array("GIF89a".utf8)).reason == "it is neither a PNG nor a JPEG")
    #expect(try refusal(bytes("inks.jpg")).reason == "it is a JPEG of four inks (CMYK)")
    let missing = #expect(throws: FileFault.self) { try PictureFile.read(folder.path + "/none.png") }
    #expect(missing?.kind == .missing)
    #expect(throws: FileFault.self) { try PictureFile.read(folder.path) }
  }

  @Test(
    "are refused where they end early, wherever that is",
    arguments: ["colours.png", "colours.jpg", "progressive.jpeg"])
  func truncated(name: String) throws {
    let whole = try bytes(name)
    for length in stride(from: 9, to: whole.count - 2, by: 7) {
      #expect(
        try refusal(Array(whole.prefix(length))).reason.hasPrefix("the picture is damaged ("), "\(length)")
    }
  }

  @Test("never crash with a byte changed", arguments: ["palette.png", "grey16.png", "colours.jpg"])
  func changed(name: String) throws {
    let whole = try bytes(name)
    for position in whole.indices.dropFirst(8) {
      var other = whole
      other[position] ^= 0x55
      let path = try folder.write("picture", other)
      do throws(FileFault) {
        let picture = try PictureFile.read(path, limit: 1_000_000)
        #expect(picture.samples.count == picture.height * picture.width * picture.channels)
      } catch {
        #expect(error.path == path)
      }
    }
  }

  @Test("are refused before memory is asked for where the header is above the limit")
  func limits() throws {
    #expect(
      try refusal(bytes("colours.png"), limit: 323).reason
        == "its header promises 9 x 12 pixels, above the limit of 323 samples")
    #expect(try refusal(bytes("grey.jpg"), limit: 107).reason.contains("above the limit of 107 samples"))
    _ = try PictureFile.read(folder.write("enough", bytes("colours.png")), limit: 324)
  }
}
