/// How a file of separated values is written.
public struct CSVDialect: Equatable, Sendable {
  /// The byte between two fields.
  public var delimiter: UInt8
  /// Whether spaces and tabs around a field belong to the layout and not to its value.
  public var trimsSpaces: Bool
  /// The most bytes a record may have; a quote that is never closed would else swallow the file.
  public var recordLimit: Int

  /// Creates a dialect: commas, quotes and line ends as RFC 4180 has them, and line feeds alone.
  public init(delimiter: UInt8 = UInt8(ascii: ","), trimsSpaces: Bool = false, recordLimit: Int = 1 << 24) {
    self.delimiter = delimiter
    self.trimsSpaces = trimsSpaces
    self.recordLimit = recordLimit
  }
}
