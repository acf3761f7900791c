import Foundation

/// What the camera sees through each pixel: the nearest surface, found by casting rays.
///
/// A ray is the camera's axis ahead plus shares of the axes to the right and down, so that the distance along it is the
/// depth itself. Of the room's shell every ray finds the wall it leaves through; a box is asked by those rays only that
/// pass through the rectangle around its picture.
struct RoomRaster {
  let camera: Camera
  /// The depth of each pixel in metres.
  private(set) var depths: [Float]
  /// The surface of each pixel: six times the box, plus the face; boxes count from 1, the shell is 0.
  private(set) var surfaces: [Int32]
  private let view: RoomView

  /// Casts a ray through the middle of each pixel.
  init(_ scene: RoomScene, _ camera: Camera) {
    self.camera = camera
    view = scene.view
    let count = camera.height * camera.width
    depths = [Float](repeating: 0, count: count)
    surfaces = [Int32](repeating: 0, count: count)
    castShell(scene.size)
    for (number, box) in scene.boxes.enumerated() { cast(box, number: number + 1) }
  }

  /// The ray through a pixel in some axes: start + column · across + row · along.
  private struct Rays {
    let start, across, along: RoomVector

    init(_ view: RoomView, _ camera: Camera, turning turn: (RoomVector) -> RoomVector = { $0 }) {
      let (x, y) = (Float(-camera.cx / camera.fx), Float(-camera.cy / camera.fy))
      start = turn(view.ahead + view.right * x + view.down * y)
      across = turn(view.right * Float(1 / camera.fx))
      along = turn(view.down * Float(1 / camera.fy))
    }
  }

  // MARK: Shell

  private mutating func castShell(_ size: RoomVector) {
    let rays = Rays(view, camera)
    let (low, high) = (
      RoomVector(-size.x / 2, 0, 0) - view.position, RoomVector(size.x / 2, size.y, size.z) - view.position
    )
    let (height, width) = (camera.height, camera.width)
    depths.withUnsafeMutableBufferPointer { depths in
      surfaces.withUnsafeMutableBufferPointer { surfaces in
        for row in 0..<height {
          var ray = rays.start + rays.along * Float(row)
          for pixel in (row * width)..<((row + 1) * width) {
            let x = (ray.x > 0 ? high.x : low.x) / ray.x
            let y = (ray.y > 0 ? high.y : low.y) / ray.y
            let z = (ray.z > 0 ? high.z : low.z) / ray.z
            var (nearest, face): (Float, Int32) = (x, ray.x > 0 ? 1 : 0)
            if y < nearest { (nearest, face) = (y, ray.y > 0 ? 3 : 2) }
            if z < nearest { (nearest, face) = (z, ray.z > 0 ? 5 : 4) }
            depths[pixel] = nearest
            surfaces[pixel] = face
            ray = ray + rays.across
          }
        }
      }
    }
  }

  // MARK: Boxes

  private mutating func cast(_ box: RoomBox, number: Int) {
    guard let (rows, columns) = rectangle(around: box) else { return }
    let rays = Rays(view, camera, turning: box.local)
    let origin = box.local(view.position - box.centre)
    let (low, high) = (box.half * -1 - origin, box.half - origin)
    let (width, first) = (camera.width, Int32(6 * number))
    depths.withUnsafeMutableBufferPointer { depths in
      surfaces.withUnsafeMutableBufferPointer { surfaces in
        for row in rows {
          var ray = rays.start + rays.along * Float(row) + rays.across * Float(columns.lowerBound)
          for column in columns {
            let (x, y, z) = (1 / ray.x, 1 / ray.y, 1 / ray.z)
            let (nearX, farX) = x > 0 ? (low.x * x, high.x * x) : (high.x * x, low.x * x)
            let (nearY, farY) = y > 0 ? (low.y * y, high.y * y) : (high.y * y, low.y * y)
            let (nearZ, farZ) = z > 0 ? (low.z * z, high.z * z) : (high.z * z, low.z * z)
            var (entry, face): (Float, Int32) = (nearX, x > 0 ? 0 : 1)
            if nearY > entry { (entry, face) = (nearY, y > 0 ? 2 : 3) }
            if nearZ > entry { (entry, face) = (nearZ, z > 0 ? 4 : 5) }
            let pixel = row * width + column
            if entry <= min(farX, min(farY, farZ)), entry > RoomRaster.nearest, entry < depths[pixel] {
              depths[pixel] = entry
              surfaces[pixel] = first + face
            }
            ray = ray + rays.across
          }
        }
      }
    }
  }

  /// Nothing nearer than this is seen.
  private static let nearest: Float = 0.05

  /// The pixels around a box's picture; nil where it is out of sight, all of them where a corner lies behind.
  private func rectangle(around box: RoomBox) -> (rows: Range<Int>, columns: Range<Int>)? {
    let corners = box.corners.map { view.seen($0 - view.position) }
    guard corners.contains(where: { $0.z > Self.nearest }) else { return nil }
    guard corners.allSatisfy({ $0.z > Self.nearest }) else { return (0..<camera.height, 0..<camera.width) }
    let columns = corners.map { $0.x / $0.z * Float(camera.fx) + Float(camera.cx) }
    let rows = corners.map { $0.y / $0.z * Float(camera.fy) + Float(camera.cy) }
    guard let rows = Self.pixels(rows, camera.height), let columns = Self.pixels(columns, camera.width) else {
      return nil
    }
    return (rows, columns)
  }

  private static func pixels(_ places: [Float], _ count: Int) -> Range<Int>? {
    guard let low = places.min(), let high = places.max(), high >= 0, low <= Float(count) else { return nil }
    let (first, last) = (
      max(0, Int(low.rounded(.down))), min(count, Int(min(high, Float(count)).rounded(.up)) + 1)
    )
    return first < last ? first..<last : nil
  }
}
