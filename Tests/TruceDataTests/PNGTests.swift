import CZlib
import Foundation
import Testing
import Torch
import TruceData

@Suite("PNG pictures")
struct PNGTests {
  /// The chunks of a file, with their sums checked.
  private func chunks(of file: Data) throws -> [(name: String, content: [UInt8])] {
    let bytes = [UInt8](file)
    #expect(bytes.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    func number(_ place: Int) -> Int { bytes[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) } }
    var chunks: [(name: String, content: [UInt8])] = []
    var place = 8
    while place < bytes.count {
      let length = number(place)
      let body = Array(bytes[(place + 4)..<(place + 8 + length)])
      #expect(number(place + 8 + length) == Int(crc32(0, body, uInt(body.count))))
      chunks.append((String(decoding: body.prefix(4), as: UTF8.self), Array(body.dropFirst(4))))
      place += 12 + length
    }
    return chunks
  }

  private func unpacked(_ content: [UInt8], count: Int) -> [UInt8] {
    var size = uLong(count + 1)
    var bytes = [UInt8](repeating: 0, count: count + 1)
    #expect(uncompress(&bytes, &size, content, uLong(content.count)) == Z_OK)
    return Array(bytes.prefix(Int(size)))
  }

  @Test func grayPicturesHaveOneByteAPixel() throws {
    let picture = Tensor([0, 0.5, 1, 2, -1, 0.2], shape: [1, 2, 3])
    let parts = try chunks(of: #require(PNG.data(of: picture)))
    #expect(parts.map(\.name) == ["IHDR", "IDAT", "IEND"])
    #expect(parts[0].content == [0, 0, 0, 3, 0, 0, 0, 2, 8, 0, 0, 0, 0])
    #expect(unpacked(parts[1].content, count: 8) == [0, 0, 128, 255, 0, 255, 0, 51])
  }

  @Test func colorsLieSideBySide() throws {
    let picture = Tensor([1.0, 0, 0, 1, 0.2, 0.4], shape: [3, 1, 2])
    let parts = try chunks(of: #require(PNG.data(of: picture)))
    #expect(parts[0].content.suffix(5) == [8, 2, 0, 0, 0])
    #expect(unpacked(parts[1].content, count: 7) == [0, 255, 0, 51, 0, 255, 102])
  }

  @Test(arguments: [1, 3]) func smoothPicturesArePackedAsDifferences(channels: Int) throws {
    let (height, width) = (24, 31)
    let pixels = (0..<(channels * height * width)).map { place -> Double in
      let (row, column) = (Double(place / width % height), Double(place % width))
      return (128 + 60 * sin(row / 5) + 50 * cos(column / 7 + Double(place / width / height))).rounded() / 255
    }
    let picture = Tensor(pixels, shape: [channels, height, width])
    let file = try #require(PNG.data(of: picture))
    let idat = try chunks(of: file)[1].content
    #expect(unpacked(idat, count: height * (channels * width + 1))[0] == 4)
    let path = FileManager.default.temporaryDirectory.appending(path: "truce-\(UUID().uuidString).png").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try file.write(to: URL(filePath: path))
    // libpng takes the differences back.
    let read = try PictureFile.read(path)
    let expected = (picture * 255).round().permuted([1, 2, 0]).toArray(as: Double.self).map { UInt8($0) }
    #expect(read.channels == channels && read.samples == expected)
  }

  @Test func otherTensorsAreNoPictures() {
    #expect(PNG.data(of: Tensor.zeros([2, 4, 4])) == nil)
    #expect(PNG.data(of: Tensor.zeros([4, 4])) == nil)
    #expect(PNG.data(of: Tensor.zeros([1, 0, 4])) == nil)
  }
}
