import Torch

/// A part of a picture that is brought back to the picture's size.
struct Crop {
  let size: PictureSize
  let part: PictureSize
  let top: Int
  let left: Int

  /// The picture whose pixels are the nearest ones of the part.
  func nearest(_ picture: HostArray) -> HostArray {
    guard part != size else { return picture }
    return switch picture.dtype.byteCount {
    case 1: nearest(picture, as: UInt8.self)
    case 2: nearest(picture, as: UInt16.self)
    case 4: nearest(picture, as: UInt32.self)
    default: nearest(picture, as: UInt64.self)
    }
  }

  private func nearest<Word: BitwiseCopyable>(_ picture: HostArray, as type: Word.Type) -> HostArray {
    let rows = Self.nearest(size.height, part.height).map { $0 + top }
    let columns = Self.nearest(size.width, part.width).map { $0 + left }
    var result = picture
    result.withMutableBytes { target in
      picture.bytes.withUnsafeBytes { source in
        target.withMemoryRebound(to: type) { target in
          source.withMemoryRebound(to: type) { source in
            forEachPlane(source.count) { start in
              for (row, from) in rows.enumerated() {
                let (there, here) = (start + row * size.width, start + from * size.width)
                for (column, from) in columns.enumerated() { target[there + column] = source[here + from] }
              }
            }
          }
        }
      }
    }
    return result
  }

  /// The picture whose pixels lie between those of the part, the corners of both being one.
  func bilinear(_ picture: HostArray) -> HostArray {
    guard part != size else { return picture }
    return picture.dtype == .float64
      ? bilinear(picture, as: Double.self) : bilinear(picture, as: Float.self)
  }

  private func bilinear<Real: BinaryFloatingPoint & TensorElement>(
    _ picture: HostArray, as type: Real.Type
  ) -> HostArray {
    let rows: [Between<Real>] = Self.between(size.height, part.height, from: top)
    let columns: [Between<Real>] = Self.between(size.width, part.width, from: left)
    var result = picture
    result.withMutableElements(as: type) { target in
      picture.withElements(as: type) { source in
        forEachPlane(source.count) { start in
          for (row, y) in rows.enumerated() {
            let (upper, lower) = (start + y.first * size.width, start + y.second * size.width)
            for (column, x) in columns.enumerated() {
              let above = x.mix(source[upper + x.first], source[upper + x.second])
              let below = x.mix(source[lower + x.first], source[lower + x.second])
              target[start + row * size.width + column] = y.mix(above, below)
            }
          }
        }
      }
    }
    return result
  }

  /// Two neighbours and how far behind the first a place is.
  private struct Between<Real: BinaryFloatingPoint> {
    let first: Int
    let second: Int
    let share: Real

    func mix(_ one: Real, _ other: Real) -> Real { (1 - share) * one + share * other }
  }

  /// For each of so many places the nearest of fewer, as libtorch finds it: in single precision.
  private static func nearest(_ count: Int, _ fewer: Int) -> [Int] {
    let ratio = Float(fewer) / Float(count)
    return (0..<count).map { min(Int(Float($0) * ratio), fewer - 1) }
  }

  /// For each of so many places the two neighbours among fewer, the ends being one.
  private static func between<Real: BinaryFloatingPoint>(
    _ count: Int, _ fewer: Int, from start: Int
  ) -> [Between<Real>] {
    let ratio = count > 1 ? Real(fewer - 1) / Real(count - 1) : 0
    return (0..<count).map { place in
      let exact = ratio * Real(place)
      let first = min(Int(exact), fewer - 1)
      return Between(
        first: start + first, second: start + min(first + 1, fewer - 1), share: min(exact - Real(first), 1))
    }
  }

  private func forEachPlane(_ count: Int, _ body: (_ start: Int) -> Void) {
    let area = size.height * size.width
    for start in stride(from: 0, to: count, by: max(area, 1)) { body(start) }
  }
}
