import Foundation

/// A point or direction of a room in metres: x to the right, y up, z away from the wall behind the camera.
struct RoomVector: Equatable, Sendable {
  var x, y, z: Float

  init(_ x: Float, _ y: Float, _ z: Float) { (self.x, self.y, self.z) = (x, y, z) }

  static func + (a: RoomVector, b: RoomVector) -> RoomVector { RoomVector(a.x + b.x, a.y + b.y, a.z + b.z) }
  static func - (a: RoomVector, b: RoomVector) -> RoomVector { RoomVector(a.x - b.x, a.y - b.y, a.z - b.z) }
  static func * (a: RoomVector, s: Float) -> RoomVector { RoomVector(a.x * s, a.y * s, a.z * s) }

  func dot(_ other: RoomVector) -> Float { x * other.x + y * other.y + z * other.z }

  /// The vector turned about the vertical axis.
  func turned(cosine: Float, sine: Float) -> RoomVector {
    RoomVector(cosine * x + sine * z, y, cosine * z - sine * x)
  }
}

/// How a surface looks.
struct RoomMaterial: Equatable, Sendable {
  /// A pattern in the surface's own coordinates.
  enum Pattern: Int, CaseIterable, Sendable {
    case plain, stripes, checks, planks, speckles
  }

  /// The class of its pixels, -1 for none.
  var label: Int
  /// Red, green and blue, 0 … 1.
  var colour: RoomVector
  /// The second colour of the pattern.
  var second: RoomVector
  var pattern: Pattern
  /// Patterns' elements in a metre.
  var frequency: Float
  /// The share of light that it gives out itself, as a window does.
  var glow: Float = 0
  /// The chance that a depth camera sees no depth on it.
  var depthLoss: Float = 0
}

/// A box that stands upright and may be turned about the vertical axis.
struct RoomBox: Equatable, Sendable {
  var centre: RoomVector
  /// Half its lengths.
  var half: RoomVector
  var cosine: Float = 1
  var sine: Float = 0
  var material: RoomMaterial

  /// A point of the room in the box's own axes.
  func local(_ direction: RoomVector) -> RoomVector { direction.turned(cosine: cosine, sine: -sine) }

  /// The outward normals of its faces: -x, +x, -y, +y, -z, +z of its own axes.
  var normals: [RoomVector] {
    let (across, along) = (
      RoomVector(1, 0, 0).turned(cosine: cosine, sine: sine),
      RoomVector(0, 0, 1).turned(cosine: cosine, sine: sine)
    )
    let up = RoomVector(0, 1, 0)
    return [across * -1, across, up * -1, up, along * -1, along]
  }

  var corners: [RoomVector] {
    (0..<8).map { corner in
      let sign = { (bit: Int) -> Float in corner >> bit & 1 == 0 ? -1 : 1 }
      let offset = RoomVector(half.x * sign(0), half.y * sign(1), half.z * sign(2))
      return centre + offset.turned(cosine: cosine, sine: sine)
    }
  }
}

/// Where the camera is and looks: its axes in the room, to the right, down and ahead.
struct RoomView: Equatable, Sendable {
  var position: RoomVector
  var right, down, ahead: RoomVector

  /// A camera that looks along z, turned to the right by `yaw`, down by `pitch` and about its own axis by `roll`, in
  /// radians.
  init(position: RoomVector, yaw: Float, pitch: Float, roll: Float) {
    self.position = position
    ahead = RoomVector(sin(yaw) * cos(pitch), -sin(pitch), cos(yaw) * cos(pitch))
    let level = RoomVector(cos(yaw), 0, -sin(yaw))
    let below = RoomVector(-sin(yaw) * sin(pitch), -cos(pitch), -cos(yaw) * sin(pitch))
    right = level * cos(roll) + below * sin(roll)
    down = below * cos(roll) - level * sin(roll)
  }

  /// A direction of the room in the camera's axes.
  func seen(_ direction: RoomVector) -> RoomVector {
    RoomVector(direction.dot(right), direction.dot(down), direction.dot(ahead))
  }
}
