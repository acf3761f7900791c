/// An SVG document under construction: white paper, black ink, sizes in pixels.
struct Drawing {
  /// The width.
  let width: Double
  /// The height.
  let height: Double
  private var body: Markup = ""

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  /// The whole document.
  var document: Markup {
    """
    <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
    viewBox="0 0 \(width) \(height)" \
    font-family="Helvetica, Arial, sans-serif" font-size="12" fill="#1a1a1a">
    <rect width="\(width)" height="\(height)" fill="#ffffff"/>
    \(body)</svg>

    """
  }
}

extension Drawing {
  /// Where a text stands with respect to its point.
  enum Anchor: String {
    case start, middle, end
  }

  /// Adds a text; `y` is the middle of its letters.
  mutating func text(
    _ text: String, x: Double, y: Double, anchor: Anchor = .start, size: Double = 12, rotation: Double = 0,
    color: String = "#1a1a1a", isBold: Bool = false
  ) {
    let turned: Markup = rotation == 0 ? "" : " transform=\"rotate(\(rotation) \(x) \(y))\""
    let weight: Markup = isBold ? " font-weight=\"bold\"" : ""
    body += """
      <text x="\(x)" y="\(y)" dy="0.35em" text-anchor="\(anchor.rawValue)" font-size="\(size)" \
      fill="\(color)"\(weight)\(turned)>\(text)</text>

      """
  }

  /// Adds a straight line.
  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, color: String = "#1a1a1a", width: Double = 1
  ) {
    body += """
      <line x1="\(x1)" y1="\(y1)" x2="\(x2)" y2="\(y2)" stroke="\(color)" stroke-width="\(width)"/>

      """
  }

  /// Adds a line through points.
  mutating func path(
    _ points: [(x: Double, y: Double)], style: SeriesStyle, width: Double = 1.6, opacity: Double = 1
  ) {
    guard points.count > 1 else { return }
    let dashes = style.stroke.dashArray.map { dashes -> Markup in " stroke-dasharray=\"\(dashes)\"" } ?? ""
    body += """
      <polyline points="\(Self.list(points))" fill="none" stroke="\(style.color)" stroke-width="\(width)" \
      stroke-opacity="\(opacity)" stroke-linejoin="round"\(dashes)/>

      """
  }

  /// Adds a filled area.
  mutating func area(_ points: [(x: Double, y: Double)], color: String, opacity: Double) {
    guard points.count > 2 else { return }
    body += """
      <polygon points="\(Self.list(points))" fill="\(color)" fill-opacity="\(opacity)" stroke="none"/>

      """
  }

  private static func list(_ points: [(x: Double, y: Double)]) -> String {
    points.map { "\(NumberText.coordinate($0.x)),\(NumberText.coordinate($0.y))" }.joined(separator: " ")
  }

  /// Adds a dot.
  mutating func dot(_ x: Double, _ y: Double, radius: Double, color: String, opacity: Double = 1) {
    body += """
      <circle cx="\(x)" cy="\(y)" r="\(radius)" fill="\(color)" fill-opacity="\(opacity)"/>

      """
  }

  /// Adds a marker whose half size is `radius`.
  mutating func marker(
    _ symbol: MarkerSymbol, _ x: Double, _ y: Double, radius: Double, color: String, opacity: Double = 1
  ) {
    let r = radius
    switch symbol {
    case .circle: dot(x, y, radius: r, color: color, opacity: opacity)
    case .square:
      let corners = [(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)]
      area(corners.map { (x: $0.0, y: $0.1) }, color: color, opacity: opacity)
    case .diamond: area([(x, y - r), (x + r, y), (x, y + r), (x - r, y)], color: color, opacity: opacity)
    case .triangle: area([(x, y - r), (x + r, y + r), (x - r, y + r)], color: color, opacity: opacity)
    case .star: text("★", x: x, y: y, anchor: .middle, size: 3 * r, color: color)
    }
  }

  /// Adds a rectangle.
  mutating func box(_ x: Double, _ y: Double, width: Double, height: Double, color: String) {
    body += """
      <rect x="\(x)" y="\(y)" width="\(width)" height="\(height)" fill="\(color)"/>

      """
  }

  /// Adds a picture from a data URI.
  mutating func picture(_ source: String, x: Double, y: Double, width: Double, height: Double) {
    body += """
      <image x="\(x)" y="\(y)" width="\(width)" height="\(height)" href="\(source)" \
      style="image-rendering: pixelated"/>

      """
  }
}

// MARK: Legends

extension Drawing {
  /// The width that a text takes, about.
  static func width(of text: String, size: Double = 12) -> Double {
    Double(text.count) * size * 0.58
  }

  /// The rows of a legend that fit a width.
  static func rows(of legend: [LegendEntry], width: Double) -> [[LegendEntry]] {
    var rows: [[LegendEntry]] = []
    var room = 0.0
    for entry in legend {
      let needed = legendGap + Self.width(of: entry.name)
      if room < needed {
        rows.append([])
        room = width
      }
      rows[rows.count - 1].append(entry)
      room -= needed
    }
    return rows
  }

  /// The width of a legend's entry beside its name.
  private static let legendGap = 46.0

  /// The height of a legend's row.
  static let legendRowHeight = 18.0

  /// Adds a legend; entries stand in rows.
  mutating func legend(_ rows: [[LegendEntry]], x: Double, y: Double) {
    for (index, row) in rows.enumerated() {
      var left = x
      let middle = y + (Double(index) + 0.5) * Self.legendRowHeight
      for entry in row {
        if let symbol = entry.symbol {
          marker(symbol, left + 11, middle, radius: 5, color: entry.style.color)
        } else {
          path([(left, middle), (left + 22, middle)], style: entry.style, width: 2.4)
        }
        text(entry.name, x: left + 27, y: middle)
        left += Self.legendGap + Self.width(of: entry.name)
      }
    }
  }
}
