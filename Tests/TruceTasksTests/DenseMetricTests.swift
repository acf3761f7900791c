import Foundation
import Testing
import Torch
import TorchTestSupport
import TruceData
import TruceRun

@testable import TruceTasks

@Suite("Metrics of maps")
struct DenseMetricTests {
  private func target(_ values: Tensor, mask: Tensor? = nil) -> TaskTarget {
    TaskTarget(task: "t", values: values, mask: mask)
  }

  /// Measures the examples at once, and in parts that are merged in memory and as sent state.
  private func parts<Measured: Metric>(
    _ fresh: Measured, _ output: Tensor, _ values: Tensor
  ) -> [[Double]] {
    func measured(_ range: Range<Int>) -> Measured {
      var metric = fresh
      metric.update(output: output[range], target: target(values[range]))
      return metric
    }
    var (merged, sent) = (measured(0..<1), measured(0..<1))
    merged.merge(measured(1..<4))
    let isTaken = sent.merge(state: measured(1..<4).state)
    #expect(isTaken)
    return [measured(0..<4).values, merged.values, sent.values]
  }

  @Test("are the same gathered at once or in parts")
  func merging() {
    let classes = Tensor((0..<64).map { $0 * 7 % 5 - 1 }, shape: [4, 4, 4])
    let depths = (wave([4, 1, 4, 4], 1) + 1.5) * wave([4, 1, 4, 4], 2).greater(-0.5).to(.float64)
    let vectors = wave([4, 3, 4, 4], 1)
    let results = [
      parts(SegmentationQuality(classCount: 4), wave([4, 4, 4, 4], 0), classes),
      parts(DepthErrors(), wave([4, 1, 4, 4], 0), depths),
      parts(NormalAngles(), wave([4, 3, 4, 4], 0.4), vectors / vectors.norm([1], keepingAxes: true)),
      parts(F1Score(), wave([4, 3], 0), wave([4, 3], 0.5).greater(0).to(.float64)),
      parts(AreaUnderCurve(), wave([4, 3], 0), wave([4, 3], 0.5).greater(0).to(.float64)),
      parts(RootMeanSquareError(), wave([4, 3], 0), wave([4, 3], 0.5)),
    ]
    for values in results {
      #expect(values[0].allSatisfy { $0.isFinite })
      for other in values.dropFirst() {
        #expect(zip(values[0], other).allSatisfy { abs($0 - $1) < 1e-12 })
      }
    }
  }

  @Test("are not a number before the first pixel that counts")
  func nothing() {
    let metrics: [any Metric] = [
      SegmentationQuality(classCount: 2), DepthErrors(), NormalAngles(), F1Score(), AreaUnderCurve(),
      RootMeanSquareError(), DepthErrors(averaging: .batches), NormalAngles(averaging: .batches),
    ]
    for metric in metrics {
      #expect(metric.values.allSatisfy { $0.isNaN } && metric.values.count == metric.records.count)
    }
    var depth = DepthErrors(averaging: .batches)
    depth.update(output: wave([1, 1, 2, 2], 0), target: target(Tensor.zeros([1, 1, 2, 2])))
    #expect(depth.values.allSatisfy { $0.isNaN })
    depth.update(output: Tensor.full([1, 1, 1, 1], 3), target: target(Tensor.full([1, 1, 1, 1], 2)))
    #expect(depth.values == [1, 0.5])
  }

  @Test("leave out what a mask leaves out, whatever stands there")
  func masks() {
    var depth = DepthErrors()
    let labels = Tensor([2.0, .nan, 4, 0], shape: [1, 1, 2, 2])
    depth.update(
      output: Tensor.full([1, 1, 2, 2], 3.0),
      target: target(labels, mask: Tensor([true, false, true, true], shape: [1, 1, 2, 2])))
    #expect(depth.values == [1, 0.375])
    var quality = SegmentationQuality(classCount: 2)
    let scores = Tensor([0.0, 1, 0, 1], shape: [2, 2, 1, 1])
    quality.update(
      output: scores, target: target(Tensor([0, 1], shape: [2, 1, 1]), mask: Tensor([false, true])))
    #expect(quality.values == [1, 1])
  }

  @Test("count pixels exactly above what single precision can hold")
  func largeCounts() {
    var confusion = Confusion(classCount: 1)
    let zeros = Tensor.zeros([1 << 22], dtype: .int64)
    for _ in 0..<5 { confusion.add(labels: zeros, predictions: zeros) }
    confusion.add(labels: zeros[0..<1], predictions: zeros[0..<1])
    #expect(confusion.total == 5 << 22 + 1)
  }

  private func buffer(_ degrees: [Double]) -> AngleBuffer {
    AngleBuffer(codes: AngleBuffer.codes(of: Tensor(degrees)).toArray(as: Double.self))
  }

  @Test("find the exact median of many angles")
  func medians() {
    for count in [1, 2, 3, 10, 1001, 1002] {
      let angles = (0..<count).map { 90 + 90 * sin(Double($0 * $0)) }
      let buffer = buffer(angles)
      let sorted = angles.sorted()
      let median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
      #expect(abs(buffer.median - median) < 5e-8)
    }
    var ends = buffer([0.0, 180, 180])
    #expect(ends.median == 180)
    ends.merge(buffer([0.0, 0]))
    #expect(ends.median == 0)
  }

  @Test("say that an angle is not a number")
  func notANumber() {
    for averaging in MetricAveraging.allCases {
      var angles = NormalAngles(averaging: averaging)
      angles.update(
        output: Tensor([Double.nan, 1, 1], shape: [1, 3, 1, 1]),
        target: target(Tensor([0.0, 0, 1], shape: [1, 3, 1, 1])))
      #expect(angles.values.prefix(2).allSatisfy { $0.isNaN })
    }
  }

  @Test("bring a network's vectors to unit length")
  func lengths() {
    var angles = NormalAngles()
    angles.update(
      output: Tensor([3.0, 0, 3], shape: [1, 3, 1, 1]),
      target: target(Tensor([0.0, 0, 1], shape: [1, 3, 1, 1])))
    #expect(abs(angles.values[0] - 45) < 1e-9 && abs(angles.values[1] - 45) < 1e-7)
    #expect(angles.values.suffix(3) == [0, 0, 0])
  }
}
