import Foundation
import Testing

@testable import TruceReport

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("Charts")
struct ChartTests {
  static let hostile = "<script>alert(1)</script>\"&'"

  static let charts: [(name: String, chart: any Chart)] = [
    (
      "line",
      LineChart(
        xAxis: Axis("learning rate", isLogarithmic: true, ticks: [0.001, 0.1]), yAxis: Axis(hostile),
        series: [
          .init(hostile, style: SeriesStyle(color: 0), x: [0.001, 0.01, 0.1], y: [1, 2, .nan]),
          .init("b", style: SeriesStyle(color: 11, stroke: 1), x: [0.01], y: [1], band: ([0.5], [1.5])),
          .init("none", style: .reference, x: [], y: []),
        ])
    ),
    (
      "scatter",
      ScatterChart(
        xAxis: Axis("a"), yAxis: Axis("b"),
        groups: [
          .init(
            hostile, style: SeriesStyle(color: 1), points: [.init(hostile, x: 1, y: 1, isEmphasised: true)])
        ],
        emphasis: "best", reference: .init(hostile, x: 0, y: 0, isEmphasised: false))
    ),
    (
      "parallel",
      ParallelChart(
        axes: [.init(hostile, bottom: 0, top: 1), .init("error", bottom: 3, top: 3)], groups: [hostile, "b"],
        lines: [
          .init(hostile, group: 0, values: [0.5, 3], isEmphasised: true),
          .init("b", group: 1, values: [0, 3], isEmphasised: false),
        ], emphasis: "best")
    ),
    (
      "slope",
      SlopeChart(left: hostile, right: "SGD", axis: Axis("Δm"), items: [.init(hostile, left: 1, right: 2)])
    ),
    (
      "heat map",
      HeatMapChart(
        columns: [hostile, "b"], rows: [hostile, "b"], values: [[.nan, -0.5], [-0.5, .nan]],
        quantity: hostile,
        range: -1...1)
    ),
    (
      "contour",
      ContourChart(
        xAxis: Axis("x"), yAxis: Axis("y"), x: [0, 1], y: [0, 1], heights: [[0, 1], [2, .nan]],
        paths: [.init(hostile, x: [0, 1], y: [1, 0]), .init("empty", x: [], y: [])],
        marks: [(hostile, 0.5, 0.5)])
    ),
    (
      "images",
      ImageGridChart(
        columns: [hostile],
        rows: [.init(hostile, pictures: ["data:image/svg+xml;base64,AAAA"]), .init("b", pictures: [nil])])
    ),
  ]

  @Test(arguments: charts.indices)
  func drawingsAreWellFormedAndForeignTextStaysText(index: Int) {
    let (name, chart) = Self.charts[index]
    let document = Elements()
    let parser = XMLParser(data: Data(chart.svg.text.utf8))
    parser.delegate = document
    #expect(parser.parse(), "\(name): \(String(describing: parser.parserError))")
    #expect(document.names.contains("svg") && !document.names.contains("script"))
    #expect(!chart.svg.text.contains("NaN") && !chart.svg.text.contains("nan\""), "\(name)")
  }

  @Test(arguments: charts.indices)
  func plotsHoldNoTags(index: Int) throws {
    guard let plot = Self.charts[index].chart.plot else { return }
    #expect(!plot.traces.isEmpty)
    // The page's own legend takes plain text; Plotly reads tags, so everything it gets is escaped.
    let text = JSONValue.array(plot.traces + [.object(plot.layout)]).text()
    #expect(!text.contains("<script"), "\(Self.charts[index].name)")
  }

  @Test(arguments: charts.indices)
  func dataHaveARowForEachValue(index: Int) {
    let data = Self.charts[index].chart.data
    #expect(!data.rows.isEmpty && data.rows.allSatisfy { $0.count == data.columns.count })
  }

  @Test func picturesThatCouldRunAreLeftOut() {
    let safe = "data:image/png;base64,AAAA"
    let grid = ImageGridChart(
      columns: ["a", "b", "c"],
      rows: [.init("r", pictures: [safe, "https://example.org/x.png", "data:text/html;base64,AAAA"])])
    #expect(grid.svg.text.contains(safe))
    #expect(!grid.svg.text.contains("https://example") && !grid.svg.text.contains("text/html"))
  }

  @Test func emphasisedLinesAreDrawnLastInFullColor() throws {
    let plot = try #require(Self.charts[2].chart.plot)
    guard case .object(let trace) = plot.traces[0], case .object(let line)? = trace["line"] else {
      Issue.record("the trace has no line")
      return
    }
    // Group 1 pale, then group 0 emphasised: two groups give levels 0…3.
    #expect(line["color"] == [1, 2] && line["cmax"] == 3.5)
    #expect(trace["dimensions"] != nil)
  }

  @Test func ticksAreRound() {
    #expect(Scale.roundValues(in: 0...1).map { ($0 * 10).rounded() } == [0, 2, 4, 6, 8, 10])
    #expect(Scale.roundValues(in: 93...107) == [95, 100, 105])
    #expect(Scale([0.0001, 0.1], from: 0, to: 1, isLogarithmic: true).ticks.count == 4)
    #expect(Scale([5, 5], from: 0, to: 1).position(5) == 0.5)
    #expect(Scale([1, 2], from: 0, to: 1, isLogarithmic: true).position(-1) == nil)
    #expect(Scale([Double](), from: 0, to: 1).ticks.isEmpty == false)
    #expect(Scale.labels(of: [-0.5, 0, 0.0001]) == ["−0.5", "0", "0.0001"])
    #expect(Scale.labels(of: [100_000, 1e8]) == ["100000", "1e+08"])
  }

  private final class Elements: NSObject, XMLParserDelegate {
    var names: Set<String> = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      names.insert(name)
    }
  }
}
