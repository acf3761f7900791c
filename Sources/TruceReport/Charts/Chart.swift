/// A drawing of data in its three forms: interactive, static and as rows.
public protocol Chart: Sendable {
  /// The interactive drawing; nil where only the static one exists.
  var plot: PlotlyPlot? { get }
  /// The drawing as an SVG document for papers and print.
  var svg: Markup { get }
  /// The data that the drawing shows.
  var data: DataFile { get }
  /// The drawing in words, for whoever does not see it; nil where its title says enough.
  var summary: String? { get }
}

extension Chart {
  /// Nothing beyond the title.
  public var summary: String? { nil }
}

/// What Plotly.js draws, with the page's own legend.
///
/// Colors that depend on light and dark are written as `@text`, `@background`, `@grid` or `@pale:#rrggbb`; the
/// page's script replaces them.
public struct PlotlyPlot: Sendable, Equatable {
  /// The traces.
  public var traces: [JSONValue]
  /// What differs from the page's usual layout.
  public var layout: [String: JSONValue]
  /// The entries of the legend.
  public var legend: [LegendEntry]
  /// The height in pixels.
  public var height: Int
  /// The width in pixels below which the figure scrolls sideways instead of shrinking.
  public var minimumWidth: Int?

  /// Creates a plot.
  public init(
    traces: [JSONValue], layout: [String: JSONValue], legend: [LegendEntry] = [], height: Int = 420,
    minimumWidth: Int? = nil
  ) {
    self.traces = traces
    self.layout = layout
    self.legend = legend
    self.height = height
    self.minimumWidth = minimumWidth
  }

  var json: JSONValue {
    [
      "traces": .array(traces), "layout": .object(layout), "legend": .array(legend.map(\.json)),
      "height": .number(Double(height)), "minimumWidth": minimumWidth.map { .number(Double($0)) } ?? .null,
    ]
  }
}

/// A name in the legend; a click on it hides its traces.
public struct LegendEntry: Sendable, Equatable {
  /// The name.
  public var name: String
  /// How it is drawn.
  public var style: SeriesStyle
  /// The traces' positions; empty where the entry only explains a color.
  public var traces: [Int]
  /// The marker that stands for the entry; nil for a piece of a line.
  public var symbol: MarkerSymbol?

  /// Creates an entry.
  public init(_ name: String, style: SeriesStyle, traces: [Int] = [], symbol: MarkerSymbol? = nil) {
    self.name = name
    self.style = style
    self.traces = traces
    self.symbol = symbol
  }

  fileprivate var json: JSONValue {
    [
      "name": .string(name), "color": .string(style.color), "dash": .string(style.stroke.rawValue),
      "traces": .numbers(traces.map(Double.init)),
      "symbol": symbol.map { .string($0.rawValue) } ?? .null,
    ]
  }
}

/// An axis' title and kind.
public struct Axis: Sendable, Equatable {
  /// The title, with the unit.
  public var title: String
  /// Whether equal distances are equal ratios.
  public var isLogarithmic: Bool
  /// The values with ticks; nil for round values.
  public var ticks: [Double]?

  /// Creates an axis.
  public init(_ title: String, isLogarithmic: Bool = false, ticks: [Double]? = nil) {
    self.title = title
    self.isLogarithmic = isLogarithmic
    self.ticks = ticks
  }

  /// An axis of epochs, with a tick for each where they are few.
  static func epochs(upTo last: Double) -> Axis {
    Axis("epoch", ticks: last <= 12 ? Array(stride(from: 1, through: last, by: 1)) : nil)
  }

  /// The axis in Plotly's layout.
  var layout: JSONValue {
    let layout: JSONValue = [
      "title": ["text": .string(PlotlyText.escaped(title))], "type": isLogarithmic ? "log" : "linear",
    ]
    guard let ticks else { return layout }
    return layout.merging([
      "tickvals": .numbers(ticks), "ticktext": .strings(ticks.map(NumberText.plain)),
    ])
  }
}

/// Text for Plotly, which reads a few HTML tags in titles, names and hover texts.
enum PlotlyText {
  /// The text with everything that Plotly would read as markup or as a template spelled out.
  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("%{", with: "%\u{200B}{").replacing("\n", with: " ")
  }
}
