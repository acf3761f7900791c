import Torch

extension Corruption {
  /// Adds one of the three kinds of noise.
  func noise(_ pictures: Tensor, severity: Int, using generator: Generator) -> Tensor {
    switch self {
    case .speckleNoise:
      let deviation = value(severity, of: [0.06, 0.1, 0.12, 0.16, 0.2])
      return pictures + pictures * normal(like: pictures, deviation, generator)
    case .impulseNoise:
      return impulses(
        in: pictures, share: value(severity, of: [0.01, 0.02, 0.03, 0.05, 0.07]), using: generator)
    default:
      let deviation = value(severity, of: [0.04, 0.06, 0.08, 0.09, 0.1])
      return pictures + normal(like: pictures, deviation, generator)
    }
  }

  private func normal(like pictures: Tensor, _ deviation: Double, _ generator: Generator) -> Tensor {
    Tensor.normal(
      pictures.shape, standardDeviation: deviation, using: generator, dtype: pictures.dtype
    ).to(pictures.device)
  }

  /// Turns a share of all values to 0 or 1, each with one half of it.
  private func impulses(in pictures: Tensor, share: Double, using generator: Generator) -> Tensor {
    let draws = Tensor.uniform(pictures.shape, using: generator, dtype: pictures.dtype).to(pictures.device)
    return pictures.maskedFilled(draws.less(share), with: 0.0)
      .maskedFilled(draws.less(share / 2), with: 1.0)
  }
}
