import TruceRun

/// The legend below a grid of maps: boxes of colors with their names, in rows, and the scale of numbers.
struct ColorKeys {
  private let rows: [[MapLegend.Entry]]
  private let scale: MapLegend.Scale?

  private static let (line, box, gap) = (20.0, 12.0, 30.0)

  /// Arranges a legend in a width.
  init(_ legend: MapLegend, width: Double) {
    scale = legend.scale
    var rows: [[MapLegend.Entry]] = []
    var room = 0.0
    for entry in legend.entries {
      let needed = Self.width(of: entry)
      if room < needed {
        rows.append([])
        room = width
      }
      rows[rows.count - 1].append(entry)
      room -= needed
    }
    self.rows = rows
  }

  private static func width(of entry: MapLegend.Entry) -> Double { Drawing.width(of: entry.name) + gap }

  /// The height in a drawing.
  var height: Double { Self.line * Double(rows.count + (scale == nil ? 0 : 1)) + 8 }

  /// Draws the legend from its upper left corner.
  func draw(x: Double, y: Double, in drawing: inout Drawing) {
    var middle = y + Self.line / 2
    if let scale {
      draw(scale, x: x, middle: middle, in: &drawing)
      middle += Self.line
    }
    for row in rows {
      var left = x
      for entry in row {
        draw(entry.color, x: left, middle: middle, in: &drawing)
        drawing.text(entry.name, x: left + Self.box + 5, y: middle)
        left += Self.width(of: entry)
      }
      middle += Self.line
    }
  }

  /// A color in capitals: the page replaces the ink and the paper of drawings, which are written in small letters.
  private static func kept(_ color: String) -> String { color.uppercased() }

  /// A box with a rim, so that it is seen on any paper.
  private func draw(_ color: String, x: Double, middle: Double, in drawing: inout Drawing) {
    let side = Self.box
    drawing.box(x - 1, middle - side / 2 - 1, width: side + 2, height: side + 2, color: "#8a9099")
    drawing.box(x, middle - side / 2, width: side, height: side, color: Self.kept(color))
  }

  /// The numbers at the ends of a scale, to three digits of the larger one.
  static func ends(of scale: MapLegend.Scale) -> (low: String, high: String) {
    let decimals = max(0, NumberText.decimals(for: [scale.low, scale.high]) - 1)
    return (
      NumberText.fixed(scale.low, decimals: decimals), NumberText.fixed(scale.high, decimals: decimals)
    )
  }

  private func draw(_ scale: MapLegend.Scale, x: Double, middle: Double, in drawing: inout Drawing) {
    var left = x
    let ends = Self.ends(of: scale)
    for text in ["\(scale.quantity):", ends.low] {
      drawing.text(text, x: left, y: middle)
      left += Drawing.width(of: text) + 8
    }
    let width = Self.box * Double(scale.colors.count)
    drawing.box(left - 1, middle - Self.box / 2 - 1, width: width + 2, height: Self.box + 2, color: "#8a9099")
    for (place, color) in scale.colors.enumerated() {
      drawing.box(
        left + Self.box * Double(place), middle - Self.box / 2, width: Self.box, height: Self.box,
        color: Self.kept(color))
    }
    drawing.text(ends.high, x: left + width + 8, y: middle)
  }
}
