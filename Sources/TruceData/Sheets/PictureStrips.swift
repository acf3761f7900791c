public import Foundation

/// Rows of pictures of one size, each under a title.
public struct PictureStrips {
  /// A row.
  public struct Strip {
    /// What stands above it.
    public let title: String
    /// The pictures from the left: red, green and blue of each pixel, line by line.
    public let pictures: [[UInt8]]

    /// Creates a row.
    public init(_ title: String, pictures: [[UInt8]]) {
      (self.title, self.pictures) = (title, pictures)
    }
  }

  private let strips: [Strip]
  private let (width, height): (Int, Int)

  private static let gap = 4
  private static let line = 16

  /// Lays out rows of pictures.
  ///
  /// - Parameters:
  ///   - strips: The rows, as many pictures in each.
  ///   - width: The pixels of a picture's line.
  ///   - height: The lines of a picture.
  public init(_ strips: [Strip], width: Int, height: Int) {
    precondition(strips.allSatisfy { $0.pictures.allSatisfy { $0.count == 3 * width * height } })
    (self.strips, self.width, self.height) = (strips, width, height)
  }

  /// The rows as a PNG file.
  ///
  /// - Throws: ``DataError/unwritable(path:reason:)`` where it cannot be packed.
  public func png() throws(DataError) -> Data {
    let rowHeight = Self.line + height + Self.gap
    let columns = strips.map(\.pictures.count).max() ?? 0
    var canvas = Canvas(
      height: strips.count * rowHeight + Self.gap, width: columns * (width + Self.gap) + Self.gap)
    for (row, strip) in strips.enumerated() {
      let top = Self.gap + row * rowHeight
      canvas.write(strip.title, row: top, column: Self.gap)
      for (column, picture) in strip.pictures.enumerated() {
        let left = Self.gap + column * (width + Self.gap)
        canvas.draw(height: height, width: width, top: top + Self.line, left: left) { pixel in
          (picture[3 * pixel], picture[3 * pixel + 1], picture[3 * pixel + 2])
        }
      }
    }
    guard let png = canvas.png else { throw .unwritable(path: "the picture", reason: "it cannot be packed") }
    return png
  }
}
