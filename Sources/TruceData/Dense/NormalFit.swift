import Foundation
public import Torch

/// Surface normals from depth, by planes that are fitted to the pixels around.
///
/// A plane in space is 1 / z = a·x/z + b·y/z + c, linear in the picture's coordinates, and its normal is −(a, b, c) at
/// unit length, which points to the camera's side. Three steps make depths of few bits into smooth normals that do not
/// leak over edges:
///
/// 1. In a window around each pixel, the plane of the pixels whose inverse depth is within ``reach`` of the middle's, then
///    twice the plane of the pixels that lie on the plane found, within ``flatness`` and half a step of depth.
/// 2. The same in larger windows, which take over where the surface is so flat that ``share`` of a window's pixels and
///    its middle lie on the plane.
/// 3. Three times, each pixel takes the mean of the planes of pixels around it that pass through its own depth and are
///    turned by less than ``turn`` from its own.
public struct NormalFit: Sendable {
  /// The windows' radii in pixels of the depth, the smallest first.
  public var radii = [9, 16, 28]
  /// The relative difference of inverse depths within a first window.
  public var reach = 0.15
  /// The relative distance from a plane of pixels that lie on it.
  public var flatness = 0.015
  /// The share of a larger window's pixels that must lie on its plane.
  public var share = 0.75
  /// The radius from which planes are averaged, in pixels of the depth.
  public var neighbourhood = 20
  /// The largest angle between planes that are averaged, in degrees.
  public var turn = 25.0
  /// The step between two depths in metres.
  public let depthStep: Double

  /// The pixels of a window, along each side.
  private static let taps = 7

  /// Prepares fits to depths that are multiples of a step.
  public init(depthStep: Double) {
    self.depthStep = depthStep
  }

  /// The normals at some rows and columns of a depth.
  ///
  /// - Parameters:
  ///   - depth: Metres [height, width]; 0 where there is none.
  ///   - camera: The camera of that size.
  ///   - rows: The rows at which normals are wanted, ascending.
  ///   - columns: The columns.
  /// - Returns: [3, rows, columns], (0, 0, 0) where there is no depth or no plane.
  public func normals(of depth: Tensor, camera: Camera, rows: [Int], columns: [Int]) -> Tensor {
    let inverse = depth.greater(0).choosing(depth.reciprocal(), else: depth.zerosLike()).to(.float32)
    let grid = FitGrid(inverse, rows: rows, columns: columns)
    var (planes, weights) = localPlanes(grid)
    planes = grid.inSpace(planes, camera: camera)
    for _ in 0..<3 { planes = averaged(planes, weights, grid, camera) }
    let lengths = planes.norm([0], keepingAxes: true)
    let isThere = lengths.greater(0).and(grid.middle.greater(0))
    let normals = isThere.choosing(-1 * planes / lengths, else: planes.zerosLike())
    return normals.to(.float32).reshaped([3, rows.count, columns.count])
  }

  // MARK: Windows

  /// The planes 1 / z = c₀ + c₁·Δcolumn + c₂·Δrow around each pixel, [3, pixels], and the shares of pixels on them.
  private func localPlanes(_ grid: FitGrid) -> (planes: Tensor, weights: Tensor) {
    var (best, weights) = window(grid, radii[0]).parts
    for radius in radii.dropFirst() {
      let (planes, shares) = window(grid, radius).parts
      let isFlat = shares.greaterOrEqual(share).and(
        (planes[0] - grid.middle).abs().lessOrEqual(tolerance(grid.middle)))
      best = isFlat.choosing(planes, else: best)
      // A plane of a large window counts for more where planes are averaged.
      weights = isFlat.choosing(shares * 3, else: weights)
    }
    return (best, weights)
  }

  private func window(_ grid: FitGrid, _ radius: Int) -> PlaneWindow {
    var window = PlaneWindow(grid, radius: radius, taps: Self.taps)
    window.fit((window.values - grid.middle).abs().lessOrEqual(grid.middle * reach))
    for _ in 0..<2 {
      window.fit((window.predictions - window.values).abs().lessOrEqual(tolerance(grid.middle)))
    }
    return window
  }

  /// How far from a plane an inverse depth may be: half a step of depth is q²/2 steps of inverse depth.
  private func tolerance(_ inverse: Tensor) -> Tensor {
    (inverse * (depthStep / 2) + flatness) * inverse
  }

  // MARK: Neighbours

  /// Each pixel's mean of the planes in space around it that pass through its depth and are not turned from its own.
  private func averaged(_ planes: Tensor, _ weights: Tensor, _ grid: FitGrid, _ camera: Camera) -> Tensor {
    let rays = grid.rays(camera)
    let lengths = planes.square().sum([0]).sqrt()
    let least = cos(turn * .pi / 180)
    let limit = (grid.middle * (depthStep / 2) + 0.01) * grid.middle
    let all = Tensor.concatenated([planes, weights.unsqueezed(0)])
    var (sum, total) = (planes.zerosLike(), weights.zerosLike())
    for neighbour in grid.shifted(all, radius: neighbourhood, taps: Self.taps) {
      let plane = neighbour.narrowed(0, start: 0, length: 3)
      let passes = ((plane * rays).sum([0]) - grid.middle).abs().lessOrEqual(limit)
      let product = (plane * planes).sum([0])
      let isAlike = product.greaterOrEqual(plane.square().sum([0]).sqrt() * lengths * least)
      let weight = passes.and(isAlike).to(.float32) * neighbour[3]
      sum = sum + plane * weight
      total = total + weight
    }
    return total.greater(0).choosing(sum / total, else: planes)
  }
}
