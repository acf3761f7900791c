import Foundation
import Testing
import Torch

@testable import TruceData

@Suite("Normals from depth")
struct NormalFitTests {
  private let camera = Camera.nyuv2.scaled(toHeight: 72, width: 96)
  private let fit: NormalFit = {
    var fit = NormalFit(depthStep: 0.02)
    fit.radii = [4, 8]
    fit.neighbourhood = 6
    return fit
  }()

  /// Depths of planes n · p = d, of which the one at each pixel is chosen, in steps.
  private func depths(_ plane: (_ row: Int, _ column: Int) -> (n: [Double], d: Double)?) -> Tensor {
    let values = (0..<72).flatMap { row in
      (0..<96).map { column -> Float in
        guard let plane = plane(row, column) else { return 0 }
        let ray = [
          (Double(column) - camera.cx) / camera.fx, (Double(row) - camera.cy) / camera.fy, 1,
        ]
        let z = plane.d / zip(plane.n, ray).reduce(0) { $0 + $1.0 * $1.1 }
        return Float((z / 0.02).rounded() * 0.02)
      }
    }
    return Tensor(values, shape: [72, 96])
  }

  /// The angles between the normals that are found and −n, at every third pixel.
  private func angles(_ depths: Tensor, _ n: (_ row: Int, _ column: Int) -> [Double]) -> [[Double]] {
    let rows = NYUv2Preparation.middles(24, of: 72)
    let columns = NYUv2Preparation.middles(32, of: 96)
    let found = fit.normals(of: depths, camera: camera, rows: rows, columns: columns)
    #expect(found.shape == [3, 24, 32])
    let numbers = found.permuted([1, 2, 0]).toArray(as: Double.self)
    return rows.enumerated().map { r, row in
      columns.enumerated().map { c, column in
        let vector = numbers[(3 * (32 * r + c))..<(3 * (32 * r + c) + 3)]
        let cosine = -zip(vector, n(row, column)).reduce(0) { $0 + $1.0 * $1.1 }
        return acos(min(1, max(-1, cosine))) * 180 / .pi
      }
    }
  }

  @Test("of a plane are the plane's, all over the picture")
  func plane() {
    let normal = [0.48, 0.6, 0.64]
    let found = angles(depths { _, _ in (normal, 2) }) { _, _ in normal }.flatMap { $0 }
    let sorted = found.sorted()
    #expect(sorted[sorted.count / 2] < 1 && sorted[sorted.count * 95 / 100] < 3)
  }

  @Test("do not mix the surfaces at an edge of depth")
  func edge() {
    let (left, right) = ([0.0, 0.8, 0.6], [0.6, 0.0, 0.8])
    let found = angles(depths { _, column in column < 48 ? (left, 1.2) : (right, 3) }) { _, column in
      column < 48 ? left : right
    }
    let atEdge = found.flatMap { [$0[15], $0[16]] }.sorted()
    #expect(atEdge[atEdge.count / 2] < 3)
  }

  @Test("are none where there is no depth, and of unit length elsewhere")
  func holes() {
    let depth = depths { row, column in (20..<40).contains(row) && column > 50 ? nil : ([0, 0, 1], 2) }
    let found = fit.normals(of: depth, camera: camera, rows: Array(0..<72), columns: Array(0..<96))
    let lengths = found.square().sum([0]).sqrt()
    #expect(lengths[30][70].item() == 0 && lengths[20][51].item() == 0)
    #expect(abs(lengths[10][70].item() - 1) < 1e-5 && abs(lengths[30][30].item() - 1) < 1e-5)
    #expect(abs(found[2][10][10].item() + 1) < 1e-3)
  }

  @Test("belong to a camera that keeps its view at another size")
  func otherSize() {
    let half = Camera.nyuv2.scaled(toHeight: 240, width: 320)
    #expect(abs(half.fx - 518.857901 / 2) < 1e-9)
    // The same point in the middle of the optical axis: half a pixel less, halved, half a pixel back.
    #expect(abs(half.cx - (324.582449 + 0.5) / 2 + 0.5) < 1e-9)
    #expect(half.height == 240 && half.width == 320)
  }
}
