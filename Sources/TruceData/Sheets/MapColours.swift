public import Foundation
public import Torch
public import TruceRun

/// What the pixels of a map hold, and thereby how a map is shown.
public enum MapKind: Equatable, Sendable {
  /// A class for each pixel, by number in the order of these names; below 0 for none.
  case classes([String])
  /// A number for each pixel, of what is named with its unit, such as "depth in metres"; not a number for none.
  case numbers(String)
  /// A vector of length 1 for each pixel; (0, 0, 0) for none.
  case directions

  /// A depth for each pixel, or its inverse.
  public static func depth(isInverse: Bool) -> MapKind {
    .numbers(isInverse ? "inverse depth" : "depth in metres")
  }
}

extension DenseMap.Content {
  /// How such a map is shown.
  public var kind: MapKind {
    switch self {
    case .classes(let names): .classes(names)
    case .depth(let isInverse): .depth(isInverse: isInverse)
    case .normals: .directions
    }
  }
}

/// The colours of maps of one kind.
///
/// Classes have hues a golden angle apart, so that neighbours in number differ most. Numbers run from white at the lower
/// end of the range to dark blue at the upper one; directions show x, y and z as red, green and blue by (n + 1) / 2.
/// Where nothing is known a pixel is black, which stands for nothing else.
public struct MapColours: Sendable {
  /// What the pixels hold.
  public let kind: MapKind
  /// The numbers at the ends of the scale; others have the colour of the nearer end.
  public let range: ClosedRange<Float>

  /// Chooses colours.
  public init(_ kind: MapKind, range: ClosedRange<Float> = 0...1) {
    self.kind = kind
    self.range = range
  }

  /// The smallest range that holds all numbers but those that are not finite; nil where there are none.
  public static func range(of numbers: some Sequence<Float>) -> ClosedRange<Float>? {
    let known = numbers.filter(\.isFinite)
    guard let low = known.min(), let high = known.max() else { return nil }
    return low...high
  }

  /// Where nothing is known.
  static let none: Canvas.Colour = (0, 0, 0)
}

// MARK: Colours

extension MapColours {
  /// The colour of each pixel of a map [height, width] or [channels, height, width], given as its numbers in order; nil
  /// where nothing is known.
  func colours(of numbers: [Float]) -> (_ pixel: Int) -> Canvas.Colour? {
    switch kind {
    case .classes: { Self.colour(ofClass: numbers[$0]) }
    case .numbers: { colour(ofNumber: numbers[$0]) }
    case .directions:
      { [area = numbers.count / 3] pixel in
        Self.colour(ofDirection: (numbers[pixel], numbers[area + pixel], numbers[2 * area + pixel]))
      }
    }
  }

  static func colour(ofClass label: Float) -> Canvas.Colour? {
    guard label.isFinite, label >= 0 else { return nil }
    let hue = Double(label) * 2.399963
    let light = label.truncatingRemainder(dividingBy: 2) == 0 ? 0.62 : 0.42
    let channel = { (turn: Double) in byte(Float(light + 0.36 * cos(hue + turn))) }
    return (channel(0), channel(2.094), channel(4.189))
  }

  func colour(ofNumber number: Float) -> Canvas.Colour? {
    guard number.isFinite else { return nil }
    let length = range.upperBound - range.lowerBound
    return Self.colour(ofShare: length > 0 ? (number - range.lowerBound) / length : 0)
  }

  private static func colour(ofShare share: Float) -> Canvas.Colour {
    let share = max(0, min(1, share))
    return (byte(1 - share), byte(1 - 0.85 * share), byte(1 - 0.5 * share))
  }

  static func colour(ofDirection vector: (Float, Float, Float)) -> Canvas.Colour? {
    guard (vector.0 + vector.1 + vector.2).isFinite, vector != (0, 0, 0) else { return nil }
    return (byte((vector.0 + 1) / 2), byte((vector.1 + 1) / 2), byte((vector.2 + 1) / 2))
  }

  static func byte(_ share: Float) -> UInt8 { UInt8(max(0, min(255, (share * 255).rounded()))) }
}

// MARK: Pictures

extension MapColours {
  /// A map as a PNG file; nil where no pixel of it is known.
  ///
  /// - Parameter map: Numbers [height, width], or [channels, height, width] with the channels of the kind.
  public func picture(of map: Tensor) -> Data? {
    let (height, width) = (map.shape[map.rank - 2], map.shape[map.rank - 1])
    let colour = colours(of: map.to(.float32).toArray(as: Float.self))
    var canvas = Canvas(height: height, width: width)
    var isKnown = false
    for pixel in 0..<(height * width) {
      let known = colour(pixel)
      isKnown = isKnown || known != nil
      canvas.set(pixel / width, pixel % width, known ?? Self.none)
    }
    return isKnown ? canvas.png : nil
  }

  private static let steps = 12

  /// How the colours are to be read.
  public var legend: MapLegend {
    let unknown = MapLegend.Entry(color: Self.text(Self.none), name: "no ground truth")
    return MapLegend(entries: entries.map { .init(color: Self.text($0), name: $1) } + [unknown], scale: scale)
  }

  private var entries: [(Canvas.Colour, String)] {
    switch kind {
    case .classes(let names):
      names.enumerated().map { (Self.colour(ofClass: Float($0.offset)) ?? Self.none, $0.element) }
    case .numbers: []
    case .directions:
      Self.axes.map { (Self.colour(ofDirection: $0.vector) ?? Self.none, $0.name) }
    }
  }

  private static let axes: [(name: String, vector: (Float, Float, Float))] = [
    ("x", (1, 0, 0)), ("−x", (-1, 0, 0)), ("y", (0, 1, 0)), ("−y", (0, -1, 0)), ("z", (0, 0, 1)),
    ("−z", (0, 0, -1)),
  ]

  private var scale: MapLegend.Scale? {
    guard case .numbers(let quantity) = kind else { return nil }
    let colours = (0...Self.steps).map { Self.colour(ofShare: Float($0) / Float(Self.steps)) }
    return MapLegend.Scale(
      quantity: quantity, colors: colours.map(Self.text), low: Double(range.lowerBound),
      high: Double(range.upperBound))
  }

  private static func text(_ colour: Canvas.Colour) -> String {
    let number = Int(colour.red) << 16 | Int(colour.green) << 8 | Int(colour.blue)
    let digits = String(number, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }
}
