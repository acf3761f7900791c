// MARK: What a field holds

extension CSVReader {
  /// A field's text; nil where it is not UTF-8.
  ///
  /// - Precondition: `index` is in 0 ..< ``count``; so it is for all of these.
  public func text(_ index: Int) -> String? {
    let field = fields[index]
    let raw = UnsafeBufferPointer(rebasing: UnsafeBufferPointer(bytes)[field.start..<field.end])
    guard let text = String(validating: raw, as: UTF8.self) else { return nil }
    return field.hasDoubledQuotes ? text.replacing("\"\"", with: "\"") : text
  }

  /// Lends a field's bytes as they stand in the file, less the quotes around them.
  public func withBytes<Result>(of index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    let field = fields[index]
    return body(UnsafeBufferPointer(rebasing: UnsafeBufferPointer(bytes)[field.start..<field.end]))
  }

  /// Whether nothing is written in a field.
  public func isEmpty(_ index: Int) -> Bool { fields[index].start == fields[index].end }

  /// The finite number in a field, written as programs write them; nil where there is none.
  public func number(_ index: Int) -> Double? {
    withBytes(of: index) { DecimalText.number($0) }
  }

  /// A fault at a field.
  public func fault(at index: Int, _ reason: String, help: String) -> FileFault {
    let field = fields[index]
    return FileFault(path: path, line: field.line, column: field.column, reason: reason, help: help)
  }

  /// A fault of the whole record.
  public func fault(_ reason: String, help: String) -> FileFault {
    FileFault(path: path, line: line, column: fields.first?.column, reason: reason, help: help)
  }
}
