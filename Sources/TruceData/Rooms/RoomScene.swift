import Foundation
import Truce

/// A furnished room with a camera and a lamp, made up from a seed.
struct RoomScene: Sendable {
  /// The room's lengths; it reaches from the middle of its floor's near edge, (−x/2 … x/2, 0 … y, 0 … z).
  private(set) var size: RoomVector
  /// The materials of the walls left, right, floor, ceiling, near and far.
  private(set) var shell: [RoomMaterial]
  private(set) var boxes: [RoomBox] = []
  private(set) var view: RoomView
  private(set) var lamp: RoomVector
  /// The light of the lamp a metre away, and everywhere.
  private(set) var brightness: (lamp: Float, ambient: Float)
  /// The standard deviation of a pixel's noise, 0 … 1.
  private(set) var noise: Float
  /// Circles in which no depth is seen: the middle and the radius as shares of the picture's width.
  private(set) var holes: [(x: Float, y: Float, radius: Float)] = []
  private(set) var source: RandomSource

  /// Makes up a room.
  init(from random: RandomSource) {
    var draw = RoomDraw(random)
    size = RoomVector(draw.number(3, 6), draw.number(2.4, 3), draw.number(3.5, 7))
    let wall = draw.material(of: .wall, pattern: [.plain, .plain, .stripes, .speckles], frequency: 2...8)
    let floor = draw.material(of: .floor, pattern: [.planks, .checks, .speckles, .plain], frequency: 2...7)
    let ceiling = draw.material(of: .ceiling, pattern: [.plain, .speckles], frequency: 2...6, pale: true)
    shell = [wall, wall, floor, ceiling, wall, wall]
    let height = draw.number(1.1, 1.7)
    view = RoomView(
      position: RoomVector(draw.number(-0.3, 0.3) * size.x, height, draw.number(0.15, 0.6)),
      yaw: draw.number(-0.45, 0.45), pitch: draw.number(-0.02, 0.4), roll: draw.number(-0.04, 0.04))
    lamp = RoomVector(
      draw.number(-0.3, 0.3) * size.x, size.y - draw.number(0.1, 0.4), draw.number(0.2, 0.8) * size.z)
    brightness = (draw.number(0.8, 2), draw.number(0.25, 0.5))
    noise = draw.number(0.005, 0.03)
    var furniture = RoomFurniture(size: size, keepingFree: view.position, draw)
    furniture.furnish()
    boxes = furniture.boxes
    draw = furniture.draw
    holes = (0..<draw.whole(0, 5)).map { _ in
      (draw.number(0, 1), draw.number(0, 0.75), draw.number(0.01, 0.06))
    }
    source = draw.source
  }
}

/// The classes of a room's surfaces, in the order of ``DenseLayout/indoorClasses``.
enum RoomClass: Int {
  case bed, books, ceiling, chair, floor, furniture, objects, picture, sofa, table, tv, wall, window
}

/// Draws what a room is made of.
struct RoomDraw: Sendable {
  private(set) var source: RandomSource

  init(_ source: RandomSource) {
    self.source = source
  }

  /// A uniform number.
  mutating func number(_ low: Float, _ high: Float) -> Float { low + Float(source.unit()) * (high - low) }

  /// A uniform whole number, both ends included.
  mutating func whole(_ low: Int, _ high: Int) -> Int { low + source.below(high - low + 1) }

  /// Whether something happens that has this chance.
  mutating func happens(_ chance: Double) -> Bool { source.unit() < chance }

  /// One of several, with equal chances.
  mutating func one<Choice>(of choices: [Choice]) -> Choice { choices[source.below(choices.count)] }

  /// A look for things of a class; each class has a range of colours of its own, so that they can be told apart.
  mutating func material(
    of kind: RoomClass, pattern: [RoomMaterial.Pattern], frequency: ClosedRange<Float>, pale: Bool = false
  ) -> RoomMaterial {
    let base = pale ? number(0.75, 0.95) : number(0.25, 0.85)
    let tint = number(0.05, 0.35)
    let hue = number(0, 2 * .pi)
    func colour(_ shade: Float) -> RoomVector {
      RoomVector(
        shade * (1 - tint + tint * cos(hue)), shade * (1 - tint + tint * cos(hue + 2.1)),
        shade * (1 - tint + tint * cos(hue + 4.2)))
    }
    return RoomMaterial(
      label: kind.rawValue, colour: colour(base), second: colour(base * number(0.55, 0.9)),
      pattern: one(of: pattern), frequency: number(frequency.lowerBound, frequency.upperBound))
  }
}
