import Foundation

/// Puts furniture into a room.
struct RoomFurniture {
  private let size: RoomVector
  /// Where nothing may stand: circles on the floor.
  private var taken: [(x: Float, z: Float, radius: Float)]
  private(set) var boxes: [RoomBox] = []
  private(set) var draw: RoomDraw

  init(size: RoomVector, keepingFree camera: RoomVector, _ draw: RoomDraw) {
    self.size = size
    self.draw = draw
    taken = [(camera.x, camera.z, 0.6)]
  }

  /// Furnishes the room.
  mutating func furnish() {
    for _ in 0..<draw.whole(1, 3) { hangPicture() }
    for _ in 0..<draw.whole(0, 2) { hangWindow() }
    let large = [bed, sofa, cabinet, tableWithChairs, television]
    for _ in 0..<draw.whole(3, 6) { put(draw.one(of: large)) }
    for _ in 0..<draw.whole(1, 4) { put(lonelyChair) }
    for _ in 0..<draw.whole(2, 6) { put(floorObject) }
  }

  // MARK: Places

  /// A thing to be put somewhere: its reach on the floor, and how to make it.
  private typealias Thing = (inout RoomFurniture) -> (
    radius: Float, make: (inout RoomFurniture, Place) -> Void
  )

  private struct Place {
    let x, z: Float
    let cosine, sine: Float
  }

  /// Puts a thing where there is room, or nowhere.
  private mutating func put(_ thing: Thing) {
    let (radius, make) = thing(&self)
    for _ in 0..<8 {
      let reach = (size.x / 2 - radius, size.z - radius)
      guard reach.0 > 0, reach.1 > radius else { return }
      let (x, z) = (draw.number(-reach.0, reach.0), draw.number(max(radius, 1), max(reach.1, 1.01)))
      let isFree = taken.allSatisfy { hypot($0.x - x, $0.z - z) > $0.radius + radius }
      guard isFree else { continue }
      taken.append((x, z, radius))
      let turn = draw.one(of: [0, 0, .pi / 2, .pi / 2, draw.number(0, .pi)]) + draw.number(-0.1, 0.1)
      make(&self, Place(x: x, z: z, cosine: cos(turn), sine: sin(turn)))
      return
    }
  }

  /// A box of a thing: its middle relative to the thing's foot, and its lengths.
  private mutating func add(
    _ place: Place, _ material: RoomMaterial, at middle: RoomVector, _ width: Float, _ height: Float,
    _ depth: Float
  ) {
    let centre = RoomVector(place.x, 0, place.z) + middle.turned(cosine: place.cosine, sine: place.sine)
    boxes.append(
      RoomBox(
        centre: centre, half: RoomVector(width / 2, height / 2, depth / 2), cosine: place.cosine,
        sine: place.sine, material: material))
  }

  private mutating func cloth(_ kind: RoomClass) -> RoomMaterial {
    draw.material(of: kind, pattern: [.plain, .stripes, .checks, .speckles], frequency: 3...14)
  }

  private mutating func wood(_ kind: RoomClass) -> RoomMaterial {
    draw.material(of: kind, pattern: [.plain, .planks, .stripes], frequency: 3...10)
  }

  // MARK: Things

  private func bed(_ room: inout RoomFurniture) -> (radius: Float, make: (inout RoomFurniture, Place) -> Void)
  {
    let (width, length) = (room.draw.number(1, 1.8), room.draw.number(1.9, 2.1))
    return (
      0.95,
      { room, place in
        let (cover, frame) = (room.cloth(.bed), room.wood(.bed))
        let height = room.draw.number(0.4, 0.6)
        room.add(place, cover, at: RoomVector(0, height / 2, 0), width, height, length)
        room.add(place, frame, at: RoomVector(0, 0.5, length / 2), width, 1, 0.06)
        let pillow = room.cloth(.bed)
        room.add(place, pillow, at: RoomVector(0, height + 0.06, length / 2 - 0.3), width * 0.7, 0.12, 0.4)
      }
    )
  }

  private func sofa(_ room: inout RoomFurniture) -> (
    radius: Float, make: (inout RoomFurniture, Place) -> Void
  ) {
    let width = room.draw.number(1.3, 2.1)
    return (
      width / 2,
      { room, place in
        let cloth = room.cloth(.sofa)
        room.add(place, cloth, at: RoomVector(0, 0.21, 0), width, 0.42, 0.85)
        room.add(place, cloth, at: RoomVector(0, 0.43, 0.36), width, 0.86, 0.16)
        for side in [-1, 1] as [Float] {
          room.add(place, cloth, at: RoomVector(side * (width / 2 - 0.08), 0.3, 0), 0.16, 0.6, 0.85)
        }
      }
    )
  }

  private func cabinet(_ room: inout RoomFurniture) -> (
    radius: Float, make: (inout RoomFurniture, Place) -> Void
  ) {
    let (width, height) = (room.draw.number(0.6, 1.4), room.draw.number(0.6, 2))
    return (
      width / 2 + 0.1,
      { room, place in
        room.add(place, room.wood(.furniture), at: RoomVector(0, height / 2, 0), width, height, 0.45)
        if height < 1.4 { room.addBooks(place, on: height, width) }
      }
    )
  }

