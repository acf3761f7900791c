import Foundation
import TruceFiles

/// Finds the pictures of a specification, their labels and their splits.
struct FoldersReader {
  let specification: FoldersSpecification
  let index: PictureIndex
  /// A row for each picture, in the order of the index.
  private(set) var content = TableContent()
  private let faults: FaultList

  /// Reads the labels; nil where there are no pictures.
  init?(_ specification: FoldersSpecification, faults: FaultList) {
    guard
      let index = faults.attempting({ () throws(FileFault) in try PictureIndex(specification.images) })
    else { return nil }
    for fault in index.unreadFaults { faults.append(fault) }
    self.specification = specification
    self.index = index
    self.faults = faults
    readLabels()
    guard faults.isEmpty else { return }
    content.files = index.names.indices.map(index.path)
    content.places = index.names.indices.map { TableContent.Place(file: $0, line: nil) }
    content.checkSplits(of: specification.path, faults: faults)
  }

  // MARK: Labels

  private mutating func readLabels() {
    let missing = WordSet(specification.missing)
    let stores = specification.tasks.map { $0.store(missing: missing) }
    let splitStore = WordColumn(missing: missing, refusesMissing: false)
    var wanted: [(name: String, store: any TableColumn)] = zip(specification.tasks, stores)
      .compactMap { task, store in task.column.map { (name: $0, store: store) } }
    if case .column(let name, _) = specification.division { wanted.append((name: name, store: splitStore)) }
    let tables = specification.labels.map { file in
      LabelTable(file, of: index, into: wanted, unmatched: specification.unmatched, faults: faults)
    }
    guard faults.isEmpty else { return }
    content.labels = zip(specification.tasks, stores).map { task, store in
      task.column.map { ordered(store, $0, task.table.line, tables) } ?? folderLabels(of: task, store)
    }
    content.splits = splits(splitStore, tables)
    if faults.isEmpty { leaveUnlabelledOut() }
  }

  /// A column of a label file, brought from the order of its rows to that of the pictures.
  private func ordered(
    _ store: any TableColumn, _ column: String, _ line: Int?, _ tables: [LabelTable]
  ) -> any TableColumn {
    let holding = tables.filter { $0.names.contains(column) }
    if holding.count != 1 {
      let files = holding.isEmpty ? "no file of labels has" : "several files of labels have"
      faults.append(
        FileFault(
          path: specification.path, line: line, reason: "\(files) a column '\(column)'",
          help: holding.isEmpty
            ? "the columns are \(tables.flatMap(\.names).prefix(20).joined(separator: ", "))"
            : "rename the column in one of \(holding.map(\.path).joined(separator: ", "))"))
    }
    return store.reordered(holding.first?.rows ?? Array(repeating: nil, count: index.names.count))
  }

  /// The names of the folders that hold the pictures.
  private func folderLabels(of task: FoldersSpecification.Task, _ store: any TableColumn) -> any TableColumn {
    let rows = FolderRows(index, under: task.folder)
    while rows.next() {
      guard rows.isUnder else {
        store.appendMissing()
        continue
      }
      let isThere = faults.attempting { () throws(FileFault) in try store.append(rows, 0) } != nil
      if !isThere { store.appendMissing() }
    }
    return store
  }

  /// A picture without any label teaches nothing: a fault, or left out.
  private mutating func leaveUnlabelledOut() {
    for picture in index.names.indices
    where content.splits[picture] != nil && !content.labels.contains(where: { $0.hasValue(picture) }) {
      content.splits[picture] = nil
      guard specification.unmatched == .refuse else { continue }
      faults.append(
        FileFault(
          path: index.path(picture), reason: "the picture has no label for any task",
          help: "label it, or set `unmatched: skip` to leave such pictures out"))
    }
  }

  // MARK: Splits

  private func splits(_ store: any TableColumn, _ tables: [LabelTable]) -> [Split?] {
    switch specification.division {
    case .ratio(let ratio): return ratio.assignment(of: index.names.count)
    case .column(let name, let words):
      let column = ordered(store, name, nil, tables)
      let sets = words.sets
      return column.codes.map { code in
        code < 0 ? nil : sets.first { $0.words.contains(column.words[Int(code)]) }?.split
      }
    case .folders(let words):
      return index.names.indices.map { picture in
        Split.allCases.first { split in
          words.words[split]?.contains { index.lies(picture, under: $0) } ?? false
        }
      }
    case .lists(let lists, let shares): return divided(listed(lists), by: shares)
    }
  }

  /// The same with shares of the pictures to learn from, drawn in the order of their paths.
  private func divided(_ splits: [Split?], by shares: SplitRatio?) -> [Split?] {
    guard let shares else { return splits }
    var divided = splits
    let training = splits.indices.filter { splits[$0] == .training }
    for (picture, split) in zip(training, shares.assignment(of: training.count)) { divided[picture] = split }
    return divided
  }

  private func listed(_ lists: [Split: String]) -> [Split?] {
    var splits = [Split?](repeating: nil, count: index.names.count)
    for split in Split.allCases {
      guard let path = lists[split],
        let text = faults.attempting({ () throws(FileFault) in try TextLines(path) })
      else { continue }
      for (number, line) in text.lines.enumerated() where !line.isEmpty {
        let name = String(line)
        guard let picture = index.find(name) else {
          noteUnlisted(name, path, line: number + 1)
          continue
        }
        if let other = splits[picture] {
          faults.append(
            FileFault(
              path: path, line: number + 1, column: 1,
              reason: "'\(name)' is in the \(other.rawValue) split already",
              help: "name each picture in one list, once"))
        }
        splits[picture] = split
      }
    }
    return splits
  }

  private func noteUnlisted(_ name: String, _ path: String, line: Int) {
    guard specification.unmatched == .refuse || index.isAmbiguous(name) else { return }
    let isAmbiguous = index.isAmbiguous(name)
    faults.append(
      FileFault(
        path: path, line: line, column: 1,
        reason: isAmbiguous
          ? "several pictures are named '\(name)'" : "no picture '\(name)' lies in \(index.folder)",
        help: isAmbiguous
          ? "write their paths from \(index.folder)" : "add the picture, or set `unmatched: skip`"))
  }
}

extension SplitWords {
  /// The words of each split, ready to be compared.
  var sets: [(split: Split, words: WordSet)] {
    Split.allCases.compactMap { split in words[split].map { (split, WordSet($0)) } }
  }
}

extension FoldersSpecification.Task {
  /// The column that holds the labels; nil where a folder's name does.
  var column: String? {
    switch origin {
    case .folder: nil
    case .column(let name), .listed(_, let name, _): name
    }
  }

  /// The path under which the folders' names are labels; nil for all.
  var folder: String? {
    if case .folder(let path) = origin { path } else { nil }
  }

  func store(missing: WordSet) -> any TableColumn {
    if case .listed(let word, _, let separator) = origin {
      return ListedColumn(word, separator: separator, missing: missing)
    }
    return table.kind.store(missing: missing)
  }
}
