import Testing
import Torch
import TruceData
import TruceModels
import TruceRun
import TruceTasks

@testable import TruceTraining

@Suite("A split that is measured")
struct SplitMeasurementTests {
  private let tasks: [any ProblemTask] = [
    ClassificationTask(name: "class", classCount: 3),
    BinaryTask(name: "yes", metrics: [BinaryAccuracy(), F1Score(), AreaUnderCurve()]),
    RegressionTask(
      name: "number",
      metrics: [
        MeanAbsoluteError(), RootMeanSquareError(), CoefficientOfDetermination(),
        MeanAbsoluteError(averaging: .batches),
      ]),
    StandardizedTask(name: "unit", deviation: 3),
    SegmentationTask(name: "pixels", classes: ["a", "b", "c"]),
    DepthTask(name: "depth", averaging: .published),
    NormalTask(name: "normals"),
  ]
  private let generator = Generator(seed: 3)

  /// A batch of random labels, some of them masked, beside random outputs.
  private func batch(of count: Int) -> (Batch, NetworkOutputs) {
    func normal(_ shape: [Int]) -> Tensor { Tensor.normal([count] + shape, using: generator) }
    func classes(_ shape: [Int]) -> Tensor { Tensor.integers([count] + shape, in: 0..<3, using: generator) }
    let values = [
      classes([]), normal([1]).greater(0).to(.float32), normal([1]), normal([1]), classes([4, 5]) - 1,
      normal([1, 4, 5]).abs(), normal([3, 4, 5]),
    ]
    let isLabelled = Tensor.uniform([count], using: generator).greater(0.3)
    let targets = zip(tasks, values).enumerated().map { place, pair in
      TaskTarget(task: pair.0.name, values: pair.1, mask: place % 2 == 0 ? nil : isLabelled)
    }
    let outputs = [[3], [1], [1], [1], [3, 4, 5], [1, 4, 5], [3, 4, 5]].map(normal)
    return (
      Batch(input: normal([1]), targets: targets, positions: Array(0..<count)), NetworkOutputs(outputs)
    )
  }

  /// What the metrics give where each batch is read at once.
  private func plainValues(_ batches: [(Batch, NetworkOutputs)]) -> [String: Double] {
    var values: [String: Double] = [:]
    for (place, task) in tasks.enumerated() {
      var losses = RunningMean()
      var metrics = task.makeMetrics()
      for (batch, outputs) in batches {
        guard let target = batch[task: task.name] else { continue }
        if let loss = task.loss(output: outputs[place], target: target) {
          losses.add(loss.item(), weight: Double(batch.count(ofTask: task.name)))
        }
        for index in metrics.indices { metrics[index].update(output: outputs[place], target: target) }
      }
      values[MetricKey.loss(task.name, split: "test")] = losses.value
      for (record, value) in metrics.flatMap(\.measurements) {
        values[MetricKey.metric(record.name, of: task.name, split: "test")] = value
      }
    }
    return values
  }

  @Test("is read once for each type of number, and gives the same bits as if each batch were")
  func reads() {
    let batches = [7, 7, 3].map(batch)
    var measurement = SplitMeasurement(of: tasks, split: "test")
    for (batch, outputs) in batches { measurement.add(outputs, of: batch) }
    #expect(measurement.readCount == 0)
    let values = measurement.values()
    // Sums and losses in two precisions, counts, angles, and the labels of the area under the curve.
    #expect(measurement.readCount == 5)
    let expected = plainValues(batches)
    #expect(values.count == expected.count && values.count > 20)
    for (name, value) in expected {
      #expect(values[name]?.bitPattern == value.bitPattern, "\(name): \(values[name] ?? .nan) for \(value)")
    }
  }

  @Test("is read before its end where much is kept")
  func muchKept() {
    let task = BinaryTask(name: "yes", metrics: [AreaUnderCurve()])
    let count = 1 << 19
    let labels = Tensor.normal([count, 1], using: generator).greater(0).to(.float32)
    let batch = Batch(
      input: labels, targets: [TaskTarget(task: "yes", values: labels)], positions: Array(0..<count))
    var measurement = SplitMeasurement(of: [task], split: "test")
    measurement.add(NetworkOutputs([labels]), of: batch)
    #expect(measurement.readCount > 0)
    #expect(measurement.values()[MetricKey.metric("auc", of: "yes", split: "test")] == 1)
  }
}
