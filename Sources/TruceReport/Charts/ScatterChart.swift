/// Points in a plane, in groups; emphasised ones stand out.
public struct ScatterChart: Chart {
  /// One point.
  public struct Point: Sendable, Equatable {
    /// What the point is.
    public var name: String
    /// The horizontal value.
    public var x: Double
    /// The vertical value.
    public var y: Double
    /// Whether it stands out.
    public var isEmphasised: Bool

    /// Creates a point.
    public init(_ name: String, x: Double, y: Double, isEmphasised: Bool) {
      self.name = name
      self.x = x
      self.y = y
      self.isEmphasised = isEmphasised
    }
  }

  /// Points of one color.
  public struct Group: Sendable, Equatable {
    /// The name in the legend.
    public var name: String
    /// The color.
    public var style: SeriesStyle
    /// The points.
    public var points: [Point]
    /// The points' shape.
    public var symbol: MarkerSymbol

    /// Creates a group.
    public init(_ name: String, style: SeriesStyle, points: [Point], symbol: MarkerSymbol = .circle) {
      self.name = name
      self.style = style
      self.points = points
      self.symbol = symbol
    }
  }

  /// The horizontal axis.
  public var xAxis: Axis
  /// The vertical axis.
  public var yAxis: Axis
  /// The groups.
  public var groups: [Group]
  /// What sets emphasised points apart, such as "Pareto optimal"; the data's column has this name.
  public var emphasis: String
  /// A place of reference, such as the single-task baseline.
  public var reference: Point?

  /// Creates a chart.
  public init(xAxis: Axis, yAxis: Axis, groups: [Group], emphasis: String, reference: Point? = nil) {
    self.xAxis = xAxis
    self.yAxis = yAxis
    self.groups = groups
    self.emphasis = emphasis
    self.reference = reference
  }
}

extension ScatterChart {
  /// The chart for Plotly, one trace for each group.
  public var plot: PlotlyPlot? {
    let below = rings
    var traces = groups.indices.map { trace(of: groups[$0], below: below[$0]) }
    if let reference { traces.append(referenceTrace(reference)) }
    return PlotlyPlot(
      traces: traces,
      layout: ["xaxis": xAxis.layout, "yaxis": yAxis.layout, "hovermode": "closest"],
      legend: legend)
  }

  /// The groups, and the place of reference by its star: a text beside it would be crossed or cut off.
  private var legend: [LegendEntry] {
    groups.enumerated().map { LegendEntry($1.name, style: $1.style, traces: [$0], symbol: $1.symbol) }
      + (reference.map { [LegendEntry($0.name, style: .reference, symbol: .star)] } ?? [])
  }

  /// For each point of each group, how many later points lie on it.
  private var rings: [[Int]] {
    let points = groups.flatMap(\.points)
    var counts = coveringCounts(points.count) {
      points[$0].x == points[$1].x && points[$0].y == points[$1].y
    }[...]
    return groups.map { group in
      defer { counts = counts.dropFirst(group.points.count) }
      return Array(counts.prefix(group.points.count))
    }
  }

  private func trace(of group: Group, below: [Int]) -> JSONValue {
    let marker: JSONValue = [
      "color": .string(group.style.color), "symbol": .string(group.symbol.rawValue),
      "size": .numbers(zip(group.points, below).map { ($0.isEmphasised ? 12 : 7) + 6 * Double($1) }),
      "opacity": .numbers(group.points.map { $0.isEmphasised ? 1 : 0.65 }),
      "line": [
        "color": "@text", "width": .numbers(group.points.map { $0.isEmphasised ? 1.5 : 0 }),
      ],
    ]
    return [
      "type": "scatter", "mode": "markers",
      "name": .string(PlotlyText.escaped(group.name)), "x": .numbers(group.points.map(\.x)),
      "y": .numbers(group.points.map(\.y)), "marker": marker, "cliponaxis": false,
      "hovertext": .strings(group.points.map { hover($0) }), "hovertemplate": .string(hoverTemplate),
    ]
  }

  private func hover(_ point: Point) -> String {
    PlotlyText.escaped(point.name) + (point.isEmphasised ? "<br><b>\(PlotlyText.escaped(emphasis))</b>" : "")
  }

  private var hoverTemplate: String {
    "%{hovertext}<br>\(PlotlyText.escaped(xAxis.title)): %{x:.4~g}<br>"
      + "\(PlotlyText.escaped(yAxis.title)): %{y:.4~g}<extra></extra>"
  }

  private func referenceTrace(_ point: Point) -> JSONValue {
    [
      "type": "scatter", "mode": "markers", "x": [.number(point.x)], "y": [.number(point.y)],
      "hovertext": [.string(PlotlyText.escaped(point.name))], "hovertemplate": .string(hoverTemplate),
      "cliponaxis": false,
      "marker": ["symbol": "star", "size": 13, "color": .string(SeriesStyle.reference.color)],
    ]
  }

  /// The chart as an SVG document.
  public var svg: Markup {
    let all = groups.flatMap(\.points) + (reference.map { [$0] } ?? [])
    var area = PlotArea(
      xs: all.map(\.x), ys: all.map(\.y), xAxis: xAxis, yAxis: yAxis, legend: legend)
    let below = rings
    // Emphasised points are drawn last, on top.
    for isEmphasised in [false, true] {
      for (group, counts) in zip(groups, below) {
        for (point, count) in zip(group.points, counts) where point.isEmphasised == isEmphasised {
          draw(point, of: group, growth: 3 * Double(count), in: &area)
        }
      }
    }
    if let reference, let place = area.points([reference.x], [reference.y]).first {
      area.drawing.marker(.star, place.x, place.y, radius: 5.5, color: "#666666")
    }
    return area.drawing.document
  }

  private func draw(_ point: Point, of group: Group, growth: Double, in area: inout PlotArea) {
    guard let place = area.points([point.x], [point.y]).first else { return }
    if point.isEmphasised {
      area.drawing.marker(group.symbol, place.x, place.y, radius: 6.5 + growth, color: "#1a1a1a")
    }
    area.drawing.marker(
      group.symbol, place.x, place.y, radius: (point.isEmphasised ? 5 : 3.5) + growth,
      color: group.style.color,
      opacity: point.isEmphasised ? 1 : 0.65)
  }

  /// One row for each point.
  public var data: DataFile {
    DataFile(
      columns: ["group", "name", xAxis.title, yAxis.title, emphasis],
      rows: groups.flatMap { group in
        group.points.map {
          [
            .text(group.name), .text($0.name), .number($0.x), .number($0.y),
            .text($0.isEmphasised ? "yes" : "no"),
          ]
        }
      })
  }
}
