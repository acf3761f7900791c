import TruceFiles

/// One file of labels: the columns of its rows, and the picture that each row is about.
struct LabelTable {
  /// The path of the file.
  let path: String
  /// The columns' names.
  private(set) var names: [String] = []
  /// For each picture the row about it; nil where there is none.
  private(set) var rows: [Int?]
  /// The line of each row.
  private(set) var lines: [Int?] = []
  private let faults: FaultList

  /// Reads the file into columns, one for each task and perhaps one for the split.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - index: The pictures.
  ///   - columns: The columns to fill, with their names in the file; those of other files are passed over.
  ///   - unmatched: What becomes of a row without its picture.
  ///   - faults: Receives what is wrong.
  init(
    _ file: FoldersSpecification.LabelFile, of index: PictureIndex,
    into columns: [(name: String, store: any TableColumn)],
    unmatched: FoldersSpecification.Unmatched, faults: FaultList
  ) {
    path = file.path
    self.faults = faults
    rows = Array(repeating: nil, count: index.names.count)
    guard
      let table = faults.attempting({ () throws(FileFault) in
        try CSVRows(file.path, dialect: file.dialect, hasHeader: file.columns == nil, names: file.columns)
      })
    else { return }
    names = table.names
    guard let nameColumn = names.firstIndex(of: file.nameColumn) else {
      faults.append(
        FileFault(
          path: file.path, line: 1, reason: "no column is named '\(file.nameColumn)'",
          help:
            "say under `name` of this file which of \(names.prefix(12).joined(separator: ", ")) names the pictures"
        ))
      return
    }
    let stores = columns.compactMap { column in
      names.firstIndex(of: column.name).map { (store: column.store, column: $0) }
    }
    while let isRow = nextRow(table) {
      guard isRow, let picture = picture(table, nameColumn, index, unmatched) else { continue }
      rows[picture] = lines.count
      lines.append(table.line)
      for (store, column) in stores { append(table, column, to: store) }
    }
  }

  private func append(_ table: CSVRows, _ column: Int, to store: any TableColumn) {
    let isThere = faults.attempting { () throws(FileFault) in try store.append(table, column) } != nil
    if !isThere { store.appendMissing() }
  }

  /// True for a row, false for one at fault, nil after the last.
  private func nextRow(_ table: CSVRows) -> Bool? {
    do throws(FileFault) {
      return try table.next() ? true : nil
    } catch {
      faults.append(error)
      return error.kind == .content ? false : nil
    }
  }

  /// The picture that a row is about, where it is about one that no other row was about.
  private func picture(
    _ table: CSVRows, _ column: Int, _ index: PictureIndex, _ unmatched: FoldersSpecification.Unmatched
  ) -> Int? {
    let name = table.text(column) ?? ""
    guard let picture = index.find(name) else {
      if index.isAmbiguous(name) {
        faults.append(
          table.fault(
            at: column, "several pictures are named '\(name)'", help: "write their paths from \(index.folder)"
          ))
      } else if unmatched == .refuse {
        faults.append(
          table.fault(
            at: column, "no picture '\(name)' lies in \(index.folder)",
            help: "add the picture, or set `unmatched: skip` to leave such rows out"))
      }
      return nil
    }
    if let earlier = rows[picture] {
      let line = lines[earlier].map { " on line \($0)" } ?? ""
      faults.append(
        table.fault(
          at: column, "a second row about '\(name)', after that\(line)", help: "keep one of the two"))
      return nil
    }
    return picture
  }
}
