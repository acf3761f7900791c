import Foundation

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

  /// Creates the style of a method: its color is the same in every figure of every study and of the documentation.
  ///
  /// The methods that most studies compare have chosen colors; any other one has a color made from its name.
  ///
  /// - Parameters:
  ///   - method: The method's name in tables, with what sets it apart, such as `CAGrad c=0.4`.
  ///   - stroke: A position among the strokes.
  public init(method: String, stroke: Int = 0) {
    self.init(color: 0, stroke: stroke)
    color = Self.methods[method] ?? Self.color(madeFrom: method)
  }

  /// The colors of the methods that most studies compare.
  private static let methods = [
    "EW": "#2f7ed8", "CAGrad": "#e8710a", "PCGrad": "#16a085", "MGDA": "#c0392b", "Nash-MTL": "#8e5bd0",
    "UW": "#b8860b", "Aligned-MTL": "#d6488f", "RLW": "#4c9a2a", "IMTL": "#0e9bb5", "IMTL-G": "#14708a",
    "FAMO": "#8d6e63",
    "GradDrop": "#5c6f7f", "DWA": "#3f51b5", "GradVac": "#7b1fa2",
  ]

  /// A color of middle lightness whose hue, saturation and lightness are drawn from a name.
  private static func color(madeFrom name: String) -> String {
    // FNV-1a: the same on every machine and in every version.
    let hash = name.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    let hue = Double(hash % 360)
    // Yellow and green look lighter than they are.
    let lightness = [0.4, 0.48, 0.56][Int(hash / 360 % 3)] - ((40...160).contains(hue) ? 0.1 : 0)
    let chroma = (1 - (2 * lightness - 1).magnitude) * [0.45, 0.7][Int(hash / 1080 % 2)]
    let channels = [0.0, 8, 4].map { offset in
      let k = (offset + hue / 30).truncatingRemainder(dividingBy: 12)
      return lightness - chroma / 2 * max(-1, min(k - 3, 9 - k, 1))
    }
    return "#" + channels.map { String(format: "%02x", Int(($0 * 255).rounded())) }.joined()
  }

  /// A neutral style for references.
  public static let reference: SeriesStyle = {
    var style = SeriesStyle(color: 0, stroke: 2)
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

/// The shape of a point; the raw value is Plotly's name.
public enum MarkerSymbol: String, Sendable, CaseIterable {
  /// A disc.
  case circle
  /// A square.
  case square
  /// A square on its corner.
  case diamond
  /// A triangle.
  case triangle = "triangle-up"
  /// A star, for references.
  case star

  /// The symbol at a position among those for series, which wrap around.
  init(position: Int) {
    let ordinary = Self.allCases.filter { $0 != .star }
    self = ordinary[position % ordinary.count]
  }
}

/// How often each of some things is followed by one that lies on it, so that the ones below can be drawn larger.
///
/// - Parameters:
///   - count: The number of things, in the order in which they are drawn.
///   - coincide: Whether two of them lie on each other.
func coveringCounts(_ count: Int, where coincide: (Int, Int) -> Bool) -> [Int] {
  (0..<count).map { index in ((index + 1)..<max(count, index + 1)).count { coincide(index, $0) } }
}
