/// The Castagnoli checksum, RFC 3720 appendix B.4; zlib's CRC-32 has another polynomial.
enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0x82F6_3B78 }
  }

  /// The checksum of some bytes.
  static func checksum(of bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { crc, byte in crc >> 8 ^ table[Int((crc ^ UInt32(byte)) & 0xFF)] }
  }

  /// The checksum as record files hold it, so that checksums of data with embedded checksums stay strong.
  ///
  /// `((crc >> 15) | (crc << 17)) + 0xa282ead8`; TensorFlow, `core/lib/hash/crc32c.h`.
  static func masked(of bytes: some Sequence<UInt8>) -> UInt32 {
    let crc = checksum(of: bytes)
    return (crc >> 15 | crc << 17) &+ 0xA282_EAD8
  }
}
