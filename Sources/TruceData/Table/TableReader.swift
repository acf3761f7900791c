import Truce
import TruceFiles

/// Reads the rows of a table into columns and decides which split each belongs to.
struct TableReader {
  let specification: TableSpecification
  let faults: FaultList
  /// What has been read.
  private(set) var content = TableContent()
  /// How many rows the rule for the splits has left out.
  private(set) var leftOut = 0
  private var names: [String]?

  init(_ specification: TableSpecification, faults: FaultList) {
    self.specification = specification
    self.faults = faults
  }

  /// Reads every file, and notes all that is wrong.
  mutating func read() {
    for (split, path) in specification.files {
      guard let rows = faults.attempting({ () throws(FileFault) in try specification.rows(of: path) }),
        prepare(for: rows)
      else { continue }
      content.files.append(path)
      read(rows, split: split)
    }
    if case .file(_, .ratio(let ratio)) = specification.source { assign(ratio) }
    if faults.isEmpty { content.checkSplits(of: specification.path, faults: faults) }
  }

  // MARK: Columns

  /// Makes the stores at the first file; later files must have the same columns.
  private mutating func prepare(for rows: any TableRows) -> Bool {
    if let names {
      guard names == rows.names else {
        faults.append(
          FileFault(
            path: rows.path, line: rows.line, reason: "other columns than \(content.files[0])",
            help: "give every split the same columns in the same order"))
        return false
      }
      return true
    }
    let known = faults.total
    names = rows.names
    checkNames(rows)
    let missing = WordSet(specification.missing)
    content.inputs = specification.inputs.flatMap { input in
      columns(of: input, among: rows.names).map {
        TableContent.Input(column: $0, kind: input.kind, store: input.kind.store(missing: missing))
      }
    }
    content.labels = specification.tasks.map { $0.kind.store(missing: missing) }
    return faults.total == known
  }

  private func columns(of input: TableSpecification.Input, among names: [String]) -> [String] {
    if let column = input.column { return [column] }
    let used = Set(specification.inputs.compactMap(\.column) + specification.tasks.map(\.column))
      .union(specification.ignored).union(splitColumn.map { [$0] } ?? [])
    return names.filter { !used.contains($0) }
  }

  private var splitColumn: String? {
    if case .file(_, .column(let column, _)) = specification.source { column } else { nil }
  }

  /// Every column the specification names must be there.
  private func checkNames(_ rows: any TableRows) {
    let named =
      specification.inputs.compactMap { input in input.column.map { ($0, input.line) } }
      + specification.tasks.map { ($0.column, $0.line) } + specification.ignored.map { ($0, nil) }
      + (splitColumn.map { [($0, nil)] } ?? [])
    for (column, line) in named where !rows.names.contains(column) {
      let closest = closestName(to: column, among: rows.names)
      faults.append(
        FileFault(
          path: specification.path, line: line, reason: "\(rows.path) has no column '\(column)'",
          help: closest.map { "did you mean '\($0)'?" }
            ?? "its columns are \(rows.names.prefix(12).joined(separator: ", "))"))
    }
  }

  // MARK: Rows

  private mutating func read(_ rows: any TableRows, split: Split?) {
    let positions = Dictionary(uniqueKeysWithValues: rows.names.enumerated().map { ($1, $0) })
    let stores =
      (content.inputs.map { ($0.store, $0.column) } + zip(content.labels, specification.tasks.map(\.column)))
      .compactMap { store, column in positions[column].map { (store, $0) } }
    let words = splitWords(positions)
    while let isRow = nextRow(rows) {
      guard isRow else { continue }
      let chosen = if let words { words.split(rows) } else { split }
      // A row that no split takes may hold anything.
      guard words == nil || chosen != nil else {
        leftOut += 1
        continue
      }
      for (store, column) in stores where !accepts(rows, column, store) { store.appendMissing() }
      content.splits.append(chosen)
      content.places.append(TableContent.Place(file: content.files.count - 1, line: rows.line))
    }
  }

  /// True for a row, false for one at fault, nil after the last.
  private func nextRow(_ rows: any TableRows) -> Bool? {
    do throws(FileFault) {
      return try rows.next() ? true : nil
    } catch {
      faults.append(error)
      return error.kind == .content ? false : nil
    }
  }

  private func accepts(_ rows: any TableRows, _ column: Int, _ store: any TableColumn) -> Bool {
    faults.attempting { () throws(FileFault) in try store.append(rows, column) } != nil
  }

  // MARK: Splits

  private struct SplitColumn {
    let column: Int
    let words: [(split: Split, words: WordSet)]

    func split(_ rows: any TableRows) -> Split? {
      guard let text = rows.text(column) else { return nil }
      return words.first { $0.words.contains(text) }?.split
    }
  }

  private func splitWords(_ positions: [String: Int]) -> SplitColumn? {
    guard case .file(_, .column(let column, let words)) = specification.source,
      let position = positions[column]
    else { return nil }
    return SplitColumn(
      column: position,
      words: words.sets)
  }

  private mutating func assign(_ ratio: SplitRatio) {
    content.splits = ratio.assignment(of: content.splits.count)
  }
}

extension SplitRatio {
  /// The split of each of `count` examples: as many of each as its share says, rounded, the rest for training.
  func assignment(of count: Int) -> [Split?] {
    var source = RandomSource(seed: seed, for: .split)
    var splits = [Split?](repeating: .training, count: count)
    var order = source.order(of: count)[...]
    for split in [Split.validation, .test] {
      let wanted = Int(((shares[split] ?? 0) * Double(count)).rounded())
      for position in order.prefix(wanted) { splits[position] = split }
      order = order.dropFirst(wanted)
    }
    return splits
  }
}

extension TableSpecification.InputKind {
  fileprivate func store(missing: WordSet) -> any TableColumn {
    switch self {
    case .number(_, let rule): NumberColumn(missing: missing, refusesMissing: rule == .refuse)
    case .category(let rule): WordColumn(missing: missing, refusesMissing: rule == .refuse)
    }
  }
}

extension TableSpecification.TaskKind {
  /// An empty column for the task's labels.
  func store(missing: WordSet) -> any TableColumn {
    switch self {
    case .regression: NumberColumn(missing: missing, refusesMissing: false)
    case .binary(let positive, let negative):
      TruthColumn(missing: missing, positive: WordSet(positive), negative: negative.map(WordSet.init))
    case .classes: WordColumn(missing: missing, refusesMissing: false)
    }
  }
}
