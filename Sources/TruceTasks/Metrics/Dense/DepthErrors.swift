public import Torch
public import TruceData
public import TruceRun

/// Absolute and relative error of a depth for each pixel: the means of |x − y| and |x − y| / y over valid pixels.
///
/// A pixel is valid where its label is not 0 (summed over its channels, of which a depth has one).
public struct DepthErrors: Metric {
  private var means: PixelMeans

  /// Creates a metric that has seen nothing.
  public init(averaging: MetricAveraging = .set) {
    means = PixelMeans(2, averaging: averaging)
  }

  /// `absolute_error` in the labels' unit and `relative_error` as a share, both better when lower.
  public var records: [MetricRecord] {
    ["absolute_error", "relative_error"].map { MetricRecord(name: $0, higherIsBetter: false) }
  }

  /// Takes in depths and labels [B, 1, H, W].
  public mutating func update(output: Tensor, target: TaskTarget) {
    let valid = target.validPixels
    // What does not count may hold anything, and a division by it too.
    let labels = valid.choosing(target.values, else: target.values.onesLike()).to(.float64)
    let errors = (output.to(.float64) - labels).abs()
    let counted = [errors, errors / labels].map { valid.choosing($0, else: $0.zerosLike()).sum() }
    let numbers = Tensor.stacked([valid.sum().to(.float64)] + counted).toArray(as: Double.self)
    means.add(sums: Array(numbers.dropFirst()), count: Int(numbers[0]))
  }

  /// Adds the other's errors.
  public mutating func merge(_ other: DepthErrors) { means.merge(other.means) }

  /// The absolute and the relative error.
  public var values: [Double] { means.overSet ?? means.overBatches }
}
