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
  private let depths: ClosedRange<Float>

  private static let gap = 4
  private static let line = 14

  /// Prepares a sheet.
  ///
  /// - Parameters:
  ///   - source: The examples.
  ///   - layout: Which maps they have.
  ///   - positions: Which examples are shown.
  /// - Throws: ``DataError`` where one cannot be read or is of another size than the first, or none is wanted.
  public init(of source: DenseSamples, _ layout: DenseLayout, at positions: [Int]) throws(DataError) {
    var samples: [Sample] = []
    for position in positions { samples.append(try source.sample(at: position)) }
    guard let shape = samples.first?.inputs[0].values.shape else {
      throw .invalidValue(parameter: "the number of examples on a sheet", rule: "at least 1", received: "0")
    }
    self.samples = samples
    self.layout = layout
    for (position, sample) in zip(positions, samples) where sample.inputs[0].values.shape != shape {
      throw .unlikeOthers(
        sample: source.name(ofSample: position),
        reason: "a picture of shape \(sample.inputs[0].values.shape), the first on the sheet has \(shape)")
    }
    (height, width) = (shape[1], shape[2])
    depths = Self.depthRange(samples, layout)
  }

  private static func depthRange(_ samples: [Sample], _ layout: DenseLayout) -> ClosedRange<Float> {
    let seen = samples.flatMap { sample in
      layout.maps.indices.flatMap { place in
        if case .depth = layout.maps[place].content {
          numbers(of: sample.targets[place].values, .depth(isInverse: false))
        } else {
          [] as [Float]
        }
      }
    }
    return MapColours.range(of: seen) ?? 0...1
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
      return (
        MapColours.byte(image[pixel]), MapColours.byte(image[area + pixel]),
        MapColours.byte(image[2 * area + pixel])
      )
    }
    for (place, map) in layout.maps.enumerated() {
      let numbers = Self.numbers(of: sample.targets[place].values, map.content)
      let colour = colours(of: map).colours(of: numbers)
      draw(at: top, column: place + 1, on: &canvas) { colour($0) ?? MapColours.none }
    }
  }

  private func draw(
    at top: Int, column: Int, on canvas: inout Canvas, _ colour: (_ pixel: Int) -> Canvas.Colour
  ) {
    let left = Self.gap + column * (width + Self.gap)
    canvas.draw(height: height, width: width, top: top, left: left, colour)
  }

  private func colours(of map: DenseMap) -> MapColours { MapColours(map.content.kind, range: depths) }

  /// What a map holds, with a depth of 0 as no number.
  private static func numbers(of values: HostArray, _ content: DenseMap.Content) -> [Float] {
    switch content {
    case .classes: values.elements(as: Int64.self).map(Float.init)
    case .depth: values.elements(as: Float.self).map { $0 == 0 ? .nan : $0 }
    case .normals: values.elements(as: Float.self)
    }
  }

  // MARK: Legend

  private static let entryWidth = 110

  private var legendEntries: [(colour: Canvas.Colour, text: String)] {
    layout.maps.flatMap { map -> [(colour: Canvas.Colour, text: String)] in
      switch map.content {
      case .classes(let names):
        names.enumerated().map {
          (MapColours.colour(ofClass: Float($0.offset)) ?? MapColours.none, $0.element)
        }
      case .depth:
        [depths.lowerBound, depths.upperBound].map { depth in
          (colours(of: map).colour(ofNumber: depth) ?? MapColours.none, "\((depth * 100).rounded() / 100)")
        }
      case .normals: []
      }
    }
  }
}
