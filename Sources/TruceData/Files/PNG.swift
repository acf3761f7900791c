import CZlib
public import Foundation
public import Torch

/// Pictures as PNG files in memory.
///
/// - Source: The format is W3C's "Portable Network Graphics (PNG) Specification"; zlib compresses and sums.
public enum PNG {
  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Encodes a picture with eight bits a channel.
  ///
  /// - Parameter picture: Shape [channels, height, width] with 1 or 3 channels and values in 0 … 1; others are cut off.
  /// - Returns: The file; nil for another number of channels or an empty picture.
  public static func data(of picture: Tensor) -> Data? {
    let shape = picture.shape
    guard shape.count == 3, shape[0] == 1 || shape[0] == 3, shape[1] > 0, shape[2] > 0 else { return nil }
    let pixels = (picture.to(.float32) * 255).round().clamped(minimum: 0, maximum: 255)
      .permuted([1, 2, 0]).toArray(as: Float.self).map { UInt8($0.isNaN ? 0 : $0) }
    let width = shape[2] * shape[0]
    // Few colours pack best as they are, photographs and smooth maps as differences.
    let packings = [unfiltered(pixels, width), differences(pixels, width, channels: shape[0])]
    guard let packed = packings.compactMap(compressed).min(by: { $0.count < $1.count }) else { return nil }
    let colorType: UInt8 = shape[0] == 1 ? 0 : 2
    let header = bytes(of: shape[2]) + bytes(of: shape[1]) + [8, colorType, 0, 0, 0]
    return Data(signature + chunk("IHDR", header) + chunk("IDAT", packed) + chunk("IEND", []))
  }

  /// Lines that begin with the number of their filter, 0 for none.
  private static func unfiltered(_ pixels: [UInt8], _ width: Int) -> [UInt8] {
    (0..<(pixels.count / width)).flatMap { line in [0] + pixels[(line * width)..<((line + 1) * width)] }
  }

  /// Lines of filter 4: each byte less, of its left, upper and upper left neighbours, the one closest to
  /// left + upper − upper left, in that order where two are.
  private static func differences(_ pixels: [UInt8], _ width: Int, channels: Int) -> [UInt8] {
    var lines: [UInt8] = []
    lines.reserveCapacity(pixels.count + pixels.count / width)
    for place in pixels.indices {
      let (isFirst, isTop) = (place % width < channels, place < width)
      if place % width == 0 { lines.append(4) }
      let left = isFirst ? 0 : Int(pixels[place - channels])
      let upper = isTop ? 0 : Int(pixels[place - width])
      let corner = isFirst || isTop ? 0 : Int(pixels[place - width - channels])
      let (toLeft, toUpper, toCorner) = (
        abs(upper - corner), abs(left - corner), abs(left + upper - 2 * corner)
      )
      let guess = toLeft <= toUpper && toLeft <= toCorner ? left : toUpper <= toCorner ? upper : corner
      lines.append(pixels[place] &- UInt8(guess))
    }
    return lines
  }

  private static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
    var size = compressBound(uLong(bytes.count))
    var packed = [UInt8](repeating: 0, count: Int(size))
    guard compress2(&packed, &size, bytes, uLong(bytes.count), Z_BEST_COMPRESSION) == Z_OK else { return nil }
    return Array(packed.prefix(Int(size)))
  }

  private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + content
    return bytes(of: content.count) + body + bytes(of: Int(crc32(0, body, uInt(body.count))))
  }

  /// Four bytes, the highest first.
  private static func bytes(of number: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt32(truncatingIfNeeded: number).bigEndian) { Array($0) }
  }
}
