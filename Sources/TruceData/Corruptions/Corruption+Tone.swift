import Torch

extension Corruption {
  /// Changes light, contrast or resolution.
  func tone(_ pictures: Tensor, severity: Int) -> Tensor {
    switch self {
    case .contrast:
      let factor = value(severity, of: [0.75, 0.5, 0.4, 0.3, 0.15])
      let means = pictures.mean([2, 3], keepingAxes: true)
      return (pictures - means) * factor + means
    case .pixelate:
      return pixelated(pictures, to: value(severity, of: [0.95, 0.9, 0.85, 0.75, 0.65]))
    default:
      return brightened(pictures, by: value(severity, of: [0.05, 0.1, 0.15, 0.2, 0.3]))
    }
  }

  /// Raises the value of the HSV colour, which is the largest channel, and keeps hue and saturation.
  private func brightened(_ pictures: Tensor, by amount: Double) -> Tensor {
    let value = pictures.amax([1], keepingAxes: true)
    let raised = (value + amount).clamped(minimum: 0, maximum: 1)
    let isBlack = value.lessOrEqual(0)
    let ratio = raised / value.maskedFilled(isBlack, with: 1.0)
    return isBlack.choosing(raised.expanded(pictures.shape), else: pictures * ratio)
  }

  /// Brings pictures to a share of their size and back, by box filters.
  private func pixelated(_ pictures: Tensor, to share: Double) -> Tensor {
    let (height, width) = (pictures.shape[2], pictures.shape[3])
    func matrix(_ from: Int, _ to: Int) -> Tensor {
      boxes(from: from, to: to).to(pictures.dtype, on: pictures.device)
    }
    let rows = max(1, Int(Double(height) * share))
    let columns = max(1, Int(Double(width) * share))
    let down = matrix(height, rows).matmul(pictures).matmul(matrix(width, columns).transposed())
    return matrix(rows, height).matmul(down).matmul(matrix(columns, width).transposed())
  }

  /// The matrix [to, from] that resamples an axis: each new pixel is the mean of those whose centres it covers, or the
  /// nearest one where it covers less than one.
  private func boxes(from: Int, to: Int) -> Tensor {
    let step = Double(from) / Double(to)
    let reach = max(step, 1) / 2
    let rows = (0..<to).map { new -> [Double] in
      let centre = (Double(new) + 0.5) * step
      let covered = (0..<from).map { old in
        let distance = Double(old) + 0.5 - centre
        return distance > -reach && distance <= reach ? 1.0 : 0
      }
      let count = covered.reduce(0, +)
      return covered.map { $0 / count }
    }
    return Tensor(rows.flatMap(\.self), shape: [to, from])
  }
}
