public import Foundation

/// A picture that shows examples of a dense data set: a row for each, with the picture and its maps side by side.
///
/// Classes have colours with a legend below, pixels without a label are black. Depths run from white, the nearest of the
/// sheet, to dark blue, the farthest; normals show x, y and z as red, green and blue.
public struct ContactSheet {
  private let samples: [Sample]
  private let layout: DenseLayout
  private let (height, width): (Int, Int)
  /// The smallest and largest depth of all examples.
  private let depths: (low: Float, high: Float)

  private static let gap = 4
  private static let line = 14

  /// Prepares a sheet.
  ///
  /// - Parameters:
  ///   - source: The examples.
  ///   - layout: Which maps they have.
  ///   - positions: Which examples are shown.
  /// - Throws: ``DataError`` where one cannot be read, or none is wanted.
  public init(of source: DenseSamples, _ layout: DenseLayout, at positions: [Int]) throws(DataError) {
    var samples: [Sample] = []
    for position in positions { samples.append(try source.sample(at: position)) }
    guard let shape = samples.first?.inputs[0].values.shape else {
      throw .invalidValue(parameter: "the number of examples on a sheet", rule: "at least 1", received: "0")
    }
    self.samples = samples
    self.layout = layout
    (height, width) = (shape[1], shape[2])
    depths = Self.depthRange(samples, layout)
  }

  private static func depthRange(_ samples: [Sample], _ layout: DenseLayout) -> (low: Float, high: Float) {
    let maps = layout.maps.indices.filter { if case .depth = layout.maps[$0].content { true } else { false } }
    let seen = samples.flatMap { sample in
      maps.flatMap { sample.targets[$0].values.elements(as: Float.self).filter { $0 != 0 } }
    }
    return (seen.min() ?? 0, seen.max() ?? 1)
  }

  /// The sheet as a PNG file.
  ///
  /// - Throws: ``DataError/unwritable(path:reason:)`` where it cannot be packed.
  public func png() throws(DataError) -> Data {
    let columns = 1 + layout.maps.count
    let legend = legendEntries
    let across = columns * (width + Self.gap) + Self.gap
    let perLine = max(1, across / Self.entryWidth)
    let legendHeight = (legend.count + perLine - 1) / perLine * Self.line + Self.gap
    var canvas = Canvas(
      height: samples.count * (height + Self.gap) + Self.gap + legendHeight, width: across)
    for (row, sample) in samples.enumerated() { draw(sample, row: row, on: &canvas) }
    for (place, entry) in legend.enumerated() {
      let top = samples.count * (height + Self.gap) + Self.gap + place / perLine * Self.line
      let left = Self.gap + place % perLine * Self.entryWidth
      canvas.fill(top..<(top + 10), left..<(left + 10), entry.colour)
      canvas.write(entry.text, row: top, column: left + 14)
    }
    guard let png = canvas.png else { throw .unwritable(path: "the sheet", reason: "it cannot be packed") }
    return png
  }

  // MARK: Maps

  private func draw(_ sample: Sample, row: Int, on canvas: inout Canvas) {
    let top = Self.gap + row * (height + Self.gap)
    let image = sample.inputs[0].values.elements(as: Float.self)
    draw(at: top, column: 0, on: &canvas) { pixel in
      let area = height * width
      return (Self.byte(image[pixel]), Self.byte(image[area + pixel]), Self.byte(image[2 * area + pixel]))
    }
    for (place, map) in layout.maps.enumerated() {
      let colour = colours(of: sample.targets[place].values, map.content)
      draw(at: top, column: place + 1, on: &canvas, colour)
    }
  }

  private func draw(
    at top: Int, column: Int, on canvas: inout Canvas, _ colour: (_ pixel: Int) -> Canvas.Colour
  ) {
    let left = Self.gap + column * (width + Self.gap)
    for row in 0..<height {
      for across in 0..<width { canvas.set(top + row, left + across, colour(row * width + across)) }
    }
  }

  private func colours(of values: HostArray, _ content: DenseMap.Content) -> (_ pixel: Int) -> Canvas.Colour {
    switch content {
    case .classes:
      let labels = values.elements(as: Int64.self)
      return { Self.colour(ofClass: Int(labels[$0])) }
    case .depth:
      let numbers = values.elements(as: Float.self)
      return { colour(ofDepth: numbers[$0]) }
    case .normals:
      let (numbers, area) = (values.elements(as: Float.self), height * width)
      return { pixel in
        let vector = (0..<3).map { numbers[$0 * area + pixel] }
        guard vector.contains(where: { $0 != 0 }) else { return (0, 0, 0) }
        return (
          Self.byte((vector[0] + 1) / 2), Self.byte((vector[1] + 1) / 2), Self.byte((vector[2] + 1) / 2)
        )
      }
    }
  }

  private func colour(ofDepth depth: Float) -> Canvas.Colour {
    guard depth != 0 else { return (0, 0, 0) }
    let share = depths.high > depths.low ? (depth - depths.low) / (depths.high - depths.low) : 0
    return (Self.byte(1 - share), Self.byte(1 - 0.85 * share), Self.byte(1 - 0.5 * share))
  }

  /// A colour for each class: hues a golden angle apart, so that neighbours in number differ most.
  private static func colour(ofClass label: Int) -> Canvas.Colour {
    guard label >= 0 else { return (0, 0, 0) }
    let hue = Double(label) * 2.399963
    let light = label % 2 == 0 ? 0.62 : 0.42
    let channel = { (turn: Double) in byte(Float(light + 0.36 * cos(hue + turn))) }
    return (channel(0), channel(2.094), channel(4.189))
  }

  private static func byte(_ share: Float) -> UInt8 { UInt8(max(0, min(255, (share * 255).rounded()))) }

  // MARK: Legend

  private static let entryWidth = 110

  private var legendEntries: [(colour: Canvas.Colour, text: String)] {
    layout.maps.flatMap { map -> [(colour: Canvas.Colour, text: String)] in
      switch map.content {
      case .classes(let names): names.enumerated().map { (Self.colour(ofClass: $0.offset), $0.element) }
      case .depth:
        [depths.low, depths.high].map { (colour(ofDepth: $0), "\(($0 * 100).rounded() / 100)") }
      case .normals: []
      }
    }
  }
}
