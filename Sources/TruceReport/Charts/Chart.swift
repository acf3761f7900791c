/// A drawing of data in its three forms: interactive, static and as rows.
public protocol Chart: Sendable {
  /// The interactive drawing; nil where only the static one exists.
  var plot: PlotlyPlot? { get }
  /// The drawing as an SVG document for papers and print.
  var svg: Markup { get }
  /// The data that the drawing shows.
  var data: DataFile { get }
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

  /// Creates an entry.
  public init(_ name: String, style: SeriesStyle, traces: [Int] = []) {
    self.name = name
    self.style = style
    self.traces = traces
  }

  fileprivate var json: JSONValue {
    [
      "name": .string(name), "color": .string(style.color), "dash": .string(style.stroke.rawValue),
      "traces": .numbers(traces.map(Double.init)),
    ]
  }
}

/// A color and a stroke.
public struct SeriesStyle: Sendable, Equatable {
  /// How a line is broken; the raw value is Plotly's name.
  public enum Stroke: String, Sendable, CaseIterable {
    /// A full line.
    case solid
    /// Dashes.
    case dash
    /// Dots.
    case dot
    /// Dashes and dots.
    case dashDot = "dashdot"

    /// The lengths of strokes and gaps in SVG.
    var dashArray: String? {
      switch self {
      case .solid: nil
      case .dash: "7 4"
      case .dot: "2 3"
      case .dashDot: "7 3 2 3"
      }
    }
  }

  /// The color, `#rrggbb`.
  public var color: String
  /// The stroke.
  public var stroke: Stroke

  /// Creates a style from positions in the palette and among the strokes; both wrap around.
  public init(color: Int, stroke: Int = 0) {
    self.color = Self.palette[color % Self.palette.count]
    self.stroke = Stroke.allCases[stroke % Stroke.allCases.count]
  }

  /// A neutral style for references.
  public static let reference: SeriesStyle = {
    var style = SeriesStyle(color: 0, stroke: 1)
    style.color = "#7a8088"
    return style
  }()

  /// Ten colors of middle lightness, legible on white and on near-black; neighbours also differ for readers
  /// with red-green blindness.
  static let palette = [
    "#2f7ed8", "#e8710a", "#16a085", "#c0392b", "#8e5bd0", "#b8860b", "#d6488f", "#4c9a2a", "#0e9bb5",
    "#8d6e63",
  ]
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
