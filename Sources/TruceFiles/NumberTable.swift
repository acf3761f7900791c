public import Foundation

/// Rows of numbers in a text: separated by commas, one row a line, as spreadsheets and `numpy.savetxt` write them.
///
/// Empty lines and lines that begin with `#` are passed over; numbers may stand between quotes and spaces. Made for
/// long lines of many numbers: ``CSVReader``'s pass over the bytes hands each field on to be read, and nothing is kept but
/// the numbers.
public enum NumberTable {
  /// A field that is not a number.
  public struct Fault: Error, Equatable, Sendable {
    /// The line, counted from 1.
    public let line: Int
    /// The number of the field in it, counted from 1.
    public let column: Int
    /// The field; nil where its bytes are no text.
    public let field: String?
  }

  private static let dialect = CSVDialect(
    trimsSpaces: true, comment: UInt8(ascii: "#"), endsLinesAtReturns: true, recordLimit: .max)

  /// Returns the rows, which may differ in length.
  ///
  /// - Throws: ``Fault`` for the first field that is not a number.
  public static func rows(of data: Data) throws(Fault) -> [[Double]] {
    let result = data.withUnsafeBytes { bytes in
      Result { () throws(Fault) in try rows(of: bytes.bindMemory(to: UInt8.self)) }
    }
    return try result.get()
  }

  private static func rows(of bytes: UnsafeBufferPointer<UInt8>) throws(Fault) -> [[Double]] {
    var scan = CSVScan(
      bytes: bytes, position: 0, end: bytes.count, isAtEnd: true, line: 1, dialect: dialect)
    var rows: [[Double]] = []
    while true {
      var row = NumberRow()
      let outcome = scan.record(into: &row)
      switch outcome {
      case .end, .incomplete: return rows
      case .empty: continue
      case .record, .broken:
        if let fault = row.fault { throw fault }
        if case .broken(let problem) = outcome { throw row.fault(of: problem, in: bytes) }
        rows.append(row.numbers)
      }
    }
  }
}

/// The numbers of a line so far, and what was not one.
private struct NumberRow: CSVFieldSink {
  private(set) var numbers: [Double] = []
  private(set) var fault: NumberTable.Fault?

  mutating func take(_ field: CSVReader.Field, of bytes: UnsafeBufferPointer<UInt8>) {
    guard fault == nil else { return }
    // Around a field the spaces are gone already, within quotes they are not.
    let place = field.start..<field.end
    let inner = UnsafeBufferPointer(
      rebasing: bytes[field.isQuoted ? Self.trimmed(place, of: bytes) : place])
    if let number = DecimalText.number(inner) ?? Self.anyNumber(inner) {
      numbers.append(number)
    } else {
      fault = fault(at: field.line, inner)
    }
  }

  /// The fault of a field whose quotes are not as they should be.
  func fault(of problem: CSVScan.Problem, in bytes: UnsafeBufferPointer<UInt8>) -> NumberTable.Fault {
    let separators = [UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r")]
    let start = bytes[..<problem.position].lastIndex(where: separators.contains).map { $0 + 1 } ?? 0
    let end = bytes[problem.position...].firstIndex(where: separators.contains) ?? bytes.count
    let field = UnsafeBufferPointer(rebasing: bytes[Self.trimmed(start..<end, of: bytes)])
    // What stands before the text that should not be there has been taken already.
    return fault(at: problem.line, field, column: numbers.count + (problem.kind == .openQuote ? 1 : 0))
  }

  private func fault(
    at line: Int, _ field: UnsafeBufferPointer<UInt8>, column: Int? = nil
  ) -> NumberTable.Fault {
    NumberTable.Fault(
      line: line, column: column ?? numbers.count + 1, field: String(validating: field, as: UTF8.self))
  }

  private static func trimmed(_ field: Range<Int>, of bytes: UnsafeBufferPointer<UInt8>) -> Range<Int> {
    let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    var (start, end) = (field.lowerBound, field.upperBound)
    while start < end, isSpace(bytes[start]) { start += 1 }
    while end > start, isSpace(bytes[end - 1]) { end -= 1 }
    return start..<end
  }

  /// What Swift calls a number beside finite decimals: infinity, what is none, and other notations.
  private static func anyNumber(_ field: UnsafeBufferPointer<UInt8>) -> Double? {
    guard !field.isEmpty, field.count < 400 else { return nil }
    return String(validating: field, as: UTF8.self).flatMap(Double.init)
  }
}
