/// A table as a value: what it says, apart from how it is written.
///
/// The same table is written as HTML, Markdown, LaTeX and CSV. Columns with a direction mark their best
/// value bold and their second best underlined.
public struct Table: Sendable, Equatable {
  /// The name of its files and its place in the page, such as `best-configurations`.
  public var id: String
  /// The heading.
  public var title: String
  /// What the table shows and how to read it.
  public var caption: String
  /// The columns, of which the first names the rows.
  public var columns: [Column]
  /// The rows, each with a cell for each column.
  public var rows: [Row]
  /// Whether the page folds the table away until a reader asks for it.
  public var isLong: Bool

  /// Creates a table.
  public init(
    id: String, title: String, caption: String, columns: [Column], rows: [Row], isLong: Bool = false
  ) {
    precondition(rows.allSatisfy { $0.cells.count == columns.count }, "a cell for each column")
    self.id = id
    self.title = title
    self.caption = caption
    self.columns = columns
    self.rows = rows
    self.isLong = isLong
  }
}

extension Table {
  /// Which values of a column are good ones.
  public enum Direction: Sendable, Equatable {
    /// Larger values are better, ↑.
    case higherIsBetter
    /// Smaller values are better, ↓.
    case lowerIsBetter

    /// The direction of a metric.
    public init(higherIsBetter: Bool) {
      self = higherIsBetter ? .higherIsBetter : .lowerIsBetter
    }

    var arrow: String { self == .higherIsBetter ? "↑" : "↓" }
  }

  /// A column's heading and rules.
  public struct Column: Sendable, Equatable {
    /// The heading.
    public var title: String
    /// Which values are good ones; nil where the column is not ranked.
    public var direction: Direction?
    /// The columns that are ranked together share this name; nil to rank the column by itself.
    public var rankedWith: String?
    /// Decimals; nil to show four significant digits of the largest value.
    public var decimals: Int?
    /// Whether an explicit plus sign helps the reader.
    public var isSigned: Bool
    /// Whether numbers are written with as many digits as each needs, like learning rates.
    public var isPlain: Bool

    /// Creates a column.
    public init(
      _ title: String, _ direction: Direction? = nil, rankedWith: String? = nil, decimals: Int? = nil,
      isSigned: Bool = false, isPlain: Bool = false
    ) {
      self.title = title
      self.direction = direction
      self.rankedWith = rankedWith
      self.decimals = decimals
      self.isSigned = isSigned
      self.isPlain = isPlain
    }

    /// A column of learning rates.
    static let learningRate = Column("learning rate", isPlain: true)

    /// The heading with its arrow.
    var heading: String { direction.map { "\(title) \($0.arrow)" } ?? title }
  }

  /// A row's cells.
  public struct Row: Sendable, Equatable {
    /// One cell for each column.
    public var cells: [Cell]
    /// Whether the row is a reference, such as a baseline, that takes no part in the ranking.
    public var isReference: Bool

    /// Creates a row.
    public init(_ cells: [Cell], isReference: Bool = false) {
      self.cells = cells
      self.isReference = isReference
    }
  }

  /// What a cell holds.
  public enum Cell: Sendable, Equatable {
    /// Words.
    case text(String)
    /// A number, with its standard deviation and a remark where there are any.
    case number(Double, deviation: Double? = nil, remark: String? = nil)
    /// Nothing was measured.
    case missing

    /// The number; nil for words and gaps.
    var value: Double? {
      if case .number(let value, _, _) = self { value } else { nil }
    }
  }
}

extension Table {
  /// How the marks of the best values are explained at the end of a caption.
  static let explanationOfMarks =
    " Best in bold, second best underlined; equal printed values share a mark."

  /// The caption for a reader who sees no marks.
  public var plainCaption: String {
    caption.replacing(Self.explanationOfMarks, with: "")
      .replacing(Self.explanationOfMarks.dropFirst(), with: "")
  }

