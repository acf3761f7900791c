/// Curves over an axis, each with a band where its spread is known.
public struct LineChart: Chart {
  /// One curve.
  public struct Series: Sendable, Equatable {
    /// The name in the legend.
    public var name: String
    /// How it is drawn.
    public var style: SeriesStyle
    /// The positions, ascending.
    public var x: [Double]
    /// The values.
    public var y: [Double]
    /// The lower and upper edges of the band; nil for none.
    public var band: (low: [Double], high: [Double])?

    /// Creates a curve.
    public init(
      _ name: String, style: SeriesStyle, x: [Double], y: [Double],
      band: (low: [Double], high: [Double])? = nil
    ) {
      precondition(x.count == y.count, "a value for each position")
      self.name = name
      self.style = style
      self.x = x
      self.y = y
      self.band = band
    }

    /// Whether two curves are the same.
    public static func == (left: Self, right: Self) -> Bool {
      left.name == right.name && left.style == right.style && left.x == right.x && left.y == right.y
        && left.band?.low == right.band?.low && left.band?.high == right.band?.high
    }
  }

  /// The horizontal axis.
  public var xAxis: Axis
  /// The vertical axis.
  public var yAxis: Axis
  /// The curves.
  public var series: [Series]
  /// What the band is, such as "± one standard deviation over seeds"; for the data's columns.
  public var bandMeaning = "band"
  /// Horizontal lines of reference with their names.
  public var levels: [(name: String, value: Double)] = []

  /// Creates a chart.
  public init(xAxis: Axis, yAxis: Axis, series: [Series]) {
    self.xAxis = xAxis
    self.yAxis = yAxis
    self.series = series
  }
}

// MARK: Interactive

extension LineChart {
  /// The chart for Plotly: a line trace for each curve and a filled outline for each band.
  public var plot: PlotlyPlot? {
    var traces: [JSONValue] = []
    var legend: [LegendEntry] = []
    for (curve, width) in zip(series, widths) {
      let first = traces.count
      if let band = bandTrace(of: curve) { traces.append(band) }
      traces.append(lineTrace(of: curve, width: width))
      legend.append(
        LegendEntry(curve.name, style: curve.style, traces: Array(first..<traces.count)))
    }
    return PlotlyPlot(
      traces: traces,
      layout: [
        "xaxis": xAxis.layout, "yaxis": yAxis.layout, "shapes": .array(levels.map { levelShape($0.value) }),
        "hovermode": "closest",
      ], legend: legend + levelEntries)
  }

  /// The lines of reference by name: a text in the drawing would be crossed by curves.
  private var levelEntries: [LegendEntry] { levels.map { LegendEntry($0.name, style: .reference) } }

  /// The curves' widths: one that later ones lie on is drawn wider, so that all of them are seen.
  private var widths: [Double] {
    let finite = series.flatMap(\.y).filter(\.isFinite)
    let range = (finite.max() ?? 0) - (finite.min() ?? 0)
    let below = coveringCounts(series.count) { a, b in
      series[a].x == series[b].x && !series[a].x.isEmpty
        && zip(series[a].y, series[b].y).allSatisfy { ($0 - $1).magnitude <= 0.004 * range || $0 == $1 }
    }
    return below.map { 2 + 3.5 * Double($0) }
  }

  private func lineTrace(of curve: Series, width: Double) -> JSONValue {
    [
      "type": "scatter", "mode": "lines+markers", "name": .string(PlotlyText.escaped(curve.name)),
      "x": .numbers(curve.x), "y": .numbers(curve.y),
      "line": [
        "color": .string(curve.style.color), "dash": .string(curve.style.stroke.rawValue),
        "width": .number(width),
      ],
      "marker": ["size": curve.x.count > 40 ? 1 : 6, "color": .string(curve.style.color)],
      "hovertemplate": .string(
        "\(PlotlyText.escaped(curve.name))<br>\(PlotlyText.escaped(xAxis.title)): %{x}<br>"
          + "\(PlotlyText.escaped(yAxis.title)): %{y:.4~g}<extra></extra>"),
    ]
  }

  private func bandTrace(of curve: Series) -> JSONValue? {
    guard let band = curve.band, curve.x.count > 1 else { return nil }
    return [
      "type": "scatter", "mode": "lines", "x": .numbers(curve.x + curve.x.reversed()),
      "y": .numbers(band.high + band.low.reversed()), "fill": "toself", "hoverinfo": "skip",
      "fillcolor": .string(curve.style.color + "22"), "line": ["width": 0],
    ]
  }

  private func levelShape(_ value: Double) -> JSONValue {
    [
      "type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": .number(value), "y1": .number(value),
      "line": ["color": .string(SeriesStyle.reference.color), "dash": "dot", "width": 1.5],
    ]
  }
}

// MARK: Static

extension LineChart {
  /// The chart as an SVG document.
  public var svg: Markup {
    let values = series.flatMap { $0.y + ($0.band?.low ?? []) + ($0.band?.high ?? []) } + levels.map(\.value)
    let legend = series.map { LegendEntry($0.name, style: $0.style) } + levelEntries
    var area = PlotArea(
      xs: series.flatMap(\.x), ys: values, xAxis: xAxis, yAxis: yAxis, legend: legend)
    for level in levels { draw(level, in: &area) }
    for curve in series {
      guard let band = curve.band else { continue }
      let outline = area.points(curve.x, band.high) + area.points(curve.x, band.low).reversed()
      area.drawing.area(outline, color: curve.style.color, opacity: 0.15)
    }
    for (curve, width) in zip(series, widths) {
      let points = area.points(curve.x, curve.y)
      area.drawing.path(points, style: curve.style, width: 0.8 * width)
      guard points.count <= 40 else { continue }
      for point in points { area.drawing.dot(point.x, point.y, radius: 2.6, color: curve.style.color) }
    }
    return area.drawing.document
  }

  private func draw(_ level: (name: String, value: Double), in area: inout PlotArea) {
    guard let y = area.y.position(level.value) else { return }
    area.drawing.path([(area.x.start, y), (area.x.end, y)], style: .reference, width: 1.2)
  }
}

// MARK: Data

extension LineChart {
  /// One row for each point of each curve.
  public var data: DataFile {
    DataFile(
      columns: ["series", xAxis.title, yAxis.title, "\(bandMeaning) low", "\(bandMeaning) high"],
      rows: series.flatMap { curve in
        curve.x.indices.map { index in
          [
            .text(curve.name), .number(curve.x[index]), .number(curve.y[index]),
            .optional(curve.band?.low[index]), .optional(curve.band?.high[index]),
          ]
        }
      })
  }
}
