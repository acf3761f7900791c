/// How large a picture of an environment is, in pixels.
public struct PictureSize: Equatable, Sendable {
  /// The pixels of a line.
  public let width: Int
  /// The lines.
  public let height: Int
  /// The most pixels of a line, and the most lines: a picture must fit into a frame of a worker.
  public static let limit = 2048

  /// Creates a size.
  public init(width: Int, height: Int) {
    precondition((1...Self.limit).contains(width) && (1...Self.limit).contains(height))
    (self.width, self.height) = (width, height)
  }

  /// The bytes of red, green and blue.
  public var byteCount: Int { 3 * width * height }
}

/// What an environment looks like.
public struct EnvironmentPicture: Equatable, Sendable {
  /// The size.
  public let size: PictureSize
  /// Red, green and blue of each pixel, line by line from the top.
  public let bytes: [UInt8]

  /// Creates a picture.
  public init(size: PictureSize, bytes: [UInt8]) {
    precondition(bytes.count == size.byteCount)
    (self.size, self.bytes) = (size, bytes)
  }
}
