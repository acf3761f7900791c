import Foundation
public import Torch
public import TruceData
public import TruceRun

/// The angles between predicted and true normals: mean, median, and the shares below 11.25, 22.5 and 30 degrees.
///
/// The median is the exact one over the split, which costs four bytes a pixel while the split is measured
/// (see `AngleBuffer`); of an even number of angles it is the mean of the two in the middle.
public struct NormalAngles: DeferredMetric {
  /// What is done to the network's vectors first.
  public enum Outputs: String, Codable, Sendable {
    /// They are brought to unit length.
    case normalised
    /// They are taken as they are.
    case asTheyAre
  }

  /// The bounds of the shares, in degrees.
  public static let thresholds = [11.25, 22.5, 30]

  private let averaging: MetricAveraging
  private let validity: PixelValidity
  private let outputs: Outputs
  /// The mean and the shares over the split; of each batch the median too.
  private var means: PixelMeans
  private var angles = AngleBuffer()

  /// Creates a metric that has seen nothing.
  public init(
    averaging: MetricAveraging = .set, validity: PixelValidity = .sum, outputs: Outputs = .normalised
  ) {
    self.averaging = averaging
    self.validity = validity
    self.outputs = outputs
    means = PixelMeans(2 + Self.thresholds.count, averaging: averaging)
  }

  /// `mean_angle` and `median_angle` in degrees, better when lower, and `within_11_25`, `within_22_5` and `within_30`,
  /// shares that are better when higher.
  public var records: [MetricRecord] {
    ["mean_angle", "median_angle"].map { MetricRecord(name: $0, higherIsBetter: false) }
      + ["within_11_25", "within_22_5", "within_30"].map { MetricRecord(name: $0, higherIsBetter: true) }
  }

  /// Keeps the angles between vectors and labels [B, 3, H, W], and their sums.
  public func numbers(output: Tensor, target: TaskTarget) -> BatchNumbers? {
    let vectors = outputs == .normalised ? output.to(.float64).unitVectors() : output.to(.float64)
    let cosines = (vectors * target.values.to(.float64)).sum([1], keepingAxes: true)
    let degrees = cosines.clamped(minimum: -1, maximum: 1).acos() * (180 / Double.pi)
    let counted = degrees.maskedSelect(target.validPixels(by: validity))
    // The place of the median stays empty: medians do not add up.
    let empty = Tensor.zeros([], dtype: .float64, device: counted.device)
    let within = Self.thresholds.map { counted.less($0).sum().to(.float64) }
    return BatchNumbers(
      count: counted.count,
      [Tensor.stacked([counted.sum(), empty] + within), AngleBuffer.codes(of: counted)])
  }

  /// Adds a batch's sums and angles.
  public mutating func add(_ numbers: [[Double]], count: Int) {
    add(numbers[0], AngleBuffer(codes: numbers[1]))
  }

  private mutating func add(_ sums: [Double], _ batch: AngleBuffer) {
    guard averaging != .set else {
      means.add(sums: sums, count: batch.count)
      angles.merge(batch)
      return
    }
    var values = sums.map { $0 / Double(batch.count) }
    values[1] = Self.median(of: batch, mean: values[0])
    means.add(sums: sums, count: batch.count, values: values)
  }

  /// Adds the other's angles.
  public mutating func merge(_ other: NormalAngles) {
    means.merge(other.means)
    angles.merge(other.angles)
  }

  /// Mean, median and shares.
  public var values: [Double] {
    guard var values = means.overSet else { return means.overBatches }
    values[1] = Self.median(of: angles, mean: values[0])
    return values
  }

  /// The median; not a number where an angle is none, which the mean alone tells.
  private static func median(of angles: AngleBuffer, mean: Double) -> Double {
    mean.isNaN ? .nan : angles.median
  }
}