  /// The table as texts without marks: the headings, each with whether its column holds numbers, and the rows.
  public var grid: (headings: [(text: String, isNumeric: Bool)], rows: [[String]]) {
    (
      columns.indices.map { (columns[$0].heading, isNumeric($0)) },
      rows.map { row in columns.indices.map { column in text(of: row.cells[column], in: column) } }
    )
  }

  private func text(of cell: Cell, in column: Int) -> String {
    let parts = texts(of: cell, in: column)
    return parts.value + (parts.deviation.map { " ± \($0)" } ?? "") + (parts.remark.map { " (\($0))" } ?? "")
  }
}

extension Table.Cell: ExpressibleByStringInterpolation {
  /// Creates words.
  public init(stringLiteral value: String) { self = .text(value) }

  /// Whether the words are so many that they must wrap.
  var isLong: Bool {
    if case .text(let text) = self { text.count > 40 } else { false }
  }

  /// A number with its spread; missing where there is no value.
  static func optional(_ value: Double?, deviation: Double? = nil, remark: String? = nil) -> Self {
    value.map { .number($0, deviation: deviation, remark: remark) } ?? .missing
  }
}

// MARK: Ranking

/// How good a value is within its column.
enum Mark: Equatable {
  /// No other value is better.
  case best
  /// Only the best ones are better.
  case secondBest
}

extension Table {
  /// The marks by row and column.
  ///
  /// Values that print alike are equally good, so a table never ranks by digits it does not show. A column
  /// where all values print alike has no marks.
  func marks() -> [[Mark?]] {
    var marks = rows.map { _ in [Mark?](repeating: nil, count: columns.count) }
    for group in rankingGroups() {
      let printed = Set(group.cells.map(\.printed)).sorted(by: group.isBetter)
      guard printed.count > 1 else { continue }
      for cell in group.cells where cell.printed == printed[0] { marks[cell.row][cell.column] = .best }
      for cell in group.cells where cell.printed == printed[1] { marks[cell.row][cell.column] = .secondBest }
    }
    return marks
  }

  private struct RankingGroup {
    var cells: [(row: Int, column: Int, printed: Double)]
    let isBetter: (Double, Double) -> Bool
  }

  private func rankingGroups() -> [RankingGroup] {
    let ranked = columns.indices.filter { columns[$0].direction != nil }
    let names = Dictionary(grouping: ranked) { columns[$0].rankedWith ?? "column \($0)" }
    return names.values.map { members in
      let isHigherBetter = columns[members[0]].direction == .higherIsBetter
      let cells = members.flatMap { column in
        rows.indices.compactMap { row -> (row: Int, column: Int, printed: Double)? in
          guard !rows[row].isReference, let value = rows[row].cells[column].value, value.isFinite else {
            return nil
          }
          return (row, column, printed(value, in: column))
        }
      }
      return RankingGroup(cells: cells, isBetter: isHigherBetter ? { $0 > $1 } : { $0 < $1 })
    }
  }

  private func printed(_ value: Double, in column: Int) -> Double {
    let text = NumberText.fixed(value, decimals: decimals(of: column))
    return Double(text.replacing("−", with: "-")) ?? value
  }
}

// MARK: Text of cells

extension Table {
  /// The decimals with which a column's numbers are written.
  func decimals(of column: Int) -> Int {
    columns[column].decimals ?? NumberText.decimals(for: rows.compactMap { $0.cells[column].value })
  }

  /// A cell's parts as text: the value, its deviation with the same decimals, and the remark.
  func texts(of cell: Cell, in column: Int) -> (value: String, deviation: String?, remark: String?) {
    switch cell {
    case .text(let text): return (text, nil, nil)
    case .missing: return ("–", nil, nil)
    case .number(let value, let deviation, let remark):
      if columns[column].isPlain { return (NumberText.plain(value), nil, remark) }
      let decimals = decimals(of: column)
      let text =
        columns[column].isSigned
        ? NumberText.signed(value, decimals: decimals) : NumberText.fixed(value, decimals: decimals)
      return (text, deviation.map { NumberText.fixed($0, decimals: decimals) }, remark)
    }
  }
}
