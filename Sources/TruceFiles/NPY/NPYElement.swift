/// How one element of a NumPy array is stored.
public struct NPYElement: Equatable, Sendable {
  /// What the bits mean.
  public enum Kind: Sendable {
    /// IEEE floating point.
    case float
    /// The upper half of a float32.
    case bfloat
    /// Two's complement.
    case signed
    /// Whole numbers of at least 0.
    case unsigned
    /// One byte, 0 or 1.
    case bool
  }

  /// What the bits mean.
  public let kind: Kind
  /// Bytes.
  public let size: Int
  /// Whether the most significant byte comes first.
  public let isBigEndian: Bool

  /// Reads NumPy's name of an element type, such as `<f8`; nil for one that is no plain number.
  ///
  /// `V2` is what NumPy writes for the bfloat16 of ml_dtypes, JAX and TensorFlow.
  public init?(descr: String) {
    let letters: [Character: (kind: Kind, sizes: [Int])] = [
      "f": (.float, [2, 4, 8]), "i": (.signed, [1, 2, 4, 8]), "u": (.unsigned, [1, 2, 4, 8]),
      "b": (.bool, [1]), "?": (.bool, [1]), "V": (.bfloat, [2]),
    ]
    let order = descr.first.flatMap { "<>=|".contains($0) ? $0 : nil }
    let name = order == nil ? descr[...] : descr.dropFirst()
    guard let letter = name.first, let (kind, sizes) = letters[letter] else { return nil }
    guard let size = letter == "?" ? (name == "?" ? 1 : nil) : Int(name.dropFirst()), sizes.contains(size),
      letter == "?" || name.dropFirst() == "\(size)"
    else { return nil }
    (self.kind, self.size) = (kind, size)
    isBigEndian = order == ">" && size > 1
  }

  /// The numbers of the bytes, whose count must be a multiple of the size.
  public func numbers(in bytes: UnsafeRawBufferPointer) -> [Double] {
    switch (kind, size) {
    case (.float, 2): read(UInt16.self, bytes) { Double(Self.half($0)) }
    case (.float, 4): read(UInt32.self, bytes) { Double(Float(bitPattern: $0)) }
    case (.float, _): read(UInt64.self, bytes) { Double(bitPattern: $0) }
    case (.bfloat, _): read(UInt16.self, bytes) { Double(Float(bitPattern: UInt32($0) << 16)) }
    case (.signed, 1): read(UInt8.self, bytes) { Double(Int8(bitPattern: $0)) }
    case (.signed, 2): read(UInt16.self, bytes) { Double(Int16(bitPattern: $0)) }
    case (.signed, 4): read(UInt32.self, bytes) { Double(Int32(bitPattern: $0)) }
    case (.signed, _): read(UInt64.self, bytes) { Double(Int64(bitPattern: $0)) }
    case (.unsigned, 2): read(UInt16.self, bytes) { Double($0) }
    case (.unsigned, 4): read(UInt32.self, bytes) { Double($0) }
    case (.unsigned, 8): read(UInt64.self, bytes) { Double($0) }
    case (.bool, _): read(UInt8.self, bytes) { $0 == 0 ? 0 : 1 }
    case (.unsigned, _): read(UInt8.self, bytes) { Double($0) }
    }
  }

  private func read<Bits: FixedWidthInteger>(
    _ type: Bits.Type, _ bytes: UnsafeRawBufferPointer, _ number: (Bits) -> Double
  ) -> [Double] {
    let count = bytes.count / size
    return [Double](unsafeUninitializedCapacity: count) { numbers, initialized in
      for index in 0..<count {
        let bits = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Bits>.size, as: Bits.self)
        numbers.initializeElement(at: index, to: number(isBigEndian ? bits.bigEndian : bits.littleEndian))
      }
      initialized = count
    }
  }

  /// The float of 16 bits, which not every platform's Swift has.
  private static func half(_ bits: UInt16) -> Float {
    let sign: Float = bits >> 15 == 0 ? 1 : -1
    let (exponent, fraction) = (UInt32(bits >> 10 & 0x1F), UInt32(bits & 0x3FF))
    switch exponent {
    case 0: return sign * Float(fraction) * 0x1p-24
    case 31: return Float(bitPattern: UInt32(bits >> 15) << 31 | 0x7F80_0000 | fraction << 13)
    default: return Float(bitPattern: UInt32(bits >> 15) << 31 | (exponent + 112) << 23 | fraction << 13)
    }
  }
}
