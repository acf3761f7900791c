import TruceFiles

/// One column of a table in memory, as an input or a task understands it.
protocol TableColumn: AnyObject {
  /// Takes over a field of the row at hand.
  func append(_ rows: any TableRows, _ column: Int) throws(FileFault)
  /// Takes over nothing, in the place of a field that was at fault.
  func appendMissing()
  /// Whether a row has a value.
  func hasValue(_ row: Int) -> Bool
  /// A column with these rows in this order, a missing one for nil.
  func reordered(_ rows: [Int?]) -> any TableColumn
  /// The numbers of the rows, NaN for one that is missing; none in a column of words.
  var numbers: [Double] { get }
  /// The positions of the rows' words among ``words``, negative for one that is missing; none in one of numbers.
  var codes: [Int32] { get }
  /// The words, by the order in which they were met.
  var words: [String] { get }
}

extension TableColumn {
  var numbers: [Double] { [] }
  var codes: [Int32] { [] }
  var words: [String] { [] }
}

/// Numbers; one that is not a number is missing.
final class NumberColumn: TableColumn {
  fileprivate(set) var numbers: [Double] = []
  private let missing: WordSet
  private let refusesMissing: Bool

  init(missing: WordSet, refusesMissing: Bool) {
    self.missing = missing
    self.refusesMissing = refusesMissing
  }

  func append(_ rows: any TableRows, _ column: Int) throws(FileFault) {
    if let number = rows.number(column), !missing.contains(number) {
      numbers.append(number)
      return
    }
    let text = rows.text(column)
    guard let text, missing.contains(text) else {
      throw rows.fault(
        at: column, text.map { "'\($0)' is not a number" } ?? "not UTF-8 text",
        help: "correct the field, or list its text under `missing`")
    }
    if refusesMissing { throw rows.missingFault(column) }
    appendMissing()
  }

  func appendMissing() { numbers.append(.nan) }
  func hasValue(_ row: Int) -> Bool { !numbers[row].isNaN }

  func reordered(_ rows: [Int?]) -> any TableColumn {
    let column = NumberColumn(missing: missing, refusesMissing: refusesMissing)
    column.numbers = rows.map { $0.map { numbers[$0] } ?? .nan }
    return column
  }
}

/// Words, by the order in which they were met.
final class WordColumn: TableColumn {
  /// What stands for a missing word.
  static let none: Int32 = -1

  private(set) var codes: [Int32] = []
  private(set) var words: [String] = []
  private var positions: [String: Int32] = [:]
  private let missing: WordSet
  private let refusesMissing: Bool

  init(missing: WordSet, refusesMissing: Bool) {
    self.missing = missing
    self.refusesMissing = refusesMissing
  }

  func append(_ rows: any TableRows, _ column: Int) throws(FileFault) {
    let text = try rows.requiredText(column)
    if let known = positions[text] {
      codes.append(known)
    } else if missing.contains(text) {
      if refusesMissing { throw rows.missingFault(column) }
      appendMissing()
    } else {
      let code = Int32(words.count)
      positions[text] = code
      words.append(text)
      codes.append(code)
    }
  }

  func appendMissing() { codes.append(Self.none) }
  func hasValue(_ row: Int) -> Bool { codes[row] >= 0 }

  func reordered(_ rows: [Int?]) -> any TableColumn {
    let column = WordColumn(missing: missing, refusesMissing: refusesMissing)
    (column.words, column.positions) = (words, positions)
    column.codes = rows.map { $0.map { codes[$0] } ?? Self.none }
    return column
  }
}

/// Yes as 1 and no as 0; one that is not a number is missing.
final class TruthColumn: TableColumn {
  private(set) var numbers: [Double] = []
  private let missing, positive: WordSet
  private let negative: WordSet?

  init(missing: WordSet, positive: WordSet, negative: WordSet?) {
    self.missing = missing
    self.positive = positive
    self.negative = negative
  }

  func append(_ rows: any TableRows, _ column: Int) throws(FileFault) {
    let text = try rows.requiredText(column)
    if positive.contains(text) {
      numbers.append(1)
    } else if missing.contains(text) {
      appendMissing()
    } else if negative?.contains(text) ?? true {
      numbers.append(0)
    } else {
      let known = (positive.words + (negative?.words ?? [])).prefix(8).joined(separator: ", ")
      throw rows.fault(
        at: column, "'\(text)' is neither yes nor no (\(known))",
        help: "list the words that mean yes under `positive`, and those that mean no under `negative`")
    }
  }

  func appendMissing() { numbers.append(.nan) }
  func hasValue(_ row: Int) -> Bool { !numbers[row].isNaN }

  func reordered(_ rows: [Int?]) -> any TableColumn {
    let column = TruthColumn(missing: missing, positive: positive, negative: negative)
    column.numbers = rows.map { $0.map { numbers[$0] } ?? .nan }
    return column
  }
}

/// 1 where a field's list of words holds one, 0 where it does not.
final class ListedColumn: TableColumn {
  private(set) var numbers: [Double] = []
  private let word, separator: String
  private let missing: WordSet

  init(_ word: String, separator: String, missing: WordSet) {
    self.word = word
    self.separator = separator
    self.missing = missing
  }

  func append(_ rows: any TableRows, _ column: Int) throws(FileFault) {
    let text = try rows.requiredText(column)
    if missing.contains(text) {
      appendMissing()
    } else {
      numbers.append(text.split(separator: separator).contains { $0 == word } ? 1 : 0)
    }
  }

  func appendMissing() { numbers.append(.nan) }
  func hasValue(_ row: Int) -> Bool { !numbers[row].isNaN }

  func reordered(_ rows: [Int?]) -> any TableColumn {
    let column = ListedColumn(word, separator: separator, missing: missing)
    column.numbers = rows.map { $0.map { numbers[$0] } ?? .nan }
    return column
  }
}

extension TableRows {
  fileprivate func missingFault(_ column: Int) -> FileFault {
    fault(
      at: column, "the field is missing",
      help: "fill it, leave the row out, or say under `missing` of this input what stands in its place")
  }
}
