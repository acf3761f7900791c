/// Values of some things on a left and a right side, joined by lines.
public struct SlopeChart: Chart {
  /// One line.
  public struct Item: Sendable, Equatable {
    /// The name of the method.
    public var name: String
    /// The value on the left.
    public var left: Double
    /// The value on the right.
    public var right: Double

    /// Creates a line.
    public init(_ name: String, left: Double, right: Double) {
      self.name = name
      self.left = left
      self.right = right
    }
  }

  /// The sides' names.
  public var sides: (left: String, right: String)
  /// The vertical axis.
  public var axis: Axis
  /// The lines.
  public var items: [Item]

  /// Creates a chart.
  public init(left: String, right: String, axis: Axis, items: [Item]) {
    sides = (left, right)
    self.axis = axis
    self.items = items
  }
}

extension SlopeChart {
  /// The lines' widths: one that later ones lie on is drawn wider, so that all of them are seen.
  private var widths: [Double] {
    let values = items.flatMap { [$0.left, $0.right] }.filter(\.isFinite)
    let range = (values.max() ?? 0) - (values.min() ?? 0)
    let below = coveringCounts(items.count) { a, b in
      (items[a].left - items[b].left).magnitude <= 0.004 * range
        && (items[a].right - items[b].right).magnitude <= 0.004 * range
    }
    return below.map { 2.5 + 4 * Double($0) }
  }

  /// The chart for Plotly, one trace for each line.
  public var plot: PlotlyPlot? {
    let traces = zip(items, widths).map { item, width -> JSONValue in
      let color = SeriesStyle(method: item.name).color
      let name = PlotlyText.escaped(item.name)
      return [
        "type": "scatter", "mode": "lines+markers", "name": .string(name), "x": [0, 1],
        "y": .numbers([item.left, item.right]), "line": ["color": .string(color), "width": .number(width)],
        "marker": ["size": 9, "color": .string(color)],
        "hovertemplate": .string("\(name)<br>\(PlotlyText.escaped(axis.title)): %{y:.2f}<extra></extra>"),
      ]
    }
    let xAxis: JSONValue = [
      "range": [-0.2, 1.2], "tickvals": [0, 1], "fixedrange": true, "zeroline": false,
      "ticktext": .strings([sides.left, sides.right].map(PlotlyText.escaped)),
    ]
    return PlotlyPlot(
      traces: traces, layout: ["xaxis": xAxis, "yaxis": axis.layout, "hovermode": "closest"],
      legend: items.enumerated().map {
        LegendEntry($1.name, style: SeriesStyle(method: $1.name), traces: [$0])
      })
  }

  /// The chart as an SVG document, with the names beside the lines' right ends.
  public var svg: Markup {
    let legend = items.map { LegendEntry($0.name, style: SeriesStyle(method: $0.name)) }
    var area = PlotArea(
      xs: [-0.2, 1.2], ys: items.flatMap { [$0.left, $0.right] }, xAxis: Axis("", ticks: []),
      yAxis: axis, legend: legend)
    for (position, name) in [(0.0, sides.left), (1.0, sides.right)] {
      guard let x = area.x.position(position) else { continue }
      area.drawing.line(x, area.y.start, x, area.y.end, color: "#bbbbbb")
      area.drawing.text(name, x: x, y: area.y.start + 16, anchor: .middle, isBold: true)
    }
    for (item, width) in zip(items, widths) {
      let style = SeriesStyle(method: item.name)
      let points = area.points([0, 1], [item.left, item.right])
      area.drawing.path(points, style: style, width: 0.8 * width)
      for point in points { area.drawing.dot(point.x, point.y, radius: 4, color: style.color) }
    }
    return area.drawing.document
  }

  /// One row for each line.
  public var data: DataFile {
    DataFile(
      columns: ["name", sides.left, sides.right],
      rows: items.map { [.text($0.name), .number($0.left), .number($0.right)] })
  }
}
