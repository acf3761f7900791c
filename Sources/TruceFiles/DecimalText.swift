/// Numbers from the bytes of a file.
public enum DecimalText {
  /// The nearest number to a decimal text such as `-12.5e3`; nil where the bytes are none, or not finite.
  ///
  /// - Note: A text of at most fifteen digits and an exponent of at most 22 is two exact numbers and one rounded
  ///   operation (W. Clinger, "How to Read Floating Point Numbers Accurately", 1990); any other goes through the
  ///   standard library.
  public static func number(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    var position = 0
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative || bytes.first == UInt8(ascii: "+") { position = 1 }
    var digits: UInt64 = 0
    var digitCount = 0
    var fractionCount = 0
    var isFraction = false
    while position < bytes.count {
      let value = bytes[position] &- UInt8(ascii: "0")
      if value < 10 {
        digits = digits &* 10 &+ UInt64(value)
        digitCount += 1
        if isFraction { fractionCount += 1 }
      } else if bytes[position] == UInt8(ascii: "."), !isFraction {
        isFraction = true
      } else {
        return anyNumber(bytes)
      }
      position += 1
    }
    guard digitCount > 0 else { return nil }
    guard digitCount <= 15 else { return anyNumber(bytes) }
    let magnitude = Double(digits) / powersOfTen[fractionCount]
    return isNegative ? -magnitude : magnitude
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]

  private static func anyNumber(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    // Hexadecimal numbers and words for infinity are numbers to the standard library, and not to a table.
    let isPlain = bytes.allSatisfy { byte in
      byte &- UInt8(ascii: "0") < 10 || byte | 0x20 == UInt8(ascii: "e") || byte == UInt8(ascii: "+")
        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }
    guard isPlain, let number = Double(String(decoding: bytes, as: UTF8.self)), number.isFinite else {
      return nil
    }
    return number
  }
}
