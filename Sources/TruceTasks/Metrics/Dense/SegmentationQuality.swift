public import Torch
public import TruceData
public import TruceRun

/// Mean intersection over union and pixel accuracy of a class for each pixel, from exact counts.
///
/// A class that occurs in neither labels nor predictions does not count in the mean, but for
/// ``MetricAveraging/published``.
public struct SegmentationQuality: DeferredMetric {
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

  /// Keeps the counts of scores [B, C, H, W] and labels [B, H, W]; pixels whose label is no class do not count.
  public func numbers(output: Tensor, target: TaskTarget) -> BatchNumbers? {
    let labels = target.values(ignoring: SegmentationTask.ignoredLabel)
    return BatchNumbers([confusion.found(labels: labels, predictions: output.argmax(1))])
  }

  /// Adds a batch's counts.
  public mutating func add(_ numbers: [[Double]], count: Int) {
    var batch = Confusion(classCount: confusion.classCount)
    batch.add(numbers[0].map { Int($0) })
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
