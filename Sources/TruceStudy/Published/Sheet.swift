import TruceFiles

/// Separated values in memory: a heading and records of as many cells, each with its place.
struct Sheet {
  /// A cell and where it stands.
  struct Cell: Equatable {
    let text: String
    let line: Int
    let column: Int

    /// The place as editors jump to it.
    func place(in path: String) -> String { "\(path):\(line):\(column)" }
  }

  let path: String
  let header: [Cell]
  let records: [[Cell]]

  /// Reads a text whose cells are parted by commas or, where the first line has none, by tabs or semicolons.
  init(_ text: some Sequence<UInt8>, named path: String) throws(FileFault) {
    let bytes = Array(text)
    let reader = try CSVReader(
      MemoryInput(bytes, named: path),
      dialect: CSVDialect(
        delimiter: Self.delimiter(of: bytes), trimsSpaces: true, comment: UInt8(ascii: "#"),
        endsLinesAtReturns: true))
    guard try reader.next() else {
      throw FileFault(
        path: path, reason: "there is nothing in it",
        help: "write a heading 'method' with metrics, and a row each")
    }
    header = try Self.cells(of: reader)
    var records: [[Cell]] = []
    while try reader.next() {
      let cells = try Self.cells(of: reader)
      guard cells.count == header.count else {
        throw reader.fault(
          "a row of \(cells.count) cells under a heading of \(header.count)",
          help: "give each column a cell; leave it empty, or write –, where nothing was measured")
      }
      records.append(cells)
    }
    guard !records.isEmpty else {
      throw FileFault(
        path: path, line: 1, reason: "a heading and no results", help: "write a row for each method below it")
    }
    self.path = path
    self.records = records
  }

  private static func cells(of reader: CSVReader) throws(FileFault) -> [Cell] {
    var cells: [Cell] = []
    for index in 0..<reader.count {
      let place = reader.fault(at: index, "the cell is not text in UTF-8", help: "save the file as UTF-8")
      guard let text = reader.text(index) else { throw place }
      cells.append(Cell(text: text.trimmedOfSpaces, line: place.line ?? 0, column: place.column ?? 0))
    }
    return cells
  }

  private static func delimiter(of bytes: [UInt8]) -> UInt8 {
    let lines = bytes.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    let first = lines.first { $0.first != UInt8(ascii: "#") } ?? []
    let candidates = [UInt8(ascii: ","), UInt8(ascii: "\t"), UInt8(ascii: ";")]
    return candidates.first(where: first.contains) ?? candidates[0]
  }
}
