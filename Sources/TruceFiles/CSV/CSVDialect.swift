/// How a file of separated values is written.
public struct CSVDialect: Equatable, Sendable {
  /// The byte between two fields.
  public var delimiter: UInt8
  /// Whether spaces and tabs around a field belong to the layout and not to its value.
  public var trimsSpaces: Bool
  /// The byte that begins a line which is passed over; nil for none.
  public var comment: UInt8?
  /// Whether a carriage return alone ends a line, as very old programs write them.
  public var endsLinesAtReturns: Bool
  /// The most bytes a record may have; a quote that is never closed would else swallow the file.
  public var recordLimit: Int

  /// Creates a dialect: commas, quotes and line ends as RFC 4180 has them, and line feeds alone.
  public init(
    delimiter: UInt8 = UInt8(ascii: ","), trimsSpaces: Bool = false, comment: UInt8? = nil,
    endsLinesAtReturns: Bool = false, recordLimit: Int = 1 << 24
  ) {
    self.comment = comment
    self.endsLinesAtReturns = endsLinesAtReturns
    self.delimiter = delimiter
    self.trimsSpaces = trimsSpaces
    self.recordLimit = recordLimit
  }
}
