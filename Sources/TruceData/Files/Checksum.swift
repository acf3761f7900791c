/// SHA-256 sums of files, in hexadecimal.
public enum Checksum {
  /// Returns the sum of a file as it lies on the disk.
  ///
  /// - Throws: ``DataError`` where the file cannot be read.
  public static func sha256(ofFile path: String) throws(DataError) -> String {
    try sum(of: FileStream(path))
  }

  /// Returns the sum of a file's contents: decompressed first where it is a gzip file.
  ///
  /// Compressed files of the same contents differ from packer to packer; their contents do not.
  ///
  /// - Throws: ``DataError`` where the file cannot be read or its gzip data is bad.
  public static func sha256(ofContentsOf path: String) throws(DataError) -> String {
    try sum(of: openStream(path))
  }

  static func sum(of stream: some ByteStream) throws(DataError) -> String {
    let sum = SHA256Sum()
    try stream.forEachPiece(sum.update)
    return sum.finish()
  }

  static func sum(of parts: [[UInt8]]) -> String {
    let sum = SHA256Sum()
    for part in parts { part.withUnsafeBytes(sum.update) }
    return sum.finish()
  }
}
