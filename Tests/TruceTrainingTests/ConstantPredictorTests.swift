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
}
