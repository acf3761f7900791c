import Testing
import Torch
import TruceData
import TruceRun
import TruceTasks

@testable import TruceTraining

@Suite("Constant predictors")
struct ConstantPredictorTests {
  private func chance(_ task: some ProblemTask, _ values: Tensor, mask: [Bool]? = nil) throws -> [Double?] {
    let count = values.shape[0]
    let set = try Dataset(
      input: Tensor([Double](repeating: 0, count: count), shape: [count, 1]),
      targets: [TaskTarget(task: task.name, values: values, mask: mask.map { Tensor($0) })])
    // One example more than the loader has: only its own labels count.
    let own = try set.subset(Array(0..<(count - 1)))
    let loader = try DataLoader(own, batchSize: 2, order: .stored)
    return ConstantPredictor.records(of: task, on: loader).map(\.chance)
  }

  @Test("Of classes the most frequent one is answered")
  func classes() throws {
    let task = ClassificationTask(name: "a", classCount: 4)
    #expect(try chance(task, Tensor([2, 1, 2, 0, 2, 3])) == [0.6])
    #expect(
      try chance(task, Tensor([2, 1, 2, 0, 2, 3]), mask: [true, true, false, true, false, true]) == [1.0 / 3])
    #expect(try chance(task, Tensor([2, 1]), mask: [false, true]) == [nil])
  }

  @Test("Of yes and no the more frequent one")
  func binary() throws {
    let task = BinaryTask(name: "a")
    #expect(try chance(task, Tensor([1.0, 0, 1, 1, 0], shape: [5, 1])) == [0.75])
    #expect(try chance(task, Tensor([1.0, 0, 0, 0, 1], shape: [5, 1])) == [0.75])
  }

  @Test("Of numbers the median, which has the least absolute error")
  func numbers() throws {
    let task = RegressionTask(name: "a")
    #expect(try chance(task, Tensor([0.0, 0, 1, 9, 100], shape: [5, 1])) == [2.5])
    let pairs = RegressionTask(name: "a", count: 2)
    #expect(try chance(pairs, Tensor([0.0, 4, 0, 4, 3, 4, 7, 7], shape: [4, 2])) == [0.5])
  }

  @Test("A run's record says the levels, whatever the scale of its losses")
  func record() throws {
    let scaled = try ScaledProblem(
      TinyProblem(), by: [5, 5, 5])
    for problem in [try TinyProblem() as any Problem, scaled] {
      for task in problem.tasks {
        let records = ConstantPredictor.records(of: task, on: problem.trainingLoader)
        #expect(records.map(\.name) == task.metricRecords.map(\.name) && !records.isEmpty)
        #expect(records.allSatisfy { $0.chance.map { $0 > 0 } ?? false }, "\(records)")
      }
    }
  }

  // MARK: Maps

  @Test("Of maps of classes the most frequent one everywhere")
  func classMaps() throws {
    let task = SegmentationTask(name: "a", classes: ["x", "y", "z"])
    // Of 9 labelled pixels 4 are y, 3 x and 2 z: the intersection of y is 4 of 9, of the others 0.
    let labels = Tensor([1, 1, 0, -1, 1, 0, 2, 1, 0, 2, -1, -1, 2, 2, 2, 2], shape: [4, 2, 2])
    let chances = try chance(task, labels).map { $0 ?? .nan }
    let names = task.metricRecords.map(\.name)
    #expect(names == ["mean_iou", "pixel_accuracy"])
    #expect(abs(chances[0] - 4.0 / 27) < 1e-12 && abs(chances[1] - 4.0 / 9) < 1e-12)
    #expect(try chance(task, Tensor.full([2, 2, 2], -1.0, dtype: .int64)) == [nil, nil])
  }

  @Test("Of depths the median or the mean, of directions the mean one")
  func numberMaps() throws {
    let depths = Tensor([1, 2, 0, 6, 0, 0, 0, 0] as [Float], shape: [2, 1, 2, 2])
    // The median 2 is 0, 1 and 4 metres away, the mean 3 is 1, 2 and 3; relatively 0, 1 and 2/3 or 1/2, 2 and 1/2.
    let found = try chance(DepthTask(name: "a"), depths).map { $0 ?? .nan }
    #expect(abs(found[0] - 5.0 / 3) < 1e-6 && abs(found[1] - 5.0 / 9) < 1e-6)
    let normals = Tensor([1, 0, 0, 0, 1, 0, 0, 0, 0, 9, 9, 9] as [Float], shape: [4, 3, 1, 1])
    let angles = try chance(NormalTask(name: "a"), normals).map { $0 ?? .nan }
    #expect(abs(angles[0] - 45) < 1e-4 && angles.count == 5)
  }

  // MARK: Streams

  /// Examples whose labels can be read without their pictures, which cannot be read after the first.
  private struct Labelled: SampleSource {
    let values: [Float?]
    var tells = true

    var count: Int { values.count }
    func name(ofSample position: Int) -> String { "\(position)" }

    func sample(at position: Int) throws(DataError) -> Sample {
      guard position == 0 else { throw .damaged(path: "\(position)", reason: "it is not to be read") }
      return Sample(inputs: [Sample.Input("x", HostArray([Float(0)]))], targets: [label(at: 0)])
    }

    func target(ofTask name: String, at position: Int) throws(DataError) -> Sample.Target? {
      tells && name == "a" ? label(at: position) : nil
    }

    private func label(at position: Int) -> Sample.Target {
      let value = values[position]
      return Sample.Target("a", HostArray([value ?? 7]), mask: HostArray([value != nil], shape: []))
    }
  }

  private func streamed(_ samples: Labelled) throws -> [Double?] {
    let loader = try StreamLoader(samples, batchSize: 2, order: .stored)
    let zipped = try ZippedSource([("one", loader)])
    let records = ConstantPredictor.records(of: RegressionTask(name: "a"), on: loader).map(\.chance)
    #expect(ConstantPredictor.records(of: RegressionTask(name: "a"), on: zipped).map(\.chance) == records)
    return records
  }

  @Test("Of streams too, where labels can be read without inputs")
  func streams() throws {
    #expect(try streamed(Labelled(values: [0, nil, 0, 1, 9])) == [2.5])
    #expect(try streamed(Labelled(values: [0, nil, 0, 1, 9], tells: false)) == [nil])
  }
}
