public import Foundation

/// Rows of numbers in a text: separated by commas, one row a line, as spreadsheets and `numpy.savetxt` write them.
///
/// Empty lines and lines that begin with `#` are passed over; numbers may stand between quotes and spaces. Made for
/// long lines of many numbers: the text is gone through once, byte by byte, and nothing is kept but the numbers.
public struct NumberTable {
  /// A field that is not a number.
  public struct Fault: Error, Equatable, Sendable {
    /// The line, counted from 1.
    public let line: Int
    /// The number of the field in it, counted from 1.
    public let column: Int
    /// The field; nil where its bytes are no text.
    public let field: String?
  }

  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  private var line = 1

  private init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  /// Returns the rows, which may differ in length.
  ///
  /// - Throws: ``Fault`` for the first field that is not a number.
  public static func rows(of data: Data) throws(Fault) -> [[Double]] {
    let result = data.withUnsafeBytes { bytes in
      var table = NumberTable(bytes)
      return Result { () throws(Fault) in try table.rows() }
    }
    return try result.get()
  }

  private mutating func rows() throws(Fault) -> [[Double]] {
    var rows: [[Double]] = []
    while position < bytes.count {
      skipSpaces()
      if position == bytes.count { break }
      switch bytes[position] {
      case Self.hash: skipLine()
      case Self.lineFeed, Self.carriageReturn: endLine()
      default:
        rows.append(try row())
        endLine()
      }
    }
    return rows
  }

  private mutating func row() throws(Fault) -> [Double] {
    var numbers: [Double] = []
    while true {
      let end = endOfField()
      guard let number = number(position..<end) else {
        throw fault(position..<end, column: numbers.count + 1)
      }
      numbers.append(number)
      position = end
      guard position < bytes.count, bytes[position] == Self.comma else { return numbers }
      position += 1
    }
  }

  // MARK: Bytes

  private static let comma = UInt8(ascii: ",")
  private static let quote = UInt8(ascii: "\"")
  private static let hash = UInt8(ascii: "#")
  private static let space = UInt8(ascii: " ")
  private static let tab = UInt8(ascii: "\t")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  private func endOfField() -> Int {
    var end = position
    while end < bytes.count {
      let byte = bytes[end]
      // All three separators are below the digits.
      if byte < 0x2D, byte == Self.comma || byte == Self.lineFeed || byte == Self.carriageReturn { break }
      end += 1
    }
    return end
  }

  private mutating func skipSpaces() {
    while position < bytes.count, bytes[position] == Self.space || bytes[position] == Self.tab {
      position += 1
    }
  }

  private mutating func skipLine() {
    while position < bytes.count, bytes[position] != Self.lineFeed, bytes[position] != Self.carriageReturn {
      position += 1
    }
    endLine()
  }

  /// Passes over the end of a line: a line feed, a carriage return, or both.
  private mutating func endLine() {
    guard position < bytes.count else { return }
    let isReturn = bytes[position] == Self.carriageReturn
    position += 1
    if isReturn, position < bytes.count, bytes[position] == Self.lineFeed { position += 1 }
    line += 1
  }

  private func fault(_ field: Range<Int>, column: Int) -> Fault {
    let text = String(bytes: bytes[field], encoding: .utf8)
    return Fault(line: line, column: column, field: text?.trimmingCharacters(in: .whitespaces))
  }

  // MARK: Numbers

  private func number(_ field: Range<Int>) -> Double? {
    let inner = unquoted(trimmed(field))
    return Self.quickNumber(bytes, inner) ?? anyNumber(inner)
  }

  private func trimmed(_ field: Range<Int>) -> Range<Int> {
    var (start, end) = (field.lowerBound, field.upperBound)
    while start < end, bytes[start] == Self.space || bytes[start] == Self.tab { start += 1 }
    while end > start, bytes[end - 1] == Self.space || bytes[end - 1] == Self.tab { end -= 1 }
    return start..<end
  }

  private func unquoted(_ field: Range<Int>) -> Range<Int> {
    guard field.count >= 2, bytes[field.lowerBound] == Self.quote, bytes[field.upperBound - 1] == Self.quote
    else { return field }
    return trimmed((field.lowerBound + 1)..<(field.upperBound - 1))
  }

  /// A number of few digits, which is two exact numbers and one rounded operation; nil for any other.
  ///
  /// - Source: W. Clinger, "How to Read Floating Point Numbers Accurately", PLDI 1990.
  private static func quickNumber(_ bytes: UnsafeRawBufferPointer, _ field: Range<Int>) -> Double? {
    var position = field.lowerBound
    guard position < field.upperBound else { return nil }
    let isNegative = bytes[position] == UInt8(ascii: "-")
    if isNegative { position += 1 }
    let start = position
    var (digits, point): (UInt64, Int?) = (0, nil)
    while position < field.upperBound {
      let digit = bytes[position] &- 0x30
      if digit < 10 {
        digits = digits &* 10 &+ UInt64(digit)
      } else if bytes[position] == UInt8(ascii: "."), point == nil {
        point = position
      } else {
        return nil
      }
      position += 1
    }
    let count = position - start - (point == nil ? 0 : 1)
    guard (1...15).contains(count) else { return nil }
    let fraction = point.map { position - $0 - 1 } ?? 0
    let magnitude = Double(digits) / powersOfTen[fraction]
    return isNegative ? -magnitude : magnitude
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]

  /// A number in any spelling that Swift knows.
  private func anyNumber(_ field: Range<Int>) -> Double? {
    guard !field.isEmpty, field.count < 400 else { return nil }
    return String(bytes: bytes[field], encoding: .utf8).flatMap(Double.init)
  }
}
