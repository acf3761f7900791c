/// The few elements of Scalable Vector Graphics that a figure needs, as text.
enum SVG {
  typealias Point = SIMD2<Double>

  static func document(width: Double, height: Double, _ body: [String]) -> String {
    let size = "width=\"\(number(width))\" height=\"\(number(height))\""
    let box = "viewBox=\"0 0 \(number(width)) \(number(height))\""
    let font = "font-family=\"Helvetica, Arial, sans-serif\" font-size=\"12\" fill=\"#1a1a1a\""
    let head = "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) \(box) \(font)>"
    let paper = "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>"
    return ([head, paper] + body + ["</svg>", ""]).joined(separator: "\n")
  }

  static func path(_ lines: [[Point]], closed: Bool, _ attributes: String) -> String {
    let texts = lines.map { "M" + $0.map(pair).joined(separator: "L") + (closed ? "Z" : "") }
    return "<path d=\"\(texts.joined())\" \(attributes)/>"
  }

  static func circle(_ centre: Point, radius: Double, _ attributes: String) -> String {
    "<circle cx=\"\(number(centre.x))\" cy=\"\(number(centre.y))\" r=\"\(number(radius))\" \(attributes)/>"
  }

  static func star(_ centre: Point, radius: Double, _ attributes: String) -> String {
    // Unit directions of a five-pointed star's corners, outer and inner in turn, from the top.
    let outer: [Point] = [[0, -1], [0.951, -0.309], [0.588, 0.809], [-0.588, 0.809], [-0.951, -0.309]]
    let inner: [Point] = [[0.235, -0.324], [0.38, 0.124], [0, 0.4], [-0.38, 0.124], [-0.235, -0.324]]
    let corners = zip(outer, inner).flatMap { [$0, $1] }.map { centre + $0 * radius }
    return path([corners], closed: true, attributes)
  }

  static func text(_ text: String, at place: Point, _ attributes: String = "") -> String {
    "<text x=\"\(number(place.x))\" y=\"\(number(place.y))\" \(attributes)>\(escaped(text))</text>"
  }

  static func group(_ body: [String], _ attributes: String) -> String {
    (["<g \(attributes)>"] + body + ["</g>"]).joined(separator: "\n")
  }

  /// A number with at most one decimal: a tenth of a pixel is finer than any screen.
  static func number(_ value: Double) -> String {
    // Beyond a billion pixels nothing is seen, and Int ends somewhere.
    let tenths = Int((min(max(value.isNaN ? 0 : value, -1e9), 1e9) * 10).rounded())
    let whole = tenths / 10
    let rest = abs(tenths % 10)
    let sign = tenths < 0 && whole == 0 ? "-" : ""
    return rest == 0 ? "\(whole)" : "\(sign)\(whole).\(rest)"
  }

  private static func pair(_ point: Point) -> String { "\(number(point.x)) \(number(point.y))" }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
