import Foundation
public import TruceRun

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
  /// How the pictures' colors are to be read, where that needs saying.
  public var legend: MapLegend?
  /// The longest side of a picture in a drawing.
  public var longestSide: Double

  /// Creates a grid.
  public init(columns: [String], rows: [Row], legend: MapLegend? = nil, longestSide: Double = 96) {
    self.columns = columns
    self.rows = rows
    self.legend = legend
    self.longestSide = longestSide
  }

  /// Whether a picture is one that can neither run a script nor call for another file.
  static func isSafe(_ picture: String) -> Bool {
    ["png", "jpeg", "gif"].contains { picture.hasPrefix("data:image/\($0);base64,") }
  }
}

extension ImageGridChart {
  /// Nothing: the pictures have no interactive form.
  public var plot: PlotlyPlot? { nil }

  /// What stands in the rows, and what the colors mean.
  public var summary: String? {
    let titles = rows.map(\.title).joined(separator: ", ")
    let content = "\(Words.count(columns.count, "column")), and from the top \(titles)"
    let names = (legend?.entries ?? []).map(\.name)
    let colors = names.isEmpty ? nil : "colors for \(Words.list(names))"
    let scale = (legend?.scale).map { scale in
      let ends = ColorKeys.ends(of: scale)
      return "\(scale.quantity) from \(ends.low) to \(ends.high)"
    }
    return [content, colors, scale].compactMap { $0 }.joined(separator: "; ")
  }

  /// The grid as an SVG document.
  public var svg: Markup {
    let left = (rows.map { Drawing.width(of: $0.title) }.max() ?? 0) + 16
    let cell = cellSize
    let width = max(left + (cell.width + 8) * Double(columns.count) + 8, legend == nil ? 0 : 360)
    let keys = legend.map { ColorKeys($0, width: width - left - 8) }
    let height = 34 + rows.reduce(0) { $0 + self.height(of: $1) }
    var drawing = Drawing(width: width, height: height + (keys?.height ?? 0))
    for (j, column) in columns.enumerated() {
      let middle = left + (cell.width + 8) * Double(j) + cell.width / 2
      drawing.text(column, x: middle, y: 16, anchor: .middle, isBold: true)
    }
    var top = 30.0
    for row in rows {
      draw(row, top: top, left: left, in: &drawing)
      top += self.height(of: row)
    }
    keys?.draw(x: left, y: top, in: &drawing)
    return drawing.document
  }

  private func height(of row: Row) -> Double { row.pictures.isEmpty ? 24 : cellSize.height + 8 }

  /// The place of a picture, in the shape of the first one whose size can be read.
  private var cellSize: (width: Double, height: Double) {
    let size = rows.lazy.flatMap(\.pictures).compactMap { $0.flatMap(Self.size(ofPNG:)) }.first ?? (1, 1)
    let scale = longestSide / max(size.width, size.height)
    return (size.width * scale, size.height * scale)
  }

  /// The width and height in the header of a PNG file, given as a data URI.
  static func size(ofPNG picture: String) -> (width: Double, height: Double)? {
    let prefix = "data:image/png;base64,"
    // The header's two numbers are bytes 16 to 23, and four letters are three bytes.
    guard picture.hasPrefix(prefix),
      let header = Data(base64Encoded: String(picture.dropFirst(prefix.count).prefix(32))), header.count == 24
    else { return nil }
    let numbers = [16, 20].map { start in
      header[start..<(start + 4)].reduce(0.0) { 256 * $0 + Double($1) }
    }
    return numbers.contains(0) ? nil : (numbers[0], numbers[1])
  }

  private func draw(_ row: Row, top: Double, left: Double, in drawing: inout Drawing) {
    let cell = cellSize
    let middle = top + (height(of: row) - 8) / 2
    drawing.text(row.title, x: left - 10, y: middle, anchor: .end)
    for (j, picture) in row.pictures.enumerated() {
      guard let picture, Self.isSafe(picture) else { continue }
      drawing.picture(
        picture, x: left + (cell.width + 8) * Double(j), y: top, width: cell.width, height: cell.height)
    }
    for (j, word) in row.words.enumerated() {
      guard let word else { continue }
      drawing.text(
        word.isWrong ? "\(word.text) ✗" : word.text, x: left + (cell.width + 8) * Double(j) + cell.width / 2,
        y: middle, anchor: .middle, color: word.isWrong ? "#c0392b" : "#1a1a1a", isBold: word.isWrong)
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
