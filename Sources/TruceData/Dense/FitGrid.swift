import Foundation
import Torch

/// The pixels at which planes are wanted, and the inverse depths around them.
struct FitGrid {
  /// Inverse depths [height, width], 0 where there is none.
  private let inverse: Tensor
  private let rows: [Int]
  private let columns: [Int]
  /// The inverse depths at the wanted pixels, [pixels].
  let middle: Tensor

  init(_ inverse: Tensor, rows: [Int], columns: [Int]) {
    self.inverse = inverse
    self.rows = rows
    self.columns = columns
    middle = Self.picked(inverse, rows, columns).flattened()
  }

  /// The distances in pixels at which a window is looked at, along a side.
  static func offsets(radius: Int, taps: Int) -> [Int] {
    (0..<taps).map { Int((Double(2 * radius * $0) / Double(taps - 1)).rounded()) - radius }
  }

  private static func picked(_ map: Tensor, _ rows: [Int], _ columns: [Int]) -> Tensor {
    map.indexSelect(0, Tensor(rows)).indexSelect(1, Tensor(columns))
  }

  /// The inverse depths of a window around each pixel, [taps², pixels]; 0 beyond the picture.
  func window(radius: Int, taps: Int) -> Tensor {
    let padded = inverse.padded([radius, radius, radius, radius])
    let offsets = Self.offsets(radius: radius, taps: taps).map { $0 + radius }
    let shifted = offsets.flatMap { down in
      let lines = padded.indexSelect(0, Tensor(rows.map { $0 + down }))
      return offsets.map { across in
        lines.indexSelect(1, Tensor(columns.map { $0 + across })).flattened()
      }
    }
    return Tensor.stacked(shifted)
  }

  /// Maps [channels, pixels] of the pixels around, each [channels, pixels]; at the border the border's own.
  func shifted(_ map: Tensor, radius: Int, taps: Int) -> [Tensor] {
    let picture = map.reshaped([map.shape[0], rows.count, columns.count])
    let (down, across) = (steps(rows, radius, taps), steps(columns, radius, taps))
    return down.flatMap { down in
      let lines = picture.indexSelect(1, Tensor(clamped(rows.count, by: down)))
      return across.map { across in
        lines.indexSelect(2, Tensor(clamped(columns.count, by: across))).reshaped(map.shape)
      }
    }
  }

  /// The distances in wanted pixels that are so many pixels of the depth.
  private func steps(_ places: [Int], _ radius: Int, _ taps: Int) -> [Int] {
    let spacing =
      places.count > 1 ? Double(places[places.count - 1] - places[0]) / Double(places.count - 1) : 1
    let steps = Self.offsets(radius: radius, taps: taps).map { Int((Double($0) / spacing).rounded()) }
    return Array(Set(steps)).sorted()
  }

  private func clamped(_ count: Int, by step: Int) -> [Int] {
    (0..<count).map { min(max($0 + step, 0), count - 1) }
  }

  /// The direction of each pixel's ray (x/z, y/z, 1), [3, pixels].
  func rays(_ camera: Camera) -> Tensor {
    let x = Tensor(columns.map { (Float($0) - Float(camera.cx)) / Float(camera.fx) })
    let y = Tensor(rows.map { (Float($0) - Float(camera.cy)) / Float(camera.fy) })
    let shape = [rows.count, columns.count]
    let parts = [
      x.unsqueezed(0).expanded(shape), y.unsqueezed(1).expanded(shape), Tensor.ones(shape),
    ]
    return Tensor.stacked(parts).reshaped([3, rows.count * columns.count])
  }

  /// Planes c₀ + c₁·Δcolumn + c₂·Δrow around each pixel as planes a·x/z + b·y/z + c in space, [3, pixels].
  func inSpace(_ planes: Tensor, camera: Camera) -> Tensor {
    let rays = rays(camera)
    let (a, b) = (planes[1] * camera.fx, planes[2] * camera.fy)
    return Tensor.stacked([a, b, planes[0] - a * rays[0] - b * rays[1]])
  }
}

/// A window around each pixel with the plane that is fitted to some of its inverse depths.
struct PlaneWindow {
  /// The inverse depths, [taps², pixels].
  let values: Tensor
  private let radius: Double
  private let isThere: Tensor
  /// Rows 1, Δcolumn, Δrow in units of the radius, [3, taps²].
  private let basis: Tensor
  /// The products of the rows, [6, taps²].
  private let products: Tensor
  /// In units of the radius, [3, pixels].
  private var planes: Tensor
  private var shares: Tensor

  init(_ grid: FitGrid, radius: Int, taps: Int) {
    values = grid.window(radius: radius, taps: taps)
    isThere = values.greater(0)
    self.radius = Double(radius)
    let offsets = FitGrid.offsets(radius: radius, taps: taps).map { Float($0) / Float(radius) }
    let across = Tensor(offsets.flatMap { _ in offsets })
    let down = Tensor(offsets.flatMap { Array(repeating: $0, count: taps) })
    let one = across.onesLike()
    basis = Tensor.stacked([one, across, down])
    products = Tensor.stacked([one, across, down, across * across, across * down, down * down])
    planes = Tensor.zeros([3, values.shape[1]])
    shares = Tensor.zeros([values.shape[1]])
  }

  /// Fits the planes to the values that count, by least squares.
  ///
  /// Where these do not determine a plane, it is all zeros, with a share of 0; a neighbour's may then take its place.
  mutating func fit(_ counts: Tensor) {
    let weights = counts.and(isThere).to(.float32)
    let m = products.matmul(weights).to(.float64)
    let v = basis.matmul(weights * values).to(.float64)
    // The inverse of a symmetric 3 × 3 matrix by its cofactors.
    let (c00, c01, c02) = (m[3] * m[5] - m[4] * m[4], m[2] * m[4] - m[1] * m[5], m[1] * m[4] - m[2] * m[3])
    let (c11, c12, c22) = (m[0] * m[5] - m[2] * m[2], m[1] * m[2] - m[0] * m[4], m[0] * m[3] - m[1] * m[1])
    let determinant = m[0] * c00 + m[1] * c01 + m[2] * c02
    let isDetermined = determinant.greater(1e-3)
    let solution = Tensor.stacked([
      c00 * v[0] + c01 * v[1] + c02 * v[2], c01 * v[0] + c11 * v[1] + c12 * v[2],
      c02 * v[0] + c12 * v[1] + c22 * v[2],
    ])
    let found = isDetermined.choosing(solution / determinant, else: solution.zerosLike())
    planes = found.to(.float32)
    let total = isThere.to(.float32).sum([0]).clamped(minimum: 1)
    shares = isDetermined.to(.float32) * weights.sum([0]) / total
  }

  /// The planes' inverse depths at the window's pixels, [taps², pixels].
  var predictions: Tensor { basis.transposed(0, 1).matmul(planes) }

  /// The planes per pixel of the depth, [3, pixels], and the shares of the window's pixels on them.
  var parts: (planes: Tensor, shares: Tensor) {
    (Tensor.stacked([planes[0], planes[1] / radius, planes[2] / radius]), shares)
  }
}
