public import Torch
public import TruceData
public import TruceRun

/// Absolute and relative error of a depth for each pixel: the means of |x − y| and |x − y| / y over valid pixels.
///
/// A pixel is valid where its label is not 0 (summed over its channels, of which a depth has one).
public struct DepthErrors: DeferredMetric {
  private var means: PixelMeans

  /// Creates a metric that has seen nothing.
  public init(averaging: MetricAveraging = .set) {
    means = PixelMeans(2, averaging: averaging)
  }

  /// `absolute_error` in the labels' unit and `relative_error` as a share, both better when lower.
  public var records: [MetricRecord] {
    ["absolute_error", "relative_error"].map { MetricRecord(name: $0, higherIsBetter: false) }
  }

  /// Keeps the sums of the errors of depths and labels [B, 1, H, W], and the number of pixels that count.
  public func numbers(output: Tensor, target: TaskTarget) -> BatchNumbers? {
    let valid = target.validPixels
    // What does not count may hold anything, and a division by it too.
    let labels = valid.choosing(target.values, else: target.values.onesLike()).to(.float64)
    let errors = (output.to(.float64) - labels).abs()
    let counted = [errors, errors / labels].map { valid.choosing($0, else: $0.zerosLike()).sum() }
    return BatchNumbers([Tensor.stacked([valid.sum().to(.float64)] + counted)])
  }

  /// Adds a batch's sums.
  public mutating func add(_ numbers: [[Double]], count: Int) {
    means.add(sums: Array(numbers[0].dropFirst()), count: Int(numbers[0][0]))
  }

  /// Adds the other's errors.
  public mutating func merge(_ other: DepthErrors) { means.merge(other.means) }

  /// The absolute and the relative error.
  public var values: [Double] { means.overSet ?? means.overBatches }
}
