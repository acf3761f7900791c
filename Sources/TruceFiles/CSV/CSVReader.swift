/// Reads separated values record by record, with the line and column of every field.
///
/// A record is valid until the next one is read; memory holds one piece of the file whatever its length. The
/// format is RFC 4180's: fields between quotes may hold delimiters, line ends and doubled quotes; lines end with
/// CR LF or LF; a byte order mark at the beginning and empty lines are passed over.
///
/// ```swift
/// let reader = try CSVReader(FileInput("people.csv"))
/// while try reader.next() {
///   let age = reader.number(3)
/// }
/// ```
///
/// A record that breaks the rules throws; the next call goes on with the line after it, so that a check can find
/// every fault of a file.
///
/// - Source: Y. Shafranovich, "Common Format and MIME Type for Comma-Separated Values (CSV) Files", RFC 4180.
/// - Note: Written here because the libraries at hand do not say where a field lies: libcsv's callbacks get neither
///   line nor column, and SwiftCSV reads the whole file into a string, character by character. On one core of an
///   x86-64 machine, 104 MB of Census-Income take 0.24 s here (430 MB/s) and 0.62 s in libcsv 3.0.3 (170 MB/s).
public final class CSVReader {
  /// A field's place in the buffer and in the file.
  struct Field {
    var start, end: Int
    var line, column: Int
    var isQuoted, hasDoubledQuotes: Bool
  }

  let dialect: CSVDialect
  private let input: any ByteInput
  private(set) var bytes: UnsafeMutableBufferPointer<UInt8>
  /// The part of the buffer that holds bytes not yet handed out.
  private var start = 0
  private var end = 0
  private var isAtEnd = false
  private var nextLine = 1
  /// Whether the rest of the line at hand belongs to a record that was given up.
  private var isSkipping = false
  var fields: [Field] = []

  /// Starts at the beginning of an input.
  ///
  /// - Throws: ``FileFault`` where the input cannot be read.
  public init(_ input: any ByteInput, dialect: CSVDialect = CSVDialect()) throws(FileFault) {
    self.input = input
    self.dialect = dialect
    bytes = .allocate(capacity: 1 << 18)
    try refill()
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    if bytes[..<end].starts(with: mark) { start = mark.count }
  }

  deinit { bytes.deallocate() }

  /// What faults call the source.
  public var path: String { input.path }

  /// The line on which the record begins.
  public var line: Int { fields.first?.line ?? nextLine }

  /// The number of fields of the record.
  public var count: Int { fields.count }

  /// Reads the next record.
  ///
  /// - Returns: False after the last one.
  /// - Throws: ``FileFault`` for a record that breaks the format's rules, or where the input cannot be read.
  public func next() throws(FileFault) -> Bool {
    while true {
      if isSkipping, try !skipLine() { return false }
      fields.removeAll(keepingCapacity: true)
      var scan = CSVScan(
        bytes: UnsafeBufferPointer(bytes), position: start, end: end, isAtEnd: isAtEnd, line: nextLine,
        dialect: dialect)
      switch scan.record(into: &fields) {
      case .record:
        (start, nextLine) = (scan.position, scan.line)
        return true
      case .empty: (start, nextLine) = (scan.position, scan.line)
      case .end: return false
      case .incomplete: try makeRoom()
      case .broken(let problem):
        fields.removeAll(keepingCapacity: true)
        (start, nextLine, isSkipping) = (problem.position, problem.line, true)
        throw scan.fault(problem, path: path)
      }
    }
  }

  /// Moves the unread bytes to the front, into a larger buffer where they fill this one, and reads on.
  private func makeRoom() throws(FileFault) {
    let unread = end - start
    guard unread < dialect.recordLimit else {
      isSkipping = true
      throw FileFault(
        path: path, line: nextLine, column: 1, reason: "a record of more than \(dialect.recordLimit) bytes",
        help: "look for a quote that is opened and never closed")
    }
    if unread > bytes.count / 2 {
      let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 2 * bytes.count)
      _ = larger.update(fromContentsOf: bytes[start..<end])
      bytes.deallocate()
      bytes = larger
    } else if start > 0 {
      _ = bytes.update(fromContentsOf: Array(bytes[start..<end]))
    }
    (start, end) = (0, unread)
    try refill()
  }

  private func refill() throws(FileFault) {
    let room = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: bytes[end...]))
    let count = try input.fill(room)
    end += count
    isAtEnd = count < room.count
  }

  /// Passes over the rest of a line.
  ///
  /// - Returns: False where the input ends first.
  private func skipLine() throws(FileFault) -> Bool {
    while true {
      if let feed = bytes[start..<end].firstIndex(of: UInt8(ascii: "\n")) {
        (start, nextLine, isSkipping) = (feed + 1, nextLine + 1, false)
        return true
      }
      start = end
      if isAtEnd { return false }
      try makeRoom()
    }
  }
}
