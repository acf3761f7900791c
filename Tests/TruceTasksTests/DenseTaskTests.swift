import Foundation
import Testing
import TorchNN
import TorchTestSupport
import TruceData
import TruceModels
import TruceRun
import TruceTasks

@testable import Torch

/// A target of one task.
private func target(_ values: Tensor, mask: Tensor? = nil) -> TaskTarget {
  TaskTarget(task: "t", values: values, mask: mask)
}

private func mismatches(_ output: Tensor, _ loss: () -> Tensor?) throws -> [String] {
  try gradientMismatches(NamedTensors([("output", output)])) { loss() ?? Tensor.zeros([], dtype: .float64) }
}

@Suite("Segmentation")
struct SegmentationTaskTests {
  private let task = SegmentationTask(name: "t", classes: ["wall", "floor", "bed"])
  private let labels = Tensor([0, 2, -1, 1, -1, 2, 2, 0], shape: [2, 2, 2])

  @Test("is learned by the mean of −log softmax over the labelled pixels")
  func value() throws {
    let output = wave([2, 3, 2, 2], 0.3, scale: 2)
    let logits = output.logSoftmax(1).permuted([0, 2, 3, 1]).reshaped([8, 3]).toArray(as: Double.self)
    let numbers = labels.flattened().toArray(as: Int.self)
    let losses = numbers.enumerated().filter { $0.element >= 0 }.map { -logits[3 * $0.offset + $0.element] }
    let loss = try #require(task.loss(output: output, target: target(labels)))
    #expect(abs(loss.item() - losses.reduce(0, +) / 6) < 1e-12)
    #expect(try mismatches(output) { task.loss(output: output, target: target(labels)) }.isEmpty)
  }

  @Test("leaves out pixels and examples that a mask leaves out")
  func masks() throws {
    let output = wave([2, 3, 2, 2], 0.3)
    let first = task.loss(
      output: output.narrowed(0, start: 0, length: 1), target: target(labels.narrowed(0, start: 0, length: 1))
    )
    let masked = task.loss(output: output, target: target(labels, mask: Tensor([true, false])))
    #expect(try #require(first).item() == #require(masked).item())
    #expect(task.loss(output: output, target: target(labels, mask: Tensor([false, false]))) == nil)
  }

  @Test("has no loss where no pixel has a label")
  func nothing() {
    let none = Tensor.full([1, 2, 2], -1, dtype: .int64)
    #expect(task.loss(output: wave([1, 3, 2, 2], 0), target: target(none)) == nil)
    #expect(task.output == .map(channels: 3))
    #expect(task.metricRecords.map(\.name) == ["mean_iou", "pixel_accuracy"])
  }
}

@Suite("Depth")
struct DepthTaskTests {
  private let task = DepthTask(name: "t")
  private let labels = Tensor([1.0, 0, 3, 2, 0, 0], shape: [1, 1, 2, 3])

  @Test("is learned by the mean distance over the valid pixels")
  func value() throws {
    let output = wave([1, 1, 2, 3], 0.3)
    let numbers = output.toArray(as: Double.self)
    let expected = (abs(numbers[0] - 1) + abs(numbers[2] - 3) + abs(numbers[3] - 2)) / 3
    let loss = try #require(task.loss(output: output, target: target(labels)))
    #expect(abs(loss.item() - expected) < 1e-12)
    #expect(try mismatches(output) { task.loss(output: output, target: target(labels)) }.isEmpty)
  }

  @Test("has no loss where no pixel is valid, by its label or its mask")
  func nothing() {
    let output = wave([1, 1, 2, 3], 0.3)
    #expect(task.loss(output: output, target: target(labels.zerosLike())) == nil)
    #expect(task.loss(output: output, target: target(labels, mask: labels.less(0))) == nil)
    #expect(task.output == .map(channels: 1))
  }
}

@Suite("Normals")
struct NormalTaskTests {
  private let task = NormalTask(name: "t")
  /// Unit vectors at three of four pixels; the last has none.
  private let labels = Tensor(
    [0.6, 0, 0, 0, 0, -1, 0, 0, 0.8, 0, 1, 0], shape: [1, 3, 2, 2])