  private func television(
    _ room: inout RoomFurniture
  ) -> (radius: Float, make: (inout RoomFurniture, Place) -> Void) {
    let width = room.draw.number(0.7, 1.2)
    return (
      width / 2 + 0.1,
      { room, place in
        room.add(place, room.wood(.furniture), at: RoomVector(0, 0.25, 0), width + 0.2, 0.5, 0.4)
        var screen = room.draw.material(of: .tv, pattern: [.plain], frequency: 1...1)
        (screen.colour, screen.second) = (screen.colour * 0.15, screen.second * 0.15)
        screen.depthLoss = 0.4
        room.add(place, screen, at: RoomVector(0, 0.5 + width * 0.3, 0), width, width * 0.56, 0.05)
      }
    )
  }

  private func tableWithChairs(
    _ room: inout RoomFurniture
  ) -> (radius: Float, make: (inout RoomFurniture, Place) -> Void) {
    let (width, depth) = (room.draw.number(0.8, 1.4), room.draw.number(0.6, 0.9))
    return (
      width / 2 + 0.35,
      { room, place in
        let (wood, height) = (room.wood(.table), room.draw.number(0.68, 0.78))
        room.add(place, wood, at: RoomVector(0, height - 0.02, 0), width, 0.04, depth)
        room.addLegs(place, wood, width, depth, height - 0.04)
        room.addBooks(place, on: height, width)
        for side in [-1, 1] as [Float] where room.draw.happens(0.7) {
          room.addChair(place, at: RoomVector(0, 0, side * (depth / 2 + 0.2)), backwards: side < 0)
        }
      }
    )
  }

  private func lonelyChair(
    _ room: inout RoomFurniture
  ) -> (radius: Float, make: (inout RoomFurniture, Place) -> Void) {
    (0.35, { room, place in room.addChair(place, at: RoomVector(0, 0, 0), backwards: false) })
  }

  private func floorObject(
    _ room: inout RoomFurniture
  ) -> (radius: Float, make: (inout RoomFurniture, Place) -> Void) {
    let (width, height) = (room.draw.number(0.1, 0.4), room.draw.number(0.1, 0.7))
    return (
      width * 0.7,
      { room, place in
        var look = room.cloth(.objects)
        // Some things nobody has labelled.
        if room.draw.happens(0.15) { look.label = DenseMap.ignoredLabel }
        room.add(place, look, at: RoomVector(0, height / 2, 0), width, height, width)
      }
    )
  }

  // MARK: Parts

  private mutating func addLegs(
    _ place: Place, _ wood: RoomMaterial, _ width: Float, _ depth: Float, _ height: Float
  ) {
    for corner in 0..<4 {
      let (side, end): (Float, Float) = (corner & 1 == 0 ? -1 : 1, corner & 2 == 0 ? -1 : 1)
      let middle = RoomVector(side * (width / 2 - 0.04), height / 2, end * (depth / 2 - 0.04))
      add(place, wood, at: middle, 0.05, height, 0.05)
    }
  }

  private mutating func addChair(_ place: Place, at foot: RoomVector, backwards: Bool) {
    let wood = wood(.chair)
    let spot = RoomVector(place.x, 0, place.z) + foot.turned(cosine: place.cosine, sine: place.sine)
    let sign: Float = backwards ? -1 : 1
    let own = Place(x: spot.x, z: spot.z, cosine: place.cosine * sign, sine: place.sine * sign)
    add(own, wood, at: RoomVector(0, 0.44, 0), 0.42, 0.05, 0.42)
    add(own, wood, at: RoomVector(0, 0.7, 0.19), 0.42, 0.5, 0.04)
    addLegs(own, wood, 0.42, 0.42, 0.42)
  }

  private mutating func addBooks(_ place: Place, on height: Float, _ width: Float) {
    for _ in 0..<draw.whole(0, 4) {
      let isBook = draw.happens(0.6)
      let look = cloth(isBook ? .books : .objects)
      let (thickness, across) = (draw.number(0.03, isBook ? 0.15 : 0.35), draw.number(0.1, 0.25))
      let x = draw.number(-0.5, 0.5) * max(0.1, width - 0.3)
      add(
        place, look, at: RoomVector(x, height + thickness / 2, draw.number(-0.1, 0.1)), across, thickness,
        0.18)
    }
  }

  // MARK: Walls

  /// Hangs a plate on a wall other than the one behind the camera.
  private mutating func hang(_ material: RoomMaterial, _ width: Float, _ height: Float, middle: Float) {
    let thickness: Float = 0.04
    let half = RoomVector(width / 2, height / 2, thickness / 2)
    let wall = draw.whole(0, 2)
    if wall == 0 {
      let x = draw.number(-1, 1) * max(0, size.x / 2 - width / 2 - 0.1)
      boxes.append(
        RoomBox(centre: RoomVector(x, middle, size.z - thickness / 2), half: half, material: material))
    } else {
      let side: Float = wall == 1 ? -1 : 1
      let z = draw.number(1, max(1.1, size.z - width / 2 - 0.1))
      boxes.append(
        RoomBox(
          centre: RoomVector(side * (size.x / 2 - thickness / 2), middle, z), half: half, cosine: 0, sine: 1,
          material: material))
    }
  }

  private mutating func hangPicture() {
    let look = draw.material(of: .picture, pattern: [.checks, .stripes, .speckles], frequency: 4...15)
    hang(look, draw.number(0.3, 1), draw.number(0.3, 0.7), middle: draw.number(1.4, 1.8))
  }

  private mutating func hangWindow() {
    var look = draw.material(of: .window, pattern: [.plain, .speckles], frequency: 1...3, pale: true)
    look.glow = draw.number(0.3, 0.9)
    look.depthLoss = 0.6
    hang(look, draw.number(0.7, 1.8), draw.number(0.8, 1.3), middle: draw.number(1.4, 1.6))
  }
}
