/// What is done with the fields of a record, one after the other.
protocol CSVFieldSink {
  /// Takes a field, whose place is in these bytes.
  mutating func take(_ field: CSVReader.Field, of bytes: UnsafeBufferPointer<UInt8>)
}

extension [CSVReader.Field]: CSVFieldSink {
  mutating func take(_ field: CSVReader.Field, of bytes: UnsafeBufferPointer<UInt8>) { append(field) }
}

/// One pass over the bytes of a record.
struct CSVScan {
  /// How a pass ended.
  enum Outcome {
    /// The fields of a record are complete.
    case record
    /// There was an empty line.
    case empty
    /// Nothing is left.
    case end
    /// The record goes on beyond the bytes at hand.
    case incomplete
    /// The record breaks a rule.
    case broken(Problem)
  }

  /// A rule that was broken, and where.
  struct Problem {
    enum Kind { case openQuote, textAfterQuote, quoteInText, loneReturn }
    let kind: Kind
    let position: Int
    let line, column: Int
  }

  let bytes: UnsafeBufferPointer<UInt8>
  /// The next byte to look at.
  var position: Int
  let end: Int
  let isAtEnd: Bool
  /// The line of the next byte.
  var line: Int
  private var lineStart: Int
  private let dialect: CSVDialect

  init(
    bytes: UnsafeBufferPointer<UInt8>, position: Int, end: Int, isAtEnd: Bool, line: Int, dialect: CSVDialect
  ) {
    self.bytes = bytes
    self.position = position
    self.end = end
    self.isAtEnd = isAtEnd
    self.line = line
    self.dialect = dialect
    lineStart = position
  }

  private static let feed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
  private static let quote = UInt8(ascii: "\"")

  /// Reads the fields of the record at ``position``, which then stands after it.
  mutating func record(into fields: inout some CSVFieldSink) -> Outcome {
    guard position < end else { return isAtEnd ? .end : .incomplete }
    if let skipped = comment() { return skipped }
    // An empty line has one field with nothing in it, not even quotes.
    var outcome = Outcome.empty
    while true {
      let field: CSVReader.Field
      switch nextField() {
      case .field(let found): field = found
      case .ending(let ending): return ending
      }
      if field.isQuoted || field.start < field.end { outcome = .record }
      fields.take(field, of: bytes)
      if position == end { return isAtEnd ? outcome : .incomplete }
      if bytes[position] == dialect.delimiter {
        position += 1
        outcome = .record
      } else {
        return lineEnd() ?? outcome
      }
    }
  }

  /// Passes over a line that is a comment; nil where there is none.
  private mutating func comment() -> Outcome? {
    guard let comment = dialect.comment else { return nil }
    if dialect.trimsSpaces { skipSpaces() }
    guard position < end, bytes[position] == comment else { return nil }
    while position < end, bytes[position] != Self.feed, bytes[position] != Self.carriageReturn {
      position += 1
    }
    if position == end { return isAtEnd ? .empty : .incomplete }
    return lineEnd() ?? .empty
  }

  /// Passes over the end of a line; says what is wrong where something else stands there.
  private mutating func lineEnd() -> Outcome? {
    switch bytes[position] {
    case Self.feed: endLine()
    case Self.carriageReturn:
      guard position + 1 < end || isAtEnd else { return .incomplete }
      if position + 1 < end, bytes[position + 1] == Self.feed {
        position += 1
      } else if !dialect.endsLinesAtReturns {
        return broken(.loneReturn)
      }
      endLine()
    case Self.quote: return broken(.quoteInText)
    default: return broken(.textAfterQuote)
    }
    return nil
  }

  private mutating func endLine() {
    position += 1
    line += 1
    lineStart = position
  }

  private func broken(_ kind: Problem.Kind) -> Outcome {
    .broken(Problem(kind: kind, position: position, line: line, column: position - lineStart + 1))
  }

  // MARK: Fields

  /// A field, or how the record ends without one.
  private enum Step {
    case field(CSVReader.Field)
    case ending(Outcome)
  }

  /// Reads a field up to what follows it.
  private mutating func nextField() -> Step {
    if dialect.trimsSpaces { skipSpaces() }
    guard position < end, bytes[position] == Self.quote else {
      let start = position
      let column = start - lineStart + 1
      skipText()
      var last = position
      if dialect.trimsSpaces { while last > start, Self.isSpace(bytes[last - 1]) { last -= 1 } }
      return .field(
        CSVReader.Field(
          start: start, end: last, line: line, column: column, isQuoted: false, hasDoubledQuotes: false))
    }
    return quotedField()
  }

  private mutating func skipText() {
    let bytes = bytes
    let delimiter = dialect.delimiter
    var next = position
    while next < end {
      let byte = bytes[next]
      // Everything special but the delimiter lies below this; most bytes of a file do not.
      if byte == delimiter { break }
      if byte <= Self.quote, byte == Self.feed || byte == Self.quote || byte == Self.carriageReturn { break }
      next += 1
    }
    position = next
  }

  private mutating func skipSpaces() {
    while position < end, Self.isSpace(bytes[position]), bytes[position] != dialect.delimiter {
      position += 1
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  private mutating func quotedField() -> Step {
    let opening = broken(.openQuote)
    var field = CSVReader.Field(
      start: position + 1, end: 0, line: line, column: position - lineStart + 1, isQuoted: true,
      hasDoubledQuotes: false)
    position += 1
    while position < end {
      switch bytes[position] {
      case Self.feed: endLine()
      case Self.quote:
        guard position + 1 < end || isAtEnd else { return .ending(.incomplete) }
        if position + 1 < end, bytes[position + 1] == Self.quote {
          field.hasDoubledQuotes = true
          position += 2
        } else {
          field.end = position
          position += 1
          if dialect.trimsSpaces { skipSpaces() }
          return .field(field)
        }
      default: position += 1
      }
    }
    return .ending(isAtEnd ? opening : .incomplete)
  }
}

// MARK: Faults

extension CSVScan {
  /// The fault for a broken rule.
  func fault(_ problem: Problem, path: String) -> FileFault {
    let (reason, help) =
      switch problem.kind {
      case .openQuote:
        (
          "a quote is opened and never closed",
          "close it, or put the whole field in quotes and double those inside"
        )
      case .textAfterQuote:
        (
          "text follows the closing quote of a field",
          "double the quotes inside a field that stands in quotes"
        )
      case .quoteInText:
        ("a quote inside a field without quotes", "put the whole field in quotes and double those inside")
      case .loneReturn:
        ("a carriage return without a line feed", "save the file with line ends LF or CR LF")
      }
    return FileFault(path: path, line: problem.line, column: problem.column, reason: reason, help: help)
  }
}
