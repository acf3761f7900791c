/// A matrix of values as colors around a middle.
public struct HeatMapChart: Chart {
  /// The columns' names.
  public var columns: [String]
  /// The rows' names, from the top.
  public var rows: [String]
  /// The values; not a number for a gap.
  public var values: [[Double]]
  /// What the values are.
  public var quantity: String
  /// The values at the two ends of the color scale; its middle is neutral.
  public var range: ClosedRange<Double>

  /// Creates a chart.
  public init(
    columns: [String], rows: [String], values: [[Double]], quantity: String, range: ClosedRange<Double>
  ) {
    self.columns = columns
    self.rows = rows
    self.values = values
    self.quantity = quantity
    self.range = range
  }

  /// Orange for the low end and blue for the high one, told apart by all readers.
  private static let ends = (low: (r: 200.0, g: 90.0, b: 20.0), high: (r: 30.0, g: 110.0, b: 200.0))
}

extension HeatMapChart {
  /// The chart for Plotly.
  public var plot: PlotlyPlot? {
    let texts = values.map { row in
      JSONValue.strings(row.map { $0.isFinite ? NumberText.fixed($0, decimals: 2) : "" })
    }
    let trace: JSONValue = [
      "type": "heatmap", "x": .strings(columns.map(PlotlyText.escaped)), "xgap": 2, "ygap": 2,
      "y": .strings(rows.map(PlotlyText.escaped)), "z": .array(values.map { .numbers($0) }),
      "text": .array(texts), "texttemplate": "%{text}", "textfont": ["color": "@text"],
      "zmin": .number(range.lowerBound), "zmax": .number(range.upperBound), "hoverongaps": false,
      "colorscale": [
        [0, .string(Self.text(Self.ends.low))], [0.5, "@background"],
        [1, .string(Self.text(Self.ends.high))],
      ],
      "colorbar": [
        "title": ["text": .string(PlotlyText.escaped(quantity)), "side": "right"], "thickness": 12,
      ],
      "hovertemplate": "%{y} – %{x}: %{z:.3f}<extra></extra>",
    ]
    let names: JSONValue = ["automargin": true, "type": "category", "showgrid": false]
    return PlotlyPlot(
      traces: [trace],
      layout: ["xaxis": names, "yaxis": names.merging(["autorange": "reversed"])],
      height: min(640, max(300, 150 + 44 * rows.count)))
  }

  private static func text(_ color: (r: Double, g: Double, b: Double)) -> String {
    "rgb(\(Int(color.r)),\(Int(color.g)),\(Int(color.b)))"
  }

  /// The color of a value on white paper.
  private func color(of value: Double) -> String {
    let middle = (range.lowerBound + range.upperBound) / 2
    let half = (range.upperBound - range.lowerBound) / 2
    let strength = max(-1, min(1, (value - middle) / half))
    let end = strength < 0 ? Self.ends.low : Self.ends.high
    let share = strength.magnitude
    return Self.text(
      (255 + (end.r - 255) * share, 255 + (end.g - 255) * share, 255 + (end.b - 255) * share))
  }

  /// The chart as an SVG document.
  public var svg: Markup {
    let names = (rows + columns).map { Drawing.width(of: $0) }.max() ?? 0
    let (left, top, size) = (names + 16, 24.0, max(52, min(110, names)))
    var drawing = Drawing(
      width: left + size * Double(columns.count) + 20, height: top + 40 * Double(rows.count) + 44)
    for (i, row) in rows.enumerated() {
      let y = top + 40 * Double(i)
      drawing.text(row, x: left - 8, y: y + 20, anchor: .end)
      for (j, value) in values[i].enumerated() where value.isFinite {
        let x = left + size * Double(j)
        drawing.box(x + 1, y + 1, width: size - 2, height: 38, color: color(of: value))
        drawing.text(NumberText.fixed(value, decimals: 2), x: x + size / 2, y: y + 20, anchor: .middle)
      }
    }
    for (j, column) in columns.enumerated() {
      drawing.text(column, x: left + size * (Double(j) + 0.5), y: top - 10, anchor: .middle)
    }
    drawing.text(quantity, x: left, y: top + 40 * Double(rows.count) + 22, size: 11, color: "#666666")
    return drawing.document
  }

  /// One row for each cell.
  public var data: DataFile {
    DataFile(
      columns: ["row", "column", quantity],
      rows: rows.indices.flatMap { i in
        columns.indices.map { j in
          [.text(rows[i]), .text(columns[j]), values[i][j].isFinite ? .number(values[i][j]) : .missing]
        }
      })
  }
}
