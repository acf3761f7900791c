public import Torch
import TorchNN
public import TruceData
public import TruceModels

/// The direction of the surface at each pixel: one minus the mean cosine over the valid pixels, measured by angles.
///
/// Outputs and labels are [B, 3, H, W]. The network's vectors may have any length and are brought to unit length here;
/// labels are taken as they are, (0, 0, 0) standing for none.
public struct NormalTask: ProblemTask, Sendable {
  /// The task's name.
  public let name: String
  /// How the batches of a split become one value.
  public let averaging: MetricAveraging
  /// What marks a pixel as one without a label.
  public let validity: PixelValidity

  /// Creates a task.
  public init(name: String, averaging: MetricAveraging = .set, validity: PixelValidity = .sum) {
    self.name = name
    self.averaging = averaging
    self.validity = validity
  }

  /// A vector for each pixel.
  public var output: TaskOutput { .map(channels: 3) }

  /// 1 − the mean of ⟨x / |x|, y⟩ over the valid pixels; nil where there are none.
  public func loss(output: Tensor, target: TaskTarget) -> Tensor? {
    let valid = target.validPixels(by: validity)
    guard valid.holdsTrue else { return nil }
    let labels = valid.choosing(target.values.to(output.dtype), else: output.detached().zerosLike())
    let products = (output.unitVectors() * labels).sum()
    return 1 - products / valid.sum().to(output.dtype)
  }

  /// ``NormalAngles`` that have seen nothing.
  public func makeMetrics() -> [any Metric] {
    [NormalAngles(averaging: averaging, validity: validity)]
  }

  /// The mean direction over the valid pixels, for maps of the labels' height and width.
  public func constantAnswers(to target: TaskTarget) -> [Tensor] {
    let valid = target.validPixels(by: validity)
    guard valid.holdsTrue else { return [] }
    let sum = (target.values * valid.to(target.values.dtype)).to(.float64).sum([0, 2, 3], keepingAxes: true)
    return [sum.to(.float32).expanded([1] + target.values.shape.dropFirst())]
  }

  /// The direction at each pixel.
  public func answers(output: Tensor, target: TaskTarget) -> ShownAnswers? {
    let unknown = target.validPixels(by: validity).not()
    return .maps(
      .directions, labels: target.values.to(output.dtype).maskedFilled(unknown, with: 0.0),
      predictions: output.unitVectors())
  }
}
