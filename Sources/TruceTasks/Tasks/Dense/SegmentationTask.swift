public import Torch
import TorchNN
public import TruceData
public import TruceModels

/// A class for each pixel: cross entropy over the labelled pixels, measured by mean intersection over union and pixel
/// accuracy.
///
/// The network gives a logit a class and pixel, [B, C, H, W]; labels are whole numbers [B, H, W], with
/// ``ignoredLabel`` at pixels without one.
public struct SegmentationTask: ProblemTask, Sendable {
  /// The label of pixels without a class.
  public static let ignoredLabel = -1

  /// The task's name.
  public let name: String
  /// The names of the classes, in the order of their numbers.
  public let classes: [String]
  /// How the batches of a split become one value.
  public let averaging: MetricAveraging

  /// Creates a task.
  public init(name: String, classes: [String], averaging: MetricAveraging = .set) {
    self.name = name
    self.classes = classes
    self.averaging = averaging
  }

  /// A logit a class for each pixel.
  public var output: TaskOutput { .map(channels: classes.count) }

  /// The mean of −log softmax at the label over the labelled pixels; nil where there are none.
  public func loss(output: Tensor, target: TaskTarget) -> Tensor? {
    let labels = target.values(ignoring: Self.ignoredLabel)
    guard labels.notEqual(Self.ignoredLabel).holdsTrue else { return nil }
    return Losses.crossEntropy(output, labels, ignoring: Self.ignoredLabel)
  }

  /// A ``SegmentationQuality`` that has seen nothing.
  public func makeMetrics() -> [any Metric] {
    [SegmentationQuality(classCount: classes.count, averaging: averaging)]
  }

  /// The most frequent class, as a logit of 1, for maps of the labels' height and width.
  public func constantAnswers(to target: TaskTarget) -> [Tensor] {
    let labels = target.values(ignoring: Self.ignoredLabel)
    let counts = (labels + 1).flattened().bincount(minimumLength: classes.count + 1)
      .narrowed(0, start: 1, length: classes.count)
    guard counts.sum().item() > 0 else { return [] }
    let row = counts.argmax(0).oneHot(classCount: classes.count).to(.float32)
    return [row.reshaped([1, classes.count, 1, 1]).expanded([1, classes.count] + labels.shape.suffix(2))]
  }

  /// The class with the greatest logit at each pixel.
  public func answers(output: Tensor, target: TaskTarget) -> ShownAnswers? {
    .maps(
      .classes(classes), labels: target.values(ignoring: Self.ignoredLabel), predictions: output.argmax(1))
  }
}
