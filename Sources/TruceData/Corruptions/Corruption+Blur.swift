import Foundation
import Torch

extension Corruption {
  /// Applies one of the three kinds of blur.
  func blur(_ pictures: Tensor, severity: Int) -> Tensor {
    switch self {
    case .defocusBlur:
      let lens = value(severity, of: [(0.3, 0.4), (0.4, 0.5), (0.5, 0.6), (1, 0.2), (1.5, 0.1)])
      return convolved(pictures, with: disk(radius: lens.0, smoothing: lens.1), beyondEdge: .reflect)
    case .zoomBlur:
      return zoomed(pictures, by: value(severity, of: [6, 11, 16, 21, 26]).factors)
    default:
      let deviation = value(severity, of: [0.4, 0.6, 0.7, 0.8, 1])
      let profile = gaussian(deviation, radius: Int(4 * deviation + 0.5))
      return convolved(pictures, with: profile.map { a in profile.map { a * $0 } }, beyondEdge: .replicate)
    }
  }

  /// A normal distribution at whole numbers from −radius to radius, with the sum 1.
  private func gaussian(_ deviation: Double, radius: Int) -> [Double] {
    let heights = (-radius...radius).map { exp(-Double($0 * $0) / (2 * deviation * deviation)) }
    let sum = heights.reduce(0, +)
    return heights.map { $0 / sum }
  }

  /// A disk of pixels whose centres lie within a radius, smoothed at its edge by a Gaussian of 3×3.
  private func disk(radius: Double, smoothing: Double) -> [[Double]] {
    let reach = Int(radius.rounded(.down)) + 1
    let axis = Array(-reach...reach)
    let inside = axis.map { y in axis.map { x in Double(x * x + y * y) <= radius * radius ? 1.0 : 0 } }
    let area = inside.joined().reduce(0, +)
    let profile = gaussian(smoothing, radius: 1)
    return axis.indices.map { y in
      axis.indices.map { x in
        var sum = 0.0
        for i in -1...1 where axis.indices.contains(y + i) {
          for j in -1...1 where axis.indices.contains(x + j) {
            sum += profile[i + 1] * profile[j + 1] * inside[y + i][x + j] / area
          }
        }
        return sum
      }
    }
  }

  /// Convolves every channel with a square kernel of odd size.
  private func convolved(
    _ pictures: Tensor, with kernel: [[Double]], beyondEdge edge: PaddingMode
  ) -> Tensor {
    let size = kernel.count
    let margin = size / 2
    let weight = Tensor(kernel.flatMap(\.self), shape: [1, 1, size, size])
      .to(pictures.dtype, on: pictures.device)
    let shape = pictures.shape
    let planes = pictures.reshaped([shape[0] * shape[1], 1, shape[2], shape[3]])
    return planes.padded([margin, margin, margin, margin], edge).conv2d(weight: weight).reshaped(shape)
  }

  /// The mean of a picture and of its enlargements around the middle.
  private func zoomed(_ pictures: Tensor, by factors: [Double]) -> Tensor {
    let sum = factors.reduce(pictures) { $0 + enlarged(pictures, by: $1) }
    return sum / Double(factors.count + 1)
  }

  private func enlarged(_ pictures: Tensor, by factor: Double) -> Tensor {
    let (height, width) = (pictures.shape[2], pictures.shape[3])
    let seen = Extent(
      Int((Double(height) / factor).rounded(.up)), Int((Double(width) / factor).rounded(.up)))
    let size = Extent(
      Int((Double(seen.height) * factor).rounded()), Int((Double(seen.width) * factor).rounded()))
    let middle = cut(pictures, to: seen)
    return cut(middle.interpolated(to: size, .bilinear(alignCorners: true)), to: Extent(height, width))
  }

  /// The middle of pictures.
  private func cut(_ pictures: Tensor, to size: Extent) -> Tensor {
    let (height, width) = (pictures.shape[2], pictures.shape[3])
    return pictures.narrowed(2, start: (height - size.height) / 2, length: size.height)
      .narrowed(3, start: (width - size.width) / 2, length: size.width)
  }
}

extension Int {
  /// So many factors from 1 on, each a hundredth above the one before.
  fileprivate var factors: [Double] { (0..<self).map { 1 + 0.01 * Double($0) } }
}
