/// The heights of a surface over a plane, with paths across it.
public struct ContourChart: Chart {
  /// A path.
  public struct Path: Sendable, Equatable {
    /// The name in the legend; paths of one name share a color.
    public var name: String
    /// The horizontal positions.
    public var x: [Double]
    /// The vertical positions.
    public var y: [Double]

    /// Creates a path.
    public init(_ name: String, x: [Double], y: [Double]) {
      precondition(x.count == y.count, "a vertical position for each horizontal one")
      self.name = name
      self.x = x
      self.y = y
    }
  }

  /// The horizontal axis.
  public var xAxis: Axis
  /// The vertical axis.
  public var yAxis: Axis
  /// The horizontal positions of the heights.
  public var x: [Double]
  /// The vertical positions of the heights.
  public var y: [Double]
  /// The heights, a row for each vertical position.
  public var heights: [[Double]]
  /// The paths.
  public var paths: [Path]
  /// Places to mark with a star, such as the optimum.
  public var marks: [(name: String, x: Double, y: Double)]

  /// Creates a chart.
  public init(
    xAxis: Axis, yAxis: Axis, x: [Double], y: [Double], heights: [[Double]], paths: [Path],
    marks: [(name: String, x: Double, y: Double)] = []
  ) {
    precondition(
      heights.count == y.count && heights.allSatisfy { $0.count == x.count }, "a height for each place")
    self.xAxis = xAxis
    self.yAxis = yAxis
    self.x = x
    self.y = y
    self.heights = heights
    self.paths = paths
    self.marks = marks
  }

  /// The names of the paths, each once.
  private var names: [String] {
    var seen: Set<String> = []
    return paths.map(\.name).filter { seen.insert($0).inserted }
  }

  private func style(of path: Path) -> SeriesStyle {
    SeriesStyle(method: path.name)
  }
}

// MARK: Interactive

extension ContourChart {
  /// The chart for Plotly.
  public var plot: PlotlyPlot? {
    let surface: JSONValue = [
      "type": "contour", "x": .numbers(x), "y": .numbers(y), "z": .array(heights.map { .numbers($0) }),
      "colorscale": [[0, "@pale:#2f7ed8"], [1, "@background"]], "ncontours": 22, "showscale": false,
      "line": ["width": 0.6, "color": "@grid"], "hoverinfo": "skip",
    ]
    let traces = [surface] + paths.map(trace) + [marksTrace]
    return PlotlyPlot(
      traces: traces,
      layout: [
        "xaxis": xAxis.layout.merging(["range": Self.ends(of: x)]),
        "yaxis": yAxis.layout.merging(["range": Self.ends(of: y)]), "hovermode": "closest",
      ],
      legend: names.map { name in
        LegendEntry(
          name, style: SeriesStyle(method: name),
          traces: paths.indices.filter { paths[$0].name == name }.map { $0 + 1 })
      }, height: 520)
  }

  /// The map's own ends, so that a path that leaves it is cut there.
  private static func ends(of places: [Double]) -> JSONValue {
    .numbers([places.min(), places.max()].compactMap(\.self))
  }

  private func trace(of path: Path) -> JSONValue {
    let color = JSONValue.string(style(of: path).color)
    let sizes = path.x.indices.map { $0 == 0 || $0 == path.x.count - 1 ? 9.0 : 0 }
    return [
      "type": "scatter", "mode": "lines+markers", "name": .string(PlotlyText.escaped(path.name)),
      "x": .numbers(path.x), "y": .numbers(path.y), "line": ["color": color, "width": 2.5],
      "marker": [
        "color": color, "size": .numbers(sizes),
        "symbol": .strings(path.x.indices.map { $0 == 0 ? "circle-open" : "square" }),
      ],
      "hovertemplate": .string("\(PlotlyText.escaped(path.name))<br>%{x:.3f}, %{y:.3f}<extra></extra>"),
    ]
  }

  private var marksTrace: JSONValue {
    [
      "type": "scatter", "mode": "markers", "x": .numbers(marks.map(\.x)), "y": .numbers(marks.map(\.y)),
      "text": .strings(marks.map { PlotlyText.escaped($0.name) }),
      "marker": ["symbol": "star", "size": 14, "color": "@text"],
      "hovertemplate": "%{text}<extra></extra>",
    ]
  }
}

// MARK: Static

extension ContourChart {
  /// The chart as an SVG document: shades instead of contour lines.
  public var svg: Markup {
    let legend = names.map { LegendEntry($0, style: SeriesStyle(method: $0)) }
    var area = PlotArea(xs: x, ys: y, xAxis: xAxis, yAxis: yAxis, legend: legend)
    drawSurface(in: &area)
    for path in paths {
      for piece in visiblePieces(of: path) {
        let points = area.points(piece.map { path.x[$0] }, piece.map { path.y[$0] })
        area.drawing.path(points, style: style(of: path), width: 2)
        guard let first = points.first, let last = points.last else { continue }
        if piece.first == 0 { area.drawing.dot(first.x, first.y, radius: 4, color: "#1a1a1a") }
        guard piece.last == path.x.count - 1 else { continue }
        area.drawing.box(last.x - 4, last.y - 4, width: 8, height: 8, color: style(of: path).color)
      }
    }
    for mark in marks {
      guard let place = area.points([mark.x], [mark.y]).first else { continue }
      area.drawing.text("★", x: place.x, y: place.y, anchor: .middle, size: 18)
    }
    return area.drawing.document
  }

  /// The stretches of a path within the map, as positions of its points.
  private func visiblePieces(of path: Path) -> [[Int]] {
    guard let left = x.min(), let right = x.max(), let low = y.min(), let high = y.max() else { return [] }
    let pieces = path.x.indices.split { index in
      !(left...right).contains(path.x[index]) || !(low...high).contains(path.y[index])
    }
    return pieces.map(Array.init)
  }

  private func drawSurface(in area: inout PlotArea) {
    let finite = heights.joined().filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max(), high > low, x.count > 1, y.count > 1 else {
      return
    }
    let width = ((area.x.position(x[1]) ?? 0) - (area.x.position(x[0]) ?? 0)).magnitude
    let height = ((area.y.position(y[1]) ?? 0) - (area.y.position(y[0]) ?? 0)).magnitude
    for (i, row) in heights.enumerated() {
      for (j, value) in row.enumerated() where value.isFinite {
        guard let centre = area.points([x[j]], [y[i]]).first else { continue }
        // Sixteen shades keep the file small and the steps visible as contours.
        let share = ((value - low) / (high - low) * 16).rounded() / 16
        let shade = { (dark: Double) in Int(dark + (255 - dark) * share) }
        area.drawing.box(
          centre.x - width / 2, centre.y - height / 2, width: width + 0.5, height: height + 0.5,
          color: "rgb(\(shade(150)),\(shade(190)),\(shade(235)))")
      }
    }
  }

  /// One row for each point of each path.
  public var data: DataFile {
    DataFile(
      columns: ["path", "number", "point", xAxis.title, yAxis.title],
      rows: paths.enumerated().flatMap { number, path in
        path.x.indices.map { index in
          [
            .text(path.name), .number(Double(number)), .number(Double(index)), .number(path.x[index]),
            .number(path.y[index]),
          ]
        }
      })
  }
}
