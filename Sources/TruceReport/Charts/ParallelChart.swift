/// Lines over parallel axes, one axis a quantity, up is better.
///
/// Ranges on the axes can be brushed; lines outside fade. Emphasised lines are saturated and drawn on top.
public struct ParallelChart: Chart {
  /// One axis.
  public struct Axis: Sendable, Equatable {
    /// The title.
    public var title: String
    /// The value at the bottom.
    public var bottom: Double
    /// The value at the top; smaller than ``bottom`` where less is better.
    public var top: Double

    /// Creates an axis.
    public init(_ title: String, bottom: Double, top: Double) {
      self.title = title
      self.bottom = bottom
      self.top = top
    }

    /// The title in two lines, parted near its middle.
    var lines: [String] {
      let words = title.split(separator: " ").map(String.init)
      guard words.count > 1 else { return [title] }
      let cuts = (1..<words.count).map { cut in
        [words[..<cut], words[cut...]].map { $0.joined(separator: " ") }
      }
      return cuts.min { ($0.map(\.count).max() ?? 0) < ($1.map(\.count).max() ?? 0) } ?? [title]
    }

    /// The values at the bottom and the top.
    var ends: String {
      let decimals = NumberText.decimals(for: [bottom, top])
      return [bottom, top].map { NumberText.fixed($0, decimals: decimals) }.joined(separator: " – ")
    }

    /// How far up a value lies, from 0 to 1.
    func height(of value: Double) -> Double {
      top == bottom ? 0.5 : (value - bottom) / (top - bottom)
    }
  }

  /// One line.
  public struct Line: Sendable, Equatable {
    /// What the line is.
    public var name: String
    /// The position of its group, which gives the color.
    public var group: Int
    /// A value for each axis.
    public var values: [Double]
    /// Whether it stands out.
    public var isEmphasised: Bool

    /// Creates a line.
    public init(_ name: String, group: Int, values: [Double], isEmphasised: Bool) {
      self.name = name
      self.group = group
      self.values = values
      self.isEmphasised = isEmphasised
    }
  }

  /// The axes from left to right.
  public var axes: [Axis]
  /// The groups' names.
  public var groups: [String]
  /// The groups' colors, by their positions in the palette unless told otherwise.
  public var styles: [SeriesStyle]
  /// The lines.
  public var lines: [Line]
  /// What sets emphasised lines apart.
  public var emphasis: String

  /// Creates a chart.
  public init(
    axes: [Axis], groups: [String], styles: [SeriesStyle]? = nil, lines: [Line], emphasis: String
  ) {
    self.axes = axes
    self.groups = groups
    self.styles = styles ?? groups.indices.map { SeriesStyle(color: $0) }
    self.lines = lines
    self.emphasis = emphasis
  }

  /// The lines in the order in which they are drawn: emphasised ones last.
  private var drawn: [Line] { lines.filter { !$0.isEmphasised } + lines.filter(\.isEmphasised) }
}

extension ParallelChart {
  /// The chart for Plotly: one trace whose colors are pale for ordinary and full for emphasised lines.
  public var plot: PlotlyPlot? {
    let levels = 2 * groups.count
    let colors = (0..<levels).map { level in
      let color = styles[level % groups.count].color
      return level < groups.count ? "@pale:\(color)" : color
    }
    let scale = colors.enumerated().flatMap { index, color -> [JSONValue] in
      [index, index + 1].map { .array([.number(Double($0) / Double(levels)), .string(color)]) }
    }
    let trace: JSONValue = [
      "type": "parcoords", "dimensions": .array(axes.indices.map(dimension)),
      "line": [
        "color": .numbers(drawn.map { Double($0.group + ($0.isEmphasised ? groups.count : 0)) }),
        "colorscale": .array(scale), "cmin": -0.5, "cmax": .number(Double(levels) - 0.5),
        "showscale": false,
      ],
      "unselected": ["line": ["color": "@grid", "opacity": 0.25]], "labelside": "top",
      "labelfont": ["color": "@text", "size": 12],
      // The ends of an axis stand in its label: numbers beside the axis would be crossed by the lines.
      "tickfont": ["color": "rgba(0,0,0,0)", "size": 11],
      "rangefont": ["color": "rgba(0,0,0,0)", "size": 11],
    ]
    return PlotlyPlot(
      traces: [trace], layout: ["margin": ["l": 72, "r": 72, "t": 92, "b": 28]],
      legend: zip(groups, styles).map { LegendEntry($0, style: $1) }, height: 460,
      minimumWidth: max(340, 130 * axes.count))
  }

  private func dimension(_ index: Int) -> JSONValue {
    let axis = axes[index]
    // A line along the end of an axis would be cut in half.
    let margin = 0.04 * (axis.top - axis.bottom)
    return [
      "label": .string((axis.lines + [axis.ends]).map(PlotlyText.escaped).joined(separator: "<br>")),
      "range": .numbers([axis.bottom - margin, axis.top + margin]),
      "values": .numbers(drawn.map { $0.values[index] }),
    ]
  }

  /// The chart as an SVG document.
  public var svg: Markup {
    let (width, top, bottom) = (max(680.0, 150 * Double(axes.count)), 58.0, 374.0)
    let legend = zip(groups, styles).map { LegendEntry($0, style: $1) }
    let rows = Drawing.rows(of: legend, width: width - 80)
    var drawing = Drawing(
      width: width, height: bottom + 36 + Double(rows.count) * Drawing.legendRowHeight)
    func x(_ index: Int) -> Double {
      axes.count == 1 ? width / 2 : 70 + Double(index) * (width - 140) / Double(axes.count - 1)
    }
    for line in drawn {
      let points = axes.indices.map { index in
        (x: x(index), y: bottom - axes[index].height(of: line.values[index]) * (bottom - top))
      }
      drawing.path(
        points, style: styles[line.group], width: line.isEmphasised ? 1.8 : 1,
        opacity: line.isEmphasised ? 1 : 0.3)
    }
    for (index, axis) in axes.enumerated() {
      draw(axis, at: x(index), top: top, bottom: bottom, in: &drawing)
    }
    drawing.legend(rows, x: 40, y: bottom + 28)
    return drawing.document
  }

  private func draw(_ axis: Axis, at x: Double, top: Double, bottom: Double, in drawing: inout Drawing) {
    drawing.line(x, top, x, bottom)
    for (row, line) in axis.lines.enumerated() {
      drawing.text(line, x: x, y: top - 42 + 14 * Double(row), anchor: .middle, isBold: true)
    }
    let decimals = NumberText.decimals(for: [axis.bottom, axis.top])
    drawing.text(
      NumberText.fixed(axis.top, decimals: decimals), x: x, y: top - 10, anchor: .middle, size: 11)
    drawing.text(
      NumberText.fixed(axis.bottom, decimals: decimals), x: x, y: bottom + 12, anchor: .middle, size: 11)
  }

  /// One row for each line.
  public var data: DataFile {
    DataFile(
      columns: ["name", "group"] + axes.map(\.title) + [emphasis],
      rows: lines.map { line in
        [.text(line.name), .text(groups[line.group])] + line.values.map { .number($0) }
          + [.text(line.isEmphasised ? "yes" : "no")]
      })
  }
}