  @Test("are learned by one minus the mean cosine over the valid pixels")
  func value() throws {
    let output = wave([1, 3, 2, 2], 0.3, scale: 3)
    let x = output.permuted([0, 2, 3, 1]).reshaped([4, 3]).toArray(as: Double.self)
    func cosine(_ pixel: Int, _ label: [Double]) -> Double {
      let vector = x[(3 * pixel)..<(3 * pixel + 3)]
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return zip(vector, label).reduce(0) { $0 + $1.0 * $1.1 } / length
    }
    let cosines = [cosine(0, [0.6, 0, 0.8]), cosine(1, [0, -1, 0]), cosine(2, [0, 0, 1])]
    let loss = try #require(task.loss(output: output, target: target(labels)))
    #expect(abs(loss.item() - (1 - cosines.reduce(0, +) / 3)) < 1e-12)
    #expect(try mismatches(output) { task.loss(output: output, target: target(labels)) }.isEmpty)
  }

  @Test("have finite gradients where a network gives a vector of length zero")
  func zeroVectors() throws {
    let output = Tensor.zeros([1, 3, 2, 2], dtype: .float64)
    output.requiresGrad = true
    let loss = try #require(task.loss(output: output, target: target(labels)))
    let gradient = try #require(try Autograd.gradients(of: [loss], withRespectTo: [output])[0])
    #expect(loss.item() == 1 && gradient.isFinite().all().item() == 1)
  }

  @Test("leave out vectors whose components cancel, as published, or count them")
  func validity() throws {
    let cancelling = Tensor([0.5, -0.75, 0.25], shape: [1, 3, 1, 1])
    let output = Tensor([0.0, -1, 0], shape: [1, 3, 1, 1])
    #expect(task.loss(output: output, target: target(cancelling)) == nil)
    let every = NormalTask(name: "t", validity: .any)
    #expect(try #require(every.loss(output: output, target: target(cancelling))).item() == 0.25)
    #expect(every.loss(output: output, target: target(cancelling.zerosLike())) == nil)
    #expect(task.output == .map(channels: 3))
  }
}

@Suite("Answers of dense tasks")
struct DenseAnswerTests {
  private func maps(_ answers: ShownAnswers?) throws -> (kind: MapKind, labels: Tensor, predictions: Tensor) {
    guard case .maps(let kind, let labels, let predictions)? = answers else {
      throw TaskError.incompatible(reason: "no maps", help: "")
    }
    return (kind, labels, predictions)
  }

  @Test("are the likeliest classes, with no label where a mask says so")
  func classes() throws {
    let output = Tensor([0, 1, 2, 0, 1, 3, 2, 0] as [Float], shape: [1, 2, 2, 2])
    let labels = Tensor([0, 1, -1, 1], shape: [1, 2, 2])
    let mask = Tensor([true, false, true, true], shape: [1, 2, 2])
    let shown = try maps(
      SegmentationTask(name: "t", classes: ["a", "b"]).answers(
        output: output, target: target(labels, mask: mask)))
    #expect(shown.kind == .classes(["a", "b"]))
    #expect(shown.labels.toArray(as: Int.self) == [0, -1, -1, 1])
    #expect(shown.predictions.toArray(as: Int.self) == [1, 1, 0, 0])
  }

  @Test("are depths, with no number where there is no label")
  func depths() throws {
    let labels = Tensor([2, 0, 3] as [Float], shape: [1, 1, 1, 3])
    let output = Tensor([1, 2, 3] as [Float], shape: [1, 1, 1, 3])
    let shown = try maps(DepthTask(name: "t").answers(output: output, target: target(labels)))
    #expect(shown.kind == .numbers("depth in metres"))
    let known = shown.labels.toArray(as: Float.self)
    #expect(known[0] == 2 && known[1].isNaN && known[2] == 3)
    #expect(shown.predictions.toArray(as: Float.self) == [1, 2, 3])
    let inverse = DepthTask(name: "t", isInverse: true).answers(output: output, target: target(labels))
    #expect(try maps(inverse).kind == .numbers("inverse depth"))
  }

  @Test("are directions of length 1, with zeros where there is no label")
  func directions() throws {
    let labels = Tensor([0, 1, 0, -1, 1, 0] as [Float], shape: [1, 3, 1, 2])
    let output = Tensor([0, 3, 5, 0, 0, 4] as [Float], shape: [1, 3, 1, 2])
    let shown = try maps(NormalTask(name: "t").answers(output: output, target: target(labels)))
    #expect(shown.kind == .directions)
    // The components of the second cancel, which the published rule takes for none.
    #expect(shown.labels.toArray(as: Float.self) == [0, 0, 0, 0, 1, 0])
    let predictions = shown.predictions.toArray(as: Float.self)
    #expect(zip(predictions, [0, 0.6, 1, 0, 0, 0.8]).allSatisfy { abs($0 - $1) < 1e-6 })
    let own = NormalTask(name: "t", validity: .any).answers(output: output, target: target(labels))
    #expect(try maps(own).labels.toArray(as: Float.self) == [0, 1, 0, -1, 1, 0])
  }
}
