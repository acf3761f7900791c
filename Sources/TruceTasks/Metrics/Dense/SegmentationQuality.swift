public import Torch
public import TruceData
public import TruceRun

/// Mean intersection over union and pixel accuracy of a class for each pixel, from exact counts.
///
/// A class that occurs in neither labels nor predictions does not count in the mean, but for
/// ``MetricAveraging/published``.
public struct SegmentationQuality: Metric {
  private let averaging: MetricAveraging
  private var confusion: Confusion
  private var means = BatchMeans(2)

  /// Creates a metric that has seen nothing.
  public init(classCount: Int, averaging: MetricAveraging = .set) {
    self.averaging = averaging
    confusion = Confusion(classCount: classCount)
  }

  /// `mean_iou` and `pixel_accuracy`, both better when higher.
  public var records: [MetricRecord] {
    ["mean_iou", "pixel_accuracy"].map { MetricRecord(name: $0, higherIsBetter: true) }
  }

  /// Takes in scores [B, C, H, W] and labels [B, H, W]; pixels whose label is no class do not count.
  public mutating func update(output: Tensor, target: TaskTarget) {
    var batch = Confusion(classCount: confusion.classCount)
    batch.add(
      labels: target.values(ignoring: SegmentationTask.ignoredLabel), predictions: output.argmax(1))
    confusion.merge(batch)
    if batch.total > 0 { means.add([batch.meanIntersectionOverUnion, batch.accuracy]) }
  }

  /// Adds the other's counts.
  public mutating func merge(_ other: SegmentationQuality) {
    confusion.merge(other.confusion)
    means.merge(other.means)
  }

  /// Mean intersection over union and pixel accuracy.
  public var values: [Double] {
    switch averaging {
    case .set: [confusion.meanIntersectionOverUnion, confusion.accuracy]
    case .batches: means.values
    case .published: [confusion.publishedMeanIntersectionOverUnion, confusion.accuracy]
    }
  }
}
