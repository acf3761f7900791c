/// Many curves in small panels of equal axes, where one panel would be a tangle.
public struct MultiplesChart: Chart {
  /// A panel: some curves under a title.
  public struct Panel: Sendable, Equatable {
    /// The title.
    public var title: String
    /// The curves.
    public var series: [LineChart.Series]

    /// Creates a panel.
    public init(_ title: String, series: [LineChart.Series]) {
      self.title = title
      self.series = series
    }
  }

  /// The horizontal axis of every panel.
  public var xAxis: Axis
  /// The vertical axis of every panel.
  public var yAxis: Axis
  /// The panels, row by row.
  public var panels: [Panel]
  /// What a curve's color and stroke stand for, beside the panels' titles.
  public var legend: [LegendEntry]
  /// What the band is; for the data's columns.
  public var bandMeaning = "band"
  /// Horizontal lines of reference with their names.
  public var levels: [(name: String, value: Double)] = []

  private static let columns = 3

  /// Creates a chart.
  public init(xAxis: Axis, yAxis: Axis, panels: [Panel], legend: [LegendEntry] = []) {
    self.xAxis = xAxis
    self.yAxis = yAxis
    self.panels = panels
    self.legend = legend
  }

  private var rows: Int { (panels.count + Self.columns - 1) / Self.columns }

  private var entries: [LegendEntry] {
    legend + levels.map { LegendEntry($0.name, style: .reference) }
  }

  /// One row for each point of each curve.
  public var data: DataFile {
    var chart = LineChart(xAxis: xAxis, yAxis: yAxis, series: panels.flatMap(\.series))
    chart.bandMeaning = bandMeaning
    return chart.data
  }
}

// MARK: Interactive

extension MultiplesChart {
  /// The chart for Plotly: a pair of axes for each panel, all of the same range.
  public var plot: PlotlyPlot? {
    var traces: [JSONValue] = []
    var layout: [String: JSONValue] = [
      "hovermode": "closest", "margin": ["l": 64, "r": 12, "t": 34, "b": 48],
    ]
    for (index, panel) in panels.enumerated() {
      let chart = LineChart(xAxis: xAxis, yAxis: yAxis, series: panel.series)
      let suffix = index == 0 ? "" : "\(index + 1)"
      let axes: [String: JSONValue] = ["xaxis": .string("x\(suffix)"), "yaxis": .string("y\(suffix)")]
      traces += (chart.plot?.traces ?? []).map { $0.merging(axes) }
      layout["xaxis\(suffix)"] = axis(xAxis, of: index, letter: "x", other: "y\(suffix)")
      layout["yaxis\(suffix)"] = axis(yAxis, of: index, letter: "y", other: "x\(suffix)")
    }
    layout["annotations"] = .array(panels.indices.map(title) + [verticalTitle])
    layout["shapes"] = .array(panels.indices.flatMap(shapes))
    return PlotlyPlot(
      traces: traces, layout: layout, legend: entries, height: 80 + 190 * rows, minimumWidth: 620)
  }

  /// The place of a panel as shares of the drawing, from the left and from below.
  private func place(of index: Int) -> (x: ClosedRange<Double>, y: ClosedRange<Double>) {
    let (column, row) = (Double(index % Self.columns), Double(index / Self.columns))
    let (width, height) = (1 / Double(Self.columns), 1 / Double(rows))
    let top = 1 - row * height
    return (
      column * width + 0.02...(column + 1) * width - 0.02, top - height + 0.14 * height...top - 0.08 * height
    )
  }

  private func axis(_ axis: Axis, of index: Int, letter: String, other: String) -> JSONValue {
    let place = place(of: index)
    let domain = letter == "x" ? place.x : place.y
    let isShown = letter == "x" ? index + Self.columns >= panels.count : index % Self.columns == 0
    var own: [String: JSONValue] = [
      "domain": .numbers([domain.lowerBound, domain.upperBound]), "anchor": .string(other),
      "showticklabels": .bool(isShown),
    ]
    if !isShown || letter == "y" { own["title"] = ["text": ""] }
    if index > 0 { own["matches"] = .string(letter) }
    return axis.layout.merging(own)
  }

  private func title(of index: Int) -> JSONValue {
    let place = place(of: index)
    return [
      "xref": "paper", "yref": "paper", "x": .number(place.x.lowerBound), "xanchor": "left",
      "y": .number(place.y.upperBound), "yanchor": "bottom", "showarrow": false,
      "text": .string(PlotlyText.escaped(panels[index].title)), "font": ["size": 12, "color": "@text"],
    ]
  }

