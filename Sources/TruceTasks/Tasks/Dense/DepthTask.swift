public import Torch
import TorchNN
public import TruceData
public import TruceModels

/// A depth for each pixel, or its inverse: the mean absolute error over the valid pixels, measured absolutely and
/// relatively.
///
/// Outputs and labels are [B, 1, H, W]; a label of 0 stands for none.
public struct DepthTask: ProblemTask, Sendable {
  /// The task's name.
  public let name: String
  /// How the batches of a split become one value.
  public let averaging: MetricAveraging
  /// Whether the numbers are inverse depths; else they are metres.
  public let isInverse: Bool

  /// Creates a task.
  public init(name: String, averaging: MetricAveraging = .set, isInverse: Bool = false) {
    self.name = name
    self.averaging = averaging
    self.isInverse = isInverse
  }

  /// One number for each pixel.
  public var output: TaskOutput { .map(channels: 1) }

  /// The mean of |x − y| over the valid pixels; nil where there are none.
  public func loss(output: Tensor, target: TaskTarget) -> Tensor? {
    let valid = target.validPixels
    guard valid.holdsTrue else { return nil }
    return Losses.l1(output, target.values.to(output.dtype), mask: valid)
  }

  /// ``DepthErrors`` that have seen nothing.
  public func makeMetrics() -> [any Metric] { [DepthErrors(averaging: averaging)] }

  /// The median and the mean over the valid pixels, for maps of the labels' height and width.
  public func constantAnswers(to target: TaskTarget) -> [Tensor] {
    let depths = target.values.maskedSelect(target.validPixels)
    guard depths.count > 0 else { return [] }
    return [depths.median(0, keepingAxes: true), depths.mean([0], keepingAxes: true)].map {
      $0.reshaped([1, 1, 1, 1]).expanded([1] + target.values.shape.dropFirst())
    }
  }

  /// The depth at each pixel.
  public func answers(output: Tensor, target: TaskTarget) -> ShownAnswers? {
    let unknown = target.validPixels.not()
    return .maps(
      .depth(isInverse: isInverse),
      labels: target.values.to(output.dtype).maskedFilled(unknown, with: Double.nan), predictions: output)
  }
}
