/// Pictures in rows and columns, such as inputs, labels and predictions.
public struct ImageGridChart: Chart {
  /// A row of pictures.
  public struct Row: Sendable, Equatable {
    /// The row's name.
    public var title: String
    /// The pictures as data URIs of type PNG, JPEG or GIF; nil for a gap.
    public var pictures: [String?]
    /// The words in place of pictures.
    public var words: [Word?]

    /// Creates a row of pictures.
    public init(_ title: String, pictures: [String?]) {
      self.title = title
      self.pictures = pictures
      words = []
    }

    /// Creates a row of words.
    public init(_ title: String, words: [Word?]) {
      self.title = title
      self.words = words
      pictures = []
    }

    /// The height of the row in a drawing.
    fileprivate var height: Double { pictures.isEmpty ? 24 : ImageGridChart.size + 8 }
  }

  /// What is said about a picture.
  public struct Word: Sendable, Equatable {
    /// The word.
    public var text: String
    /// Whether it is wrong.
    public var isWrong: Bool

    /// Creates a word.
    public init(_ text: String, isWrong: Bool = false) {
      self.text = text
      self.isWrong = isWrong
    }
  }

  /// The columns' names.
  public var columns: [String]
  /// The rows.
  public var rows: [Row]

  /// Creates a grid.
  public init(columns: [String], rows: [Row]) {
    self.columns = columns
    self.rows = rows
  }

  /// The side of a picture in a drawing.
  private static let size = 96.0

  /// Whether a picture is one that can neither run a script nor call for another file.
  static func isSafe(_ picture: String) -> Bool {
    ["png", "jpeg", "gif"].contains { picture.hasPrefix("data:image/\($0);base64,") }
  }
}

extension ImageGridChart {
  /// Nothing: the pictures have no interactive form.
  public var plot: PlotlyPlot? { nil }

  /// The grid as an SVG document.
  public var svg: Markup {
    let left = (rows.map { Drawing.width(of: $0.title) }.max() ?? 0) + 16
    let step = Self.size + 8
    var drawing = Drawing(
      width: left + step * Double(columns.count) + 8, height: 34 + rows.reduce(0) { $0 + $1.height })
    for (j, column) in columns.enumerated() {
      drawing.text(column, x: left + step * Double(j) + Self.size / 2, y: 16, anchor: .middle, isBold: true)
    }
    var top = 30.0
    for row in rows {
      draw(row, top: top, left: left, in: &drawing)
      top += row.height
    }
    return drawing.document
  }

  private func draw(_ row: Row, top: Double, left: Double, in drawing: inout Drawing) {
    let step = Self.size + 8
    let middle = top + (row.height - 8) / 2
    drawing.text(row.title, x: left - 10, y: middle, anchor: .end)
    for (j, picture) in row.pictures.enumerated() {
      guard let picture, Self.isSafe(picture) else { continue }
      drawing.picture(picture, x: left + step * Double(j), y: top, size: Self.size)
    }
    for (j, word) in row.words.enumerated() {
      guard let word else { continue }
      drawing.text(
        word.isWrong ? "\(word.text) ✗" : word.text, x: left + step * Double(j) + Self.size / 2, y: middle,
        anchor: .middle, color: word.isWrong ? "#c0392b" : "#1a1a1a", isBold: word.isWrong)
    }
  }

  /// One row for each picture or word.
  public var data: DataFile {
    DataFile(
      columns: ["row", "column", "picture", "word", "wrong"],
      rows: rows.flatMap { row in
        columns.indices.map { j in
          let picture = row.pictures.indices.contains(j) ? row.pictures[j] : nil
          let word = row.words.indices.contains(j) ? row.words[j] : nil
          return [
            .text(row.title), .text(columns[j]), picture.map { .text($0) } ?? .missing,
            word.map { .text($0.text) } ?? .missing,
            word.map { .text($0.isWrong ? "yes" : "no") } ?? .missing,
          ]
        }
      })
  }
}
