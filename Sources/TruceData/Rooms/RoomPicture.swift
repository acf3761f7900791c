import Foundation
import Truce

/// Paints what a raster sees, and writes down what is known about it exactly.
struct RoomPicture {
  private let scene: RoomScene
  private let raster: RoomRaster
  /// The faces, six for each box, those of the shell first.
  private let surfaces: [RoomSurface]

  init(_ scene: RoomScene, _ camera: Camera) {
    self.scene = scene
    raster = RoomRaster(scene, camera)
    let view = scene.view
    let box = RoomBox(centre: scene.size, half: scene.size, material: scene.shell[0])
    // The shell is seen from inside.
    let inner = zip(box.normals, scene.shell).map { RoomSurface($1, $0 * -1, box, view) }
    surfaces =
      inner + scene.boxes.flatMap { box in box.normals.map { RoomSurface(box.material, $0, box, view) } }
  }

  /// The example: the picture, classes, depths and normals, channels last.
  func example() -> DensePreparation.Example {
    let count = raster.depths.count
    let seen = raster.surfaces
    let labels = [Float](unsafeUninitializedCapacity: count) { labels, size in
      for pixel in 0..<count { labels[pixel] = Float(surfaces[Int(seen[pixel])].material.label) }
      size = count
    }
    let normals = [Float](unsafeUninitializedCapacity: 3 * count) { normals, size in
      for pixel in 0..<count {
        let normal = surfaces[Int(seen[pixel])].seen
        (normals[3 * pixel], normals[3 * pixel + 1], normals[3 * pixel + 2]) = (normal.x, normal.y, normal.z)
      }
      size = 3 * count
    }
    var noise = RoomNoise(scene.source)
    let image = painted(&noise)
    return DensePreparation.Example(image: image, maps: [labels, depths(&noise), normals])
  }

  // MARK: Light

  private func painted(_ noise: inout RoomNoise) -> [Float] {
    let (camera, view) = (raster.camera, scene.view)
    let (lamp, brightness, deviation) = (scene.lamp, scene.brightness, scene.noise)
    let (fx, fy) = (Float(1 / camera.fx), Float(1 / camera.fy))
    let (cx, cy) = (Float(camera.cx), Float(camera.cy))
    let (depths, seen, count) = (raster.depths, raster.surfaces, raster.depths.count)
    return [Float](unsafeUninitializedCapacity: 3 * count) { image, size in
      surfaces.withUnsafeBufferPointer { surfaces in
        for row in 0..<camera.height {
          let line = view.ahead + view.down * ((Float(row) - cy) * fy)
          for column in 0..<camera.width {
            let pixel = row * camera.width + column
            let surface = surfaces[Int(seen[pixel])]
            let ray = line + view.right * ((Float(column) - cx) * fx)
            let point = view.position + ray * depths[pixel]
            let toLamp = lamp - point
            let distance = toLamp.dot(toLamp)
            let cosine = max(0, surface.normal.dot(toLamp)) / distance.squareRoot()
            let light =
              brightness.ambient + brightness.lamp * cosine / (0.4 + 0.35 * distance) + surface.material.glow
            let colour = surface.colour(at: point) * light
            let (a, b, c) = noise.three()
            image[3 * pixel] = min(1, max(0, colour.x + a * deviation))
            image[3 * pixel + 1] = min(1, max(0, colour.y + b * deviation))
            image[3 * pixel + 2] = min(1, max(0, colour.z + c * deviation))
          }
        }
      }
      size = 3 * count
    }
  }

  // MARK: Depth

  /// The depths with the holes that a depth camera leaves: on glass and screens, beside edges, and by chance.
  private func depths(_ noise: inout RoomNoise) -> [Float] {
    var depths = raster.depths
    let (width, height) = (raster.camera.width, raster.camera.height)
    for row in 0..<height {
      for column in 0..<width {
        let pixel = row * width + column
        let loss = surfaces[Int(raster.surfaces[pixel])].material.depthLoss
        if loss > 0, noise.one() < loss { depths[pixel] = 0 }
        // A camera with its projector to the right sees no pattern to the left of what is nearer.
        guard column + 1 < width else { continue }
        let step = raster.depths[pixel] - raster.depths[pixel + 1]
        if step > 0.3 {
          for hidden in max(row * width, pixel - width / 160)...pixel { depths[hidden] = 0 }
        }
      }
    }
    for hole in scene.holes { punch(hole, &depths) }
    return depths
  }

