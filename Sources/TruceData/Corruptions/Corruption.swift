public import Torch

/// A way in which pictures go bad: noise, blur, weather and digital loss, each in five severities.
///
/// Pictures are tensors [count, channels, height, width] with values in 0 … 1, and stay so.
///
/// - Source: D. Hendrycks and T. Dietterich, "Benchmarking neural network robustness to common corruptions and
///   perturbations", ICLR 2019 (arXiv 1903.12261). The severities are those of their CIFAR-10-C
///   (hendrycks/robustness, `make_cifar_c.py`), which were made for pictures of 32×32.
/// - Note: Of their nineteen corruptions these are the ones that are formulas on a picture. Frost needs photographs; snow,
///   motion blur, spatter and JPEG need the drawing and coding of other libraries; shot noise, fog, glass blur, elastic
///   and saturate are formulas too, and not here yet.
public enum Corruption: String, CaseIterable, Sendable {
  /// Normal noise of one standard deviation everywhere.
  case gaussianNoise = "gaussian-noise"
  /// Normal noise that grows with a pixel's brightness.
  case speckleNoise = "speckle-noise"
  /// Pixels that turn black or white.
  case impulseNoise = "impulse-noise"
  /// A Gaussian blur.
  case gaussianBlur = "gaussian-blur"
  /// The blur of a lens that is out of focus.
  case defocusBlur = "defocus-blur"
  /// The blur of a lens that zooms.
  case zoomBlur = "zoom-blur"
  /// More light.
  case brightness
  /// Less contrast.
  case contrast
  /// Coarser pixels.
  case pixelate

  /// The severities, mildest first.
  public static let severities = 1...5

  /// Returns corrupted copies of pictures.
  ///
  /// - Parameters:
  ///   - pictures: Shape [count, channels, height, width], real numbers in 0 … 1.
  ///   - severity: In ``severities``; another value traps.
  ///   - generator: Where noise is drawn, in host memory whatever the pictures' device, so that a seed gives the same
  ///     noise everywhere.
  /// - Returns: Pictures of the same shape, in 0 … 1.
  /// - Complexity: O(pixels), times the kernel for the blurs.
  public func apply(to pictures: Tensor, severity: Int, using generator: Generator) -> Tensor {
    precondition(Self.severities.contains(severity), "severity \(severity) is not in 1 … 5")
    precondition(pictures.rank == 4, "pictures have four axes, not \(pictures.rank)")
    let changed =
      switch self {
      case .gaussianNoise, .speckleNoise, .impulseNoise:
        noise(pictures, severity: severity, using: generator)
      case .gaussianBlur, .defocusBlur, .zoomBlur: blur(pictures, severity: severity)
      case .brightness, .contrast, .pixelate: tone(pictures, severity: severity)
      }
    return changed.clamped(minimum: 0, maximum: 1)
  }

  /// The entry of a list of five.
  func value<Value>(_ severity: Int, of values: [Value]) -> Value {
    precondition(values.count == Self.severities.count, "a value for each severity")
    return values[severity - 1]
  }
}