  /// The title of the vertical axes, once for all panels.
  private var verticalTitle: JSONValue {
    [
      "xref": "paper", "yref": "paper", "x": 0, "xanchor": "right", "xshift": -44, "y": 0.5,
      "yanchor": "middle",
      "textangle": -90, "showarrow": false, "text": .string(PlotlyText.escaped(yAxis.title)),
    ]
  }

  private func shapes(of index: Int) -> [JSONValue] {
    let suffix = index == 0 ? "" : "\(index + 1)"
    return levels.map { level in
      [
        "type": "line", "xref": .string("x\(suffix) domain"), "yref": .string("y\(suffix)"), "x0": 0, "x1": 1,
        "y0": .number(level.value), "y1": .number(level.value),
        "line": ["color": .string(SeriesStyle.reference.color), "dash": "dot", "width": 1.5],
      ]
    }
  }
}

// MARK: Static

extension MultiplesChart {
  private static let size = (width: 240.0, height: 150.0)

  /// The chart as an SVG document.
  public var svg: Markup {
    let width = 64 + Self.size.width * Double(Self.columns)
    let bottom = 40 + Self.size.height * Double(rows)
    let legendRows = Drawing.rows(of: entries, width: width - 80)
    var drawing = Drawing(
      width: width, height: bottom + 12 + Double(legendRows.count) * Drawing.legendRowHeight)
    let all = panels.flatMap(\.series)
    let values = all.flatMap { $0.y + ($0.band?.low ?? []) + ($0.band?.high ?? []) } + levels.map(\.value)
    for (index, panel) in panels.enumerated() {
      let left = 60 + Double(index % Self.columns) * Self.size.width
      let top = 24 + Double(index / Self.columns) * Self.size.height
      let x = Scale(
        all.flatMap(\.x), from: left, to: left + Self.size.width - 16, isLogarithmic: xAxis.isLogarithmic)
      let y = Scale(
        values, from: top + Self.size.height - 44, to: top, isLogarithmic: yAxis.isLogarithmic)
      draw(panel, index, x, y, in: &drawing)
    }
    drawing.text(xAxis.title, x: width / 2, y: bottom - 8, anchor: .middle)
    drawing.text(yAxis.title, x: 14, y: bottom / 2, anchor: .middle, rotation: -90)
    drawing.legend(legendRows, x: 60, y: bottom + 4)
    return drawing.document
  }

  private func draw(_ panel: Panel, _ index: Int, _ x: Scale, _ y: Scale, in drawing: inout Drawing) {
    drawing.text(panel.title, x: x.start, y: y.end - 10, isBold: true)
    let ticks = (x: xAxis.ticks ?? x.ticks, y: yAxis.ticks ?? y.ticks)
    for (tick, label) in zip(ticks.y, Scale.labels(of: ticks.y)) {
      guard let position = y.position(tick) else { continue }
      drawing.line(x.start, position, x.end, position, color: "#e6e6e6")
      guard index % Self.columns == 0 else { continue }
      drawing.text(label, x: x.start - 6, y: position, anchor: .end, size: 10)
    }
    for (tick, label) in zip(ticks.x, Scale.labels(of: ticks.x)) {
      guard let position = x.position(tick), index + Self.columns >= panels.count else { continue }
      drawing.text(label, x: position, y: y.start + 10, anchor: .middle, size: 10)
    }
    drawing.line(x.start, y.start, x.end, y.start)
    for level in levels {
      guard let position = y.position(level.value) else { continue }
      drawing.path([(x.start, position), (x.end, position)], style: .reference, width: 1)
    }
    for series in panel.series { draw(series, x, y, in: &drawing) }
  }

  private func draw(_ series: LineChart.Series, _ x: Scale, _ y: Scale, in drawing: inout Drawing) {
    func points(_ values: [Double]) -> [(x: Double, y: Double)] {
      zip(series.x, values).compactMap { pair in
        guard let px = x.position(pair.0), let py = y.position(pair.1) else { return nil }
        return (px, py)
      }
    }
    if let band = series.band {
      drawing.area(points(band.high) + points(band.low).reversed(), color: series.style.color, opacity: 0.15)
    }
    drawing.path(points(series.y), style: series.style, width: 1.8)
  }
}