  /// The places around a middle that lie in 0 ..< `count`, of which there may be none.
  private static func range(around middle: Float, _ radius: Float, within count: Int) -> Range<Int> {
    let first = min(max(0, Int(middle - radius)), count)
    return first..<min(max(first, Int(middle + radius) + 1), count)
  }

  private func punch(_ hole: (x: Float, y: Float, radius: Float), _ depths: inout [Float]) {
    let width = raster.camera.width
    let (x, y, radius) = (hole.x * Float(width), hole.y * Float(width), hole.radius * Float(width))
    for row in Self.range(around: y, radius, within: raster.camera.height) {
      for column in Self.range(around: x, radius, within: width)
      where hypot(Float(row) - y, Float(column) - x) <= radius {
        depths[row * width + column] = 0
      }
    }
  }
}

/// A face of a box: its look, its normal, and the axes of its pattern.
private struct RoomSurface {
  let material: RoomMaterial
  let normal: RoomVector
  /// The normal in the camera's axes.
  let seen: RoomVector
  /// The axes of the pattern, in its elements a metre.
  let across, along: RoomVector

  init(_ material: RoomMaterial, _ normal: RoomVector, _ box: RoomBox, _ view: RoomView) {
    self.material = material
    self.normal = normal
    seen = view.seen(normal)
    let isLevel = abs(normal.y) > 0.5
    let side = RoomVector(1, 0, 0).turned(cosine: box.cosine, sine: box.sine)
    let ahead = RoomVector(0, 0, 1).turned(cosine: box.cosine, sine: box.sine)
    across = (isLevel || abs(normal.dot(ahead)) > 0.5 ? side : ahead) * material.frequency
    along = (isLevel ? ahead : RoomVector(0, 1, 0)) * material.frequency
  }

  /// The colour of a point of the surface, by its pattern.
  @inline(__always)
  func colour(at point: RoomVector) -> RoomVector {
    let (u, v) = (across.dot(point), along.dot(point))
    let (i, j) = (Int32(u.rounded(.down)), Int32(v.rounded(.down)))
    switch material.pattern {
    case .plain: return material.colour
    case .stripes: return i & 1 == 0 ? material.colour : material.second
    case .checks: return (i ^ j) & 1 == 0 ? material.colour : material.second
    case .planks: return mixed(Self.share(i, j >> 2))
    case .speckles: return mixed(Self.share(Int32((u * 4).rounded(.down)), Int32((v * 4).rounded(.down))))
    }
  }

  @inline(__always)
  private func mixed(_ share: Float) -> RoomVector { material.colour * (1 - share) + material.second * share }

  /// A number 0 … 1 that looks random, the same for the same place.
  @inline(__always)
  private static func share(_ i: Int32, _ j: Int32) -> Float {
    var hash = UInt32(bitPattern: i) &* 0x9E37_79B1 ^ UInt32(bitPattern: j) &* 0x85EB_CA77
    hash = (hash ^ hash >> 15) &* 0x2C1B_3C6D
    return Float((hash ^ hash >> 12) & 0xFFFF) / 65535
  }
}

/// Quick random numbers for pixels.
private struct RoomNoise {
  private var source: RandomSource

  init(_ source: RandomSource) {
    self.source = source
  }

  /// A uniform number 0 … 1.
  mutating func one() -> Float { Float(source.next() >> 40) * 0x1p-24 }

  /// Three numbers of mean 0 and deviation 1, nearly normal: each the sum of two uniform ones of ten bits.
  @inline(__always)
  mutating func three() -> (Float, Float, Float) {
    let bits = source.next()
    return (Self.triangle(bits), Self.triangle(bits >> 20), Self.triangle(bits >> 40))
  }

  @inline(__always)
  private static func triangle(_ bits: UInt64) -> Float {
    let sum = Float(bits & 0x3FF) + Float(bits >> 10 & 0x3FF)
    // The sum has mean 1023 and deviation 1024 / √6.
    return (sum - 1023) * 0.002392
  }
}
