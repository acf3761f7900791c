import Torch
import TruceData

// Cases of maps: a class, a depth or a normal for each pixel.

/// A batch of maps, row-major.
private struct MapBatch: Decodable, Sendable {
  let shape: [Int]
  let label: [Double]
  let prediction: [Double]

  /// What is wrong with it; nil for nothing.
  func problem(rank: Int, channels: Int?) -> String? {
    let count = shape.reduce(1, *)
    guard shape.count == rank, shape.allSatisfy({ $0 > 0 }), channels.map({ shape[1] == $0 }) ?? true else {
      return "the shape \(shape) does not fit"
    }
    guard label.count == count, prediction.count == count else {
      return "\(label.count) labels and \(prediction.count) predictions for the shape \(shape)"
    }
    return nil
  }

  var labels: Tensor { Tensor(label, shape: shape) }
  var predictions: Tensor { Tensor(prediction, shape: shape) }
}

/// Classes.
struct SegmentationReference: MetricReference, Decodable {
  private struct Means: Decodable, Sendable {
    let meanIou: Double?
    let pixelAccuracy: Double?
    var list: [Double?] { [meanIou, pixelAccuracy] }
  }

  private struct Expected: Decodable, Sendable {
    let confusionLabelByPrediction: [[Double?]]
    let iou: [Double?]
    let accumulated: Means
    let publishedMeanIou: Double?
    let meanOfBatches: Means
  }

  let name: String
  private let classes: Int
  private let ignore: Int
  private let batches: [MapBatch]
  private let expected: Expected

  var problem: String? {
    guard classes > 0 else { return "segmentation '\(name)': it has no classes" }
    let outside = batches.contains { $0.prediction.contains { !(0..<Double(classes)).contains($0) } }
    let found =
      outside
      ? "a prediction is no class" : batches.lazy.compactMap { $0.problem(rank: 3, channels: nil) }.first
    return found.map { "segmentation '\(name)': \($0)" }
  }

  private func target(_ batch: MapBatch) -> TaskTarget {
    let labels = batch.labels.to(.int64)
    return TaskTarget(task: name, values: labels, mask: labels.notEqual(ignore))
  }

  private func values(_ averaging: MetricAveraging) -> [Double] {
    var quality = SegmentationQuality(classCount: classes, averaging: averaging)
    for batch in batches {
      let scores = batch.predictions.to(.int64).oneHot(classCount: classes).permuted([0, 3, 1, 2])
      quality.update(output: scores, target: target(batch))
    }
    return quality.values
  }

  func deviations() -> [MetricDeviation] {
    var confusion = Confusion(classCount: classes)
    for batch in batches {
      let labels = target(batch).values(ignoring: SegmentationTask.ignoredLabel)
      confusion.add(labels: labels, predictions: batch.predictions.to(.int64))
    }
    var list = DeviationList("segmentation/\(name)")
    list.add(
      "confusion", expected.confusionLabelByPrediction.joined().map { $0 },
      confusion.counts.map(Double.init))
    list.add("iou", expected.iou, confusion.intersectionsOverUnions.map { $0 ?? .nan })
    let published = values(.published)
    list.add("published_mean_iou", expected.publishedMeanIou, published[0])
    list.add("accumulated", expected.accumulated.list, values(.set))
    list.add("mean_of_batches", expected.meanOfBatches.list, values(.batches))
    return list.deviations
  }
}

/// Depths.
struct DepthReference: MetricReference, Decodable {
  private struct Errors: Decodable, Sendable {
    let absolute: Double?
    let relative: Double?
  }

  private struct Expected: Decodable, Sendable {
    let validPixels: Double?
    let accumulated: Errors
    let meanOfBatches: Errors
    let published: Errors
  }

  let name: String
  private let batches: [MapBatch]
  private let expected: Expected

  var problem: String? {
    batches.lazy.compactMap { $0.problem(rank: 4, channels: 1) }.first.map { "depth '\(name)': \($0)" }
  }

  func deviations() -> [MetricDeviation] {
    var list = DeviationList("depth/\(name)")
    let valid = batches.reduce(0) { $0 + $1.labels.notEqual(0).sum().integerItem() }
    list.add("valid_pixels", expected.validPixels, Double(valid))
    let parts: [(String, MetricAveraging, Errors)] = [
      ("accumulated", .set, expected.accumulated), ("mean_of_batches", .batches, expected.meanOfBatches),
      ("published", .published, expected.published),
    ]
    for (part, averaging, errors) in parts {
      var metric = DepthErrors(averaging: averaging)
      for batch in batches {
        metric.update(output: batch.predictions, target: TaskTarget(task: name, values: batch.labels))
      }
      list.add("\(part)/absolute", errors.absolute, metric.values[0])
      list.add("\(part)/relative", errors.relative, metric.values[1])
    }
    return list.deviations
  }
}

/// Normals.
struct NormalReference: MetricReference, Decodable {
  private struct Angles: Decodable, Sendable {
    let mean, median, within11, within22, within30: Double?

    enum CodingKeys: String, CodingKey {
      case mean, median
      case within11 = "within11.25"
      case within22 = "within22.5"
      case within30 = "within30"
    }
  }

  private struct Masked: Decodable, Sendable {
    let validPixels: Double?
    let accumulated: Angles
    let meanOfBatches: Angles
  }

  private struct Expected: Decodable, Sendable {
    let maskAny: Masked
    let maskSum: Masked
  }

  let name: String
  private let batches: [MapBatch]
  private let expected: Expected

  /// Degrees that two roundings of the labels' six digits may be apart.
  private static let degrees = 1e-6

  var problem: String? {
    batches.lazy.compactMap { $0.problem(rank: 4, channels: 3) }.first.map { "normals '\(name)': \($0)" }
  }

  func deviations() -> [MetricDeviation] {
    var list = DeviationList("normals/\(name)")
    for (part, validity, masked) in [
      ("mask_any", PixelValidity.any, expected.maskAny), ("mask_sum", .sum, expected.maskSum),
    ] {
      let valid = batches.reduce(0) { sum, batch in
        let target = TaskTarget(task: name, values: batch.labels)
        return sum + target.validPixels(by: validity).sum().integerItem()
      }
      list.add("\(part)/valid_pixels", masked.validPixels, Double(valid))
      add("\(part)/accumulated", masked.accumulated, values(.set, validity), to: &list)
      add("\(part)/mean_of_batches", masked.meanOfBatches, values(.batches, validity), to: &list)
    }
    return list.deviations
  }

  private func values(_ averaging: MetricAveraging, _ validity: PixelValidity) -> [Double] {
    var metric = NormalAngles(averaging: averaging, validity: validity, outputs: .asTheyAre)
    for batch in batches {
      metric.update(output: batch.predictions, target: TaskTarget(task: name, values: batch.labels))
    }
    return metric.values
  }

  private func add(_ part: String, _ angles: Angles, _ values: [Double], to list: inout DeviationList) {
    list.add("\(part)/mean", angles.mean, values[0], tolerance: Self.degrees)
    list.add("\(part)/median", angles.median, values[1], tolerance: Self.degrees)
    list.add("\(part)/within", [angles.within11, angles.within22, angles.within30], Array(values[2...]))
  }
}
