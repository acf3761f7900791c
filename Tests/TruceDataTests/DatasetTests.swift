import Testing
import Torch

@testable import TruceData

/// A set whose example i has the input [i, i], the label 10 i in task "a" and, where i is even, 2 i in "b".
func countingDataset(_ count: Int) throws -> Dataset {
  let numbers = (0..<count).map { UInt8($0) }
  return try Dataset(
    input: Tensor(numbers.flatMap { [$0, $0] }, shape: [count, 2]),
    targets: [
      TaskTarget(task: "a", values: Tensor(numbers.map { 10 * Int64($0) })),
      TaskTarget(
        task: "b", values: Tensor(numbers.map { 2 * Float($0) }),
        mask: Tensor(numbers.map { $0 % 2 == 0 })),
    ])
}

@Suite("Data sets")
struct DatasetTests {
  @Test("make batches of scaled inputs and whole targets")
  func batch() throws {
    let batch = try countingDataset(10).batch(at: [5, 2])
    #expect(batch.count == 2)
    #expect(batch.input.dtype == .float32)
    let scaled = [5, 5, 2, 2].map { Float($0) / 255 }
    #expect(batch.input.toArray(as: Float.self) == scaled)
    #expect(batch.targets.map(\.task) == ["a", "b"])
    #expect(batch[task: "a"]?.values.toArray(as: Int64.self) == [50, 20])
    #expect(batch[task: "b"]?.values.toArray(as: Float.self) == [10, 4])
    #expect(batch[task: "b"]?.mask?.toArray(as: Bool.self) == [false, true])
    #expect(batch[task: "c"] == nil)
    #expect(batch.positions == [5, 2])
  }

  @Test("take on a task that follows from those there are, in a subset too")
  func furtherTask() throws {
    let dataset = try countingDataset(10).subset([7, 3]).addingTask { targets in
      TaskTarget(task: "c", values: targets[0].values + 1)
    }
    #expect(dataset.tasks == ["a", "b", "c"] && dataset.count == 2)
    let batch = dataset.batch(at: [0, 1])
    #expect(batch[task: "c"]?.values.toArray(as: Int64.self) == [71, 31])
    #expect(throws: DataError.self) {
      try dataset.addingTask { _ in TaskTarget(task: "d", values: Tensor([Int64(1)])) }
    }
  }

  @Test("tell whether a batch has labels for a task")
  func labels() throws {
    let dataset = try countingDataset(10)
    #expect(dataset.batch(at: [1, 2])[task: "b"]?.hasLabels == true)
    #expect(dataset.batch(at: [1, 3])[task: "b"]?.hasLabels == false)
    #expect(dataset.batch(at: [1, 3])[task: "a"]?.hasLabels == true)
  }

  @Test("take masks for each element, which meet the values axis by axis")
  func elementMasks() throws {
    func target(_ shape: [Int]?) -> TaskTarget {
      TaskTarget(
        task: "depth", values: Tensor.zeros([2, 3, 4]), mask: shape.map { Tensor.ones($0, dtype: .bool) })
    }
    #expect(target(nil).elementMask == nil)
    for (shape, expected) in [([2], [2, 1, 1]), ([2, 3], [2, 3, 1]), ([2, 1, 4], [2, 1, 4])] {
      #expect(target(shape).elementMask?.shape == expected)
      let dataset = try Dataset(input: Tensor.zeros([2, 1]), targets: [target(shape)])
      #expect(dataset.batch(at: [1])[task: "depth"]?.mask?.shape == [1] + shape.dropFirst())
    }
    for shape in [[2, 4], [2, 3, 4, 1]] {
      let error = #expect(throws: DataError.self) {
        try Dataset(input: Tensor.zeros([2, 1]), targets: [target(shape)])
      }
      let rule = "truth values as long as the first axes of its values, [2, 3, 4], or 1"
      let received = "Tensor(\(shape), bool, cpu)"
      #expect(error?.description == "the mask of task 'depth' must be \(rule), got \(received)")
    }
  }

  @Test("leave real inputs as they are")
  func realInputs() throws {
    let dataset = try Dataset(
      input: Tensor([1.5, 2.5] as [Double]),
      targets: [TaskTarget(task: "a", values: Tensor([0, 1] as [Int64]))])
    let batch = dataset.batch(at: [1])
    #expect(batch.input.dtype == .float64)
    #expect(batch.input.toArray(as: Double.self) == [2.5])
  }

  @Test("have subsets of subsets that share the tensors")
  func subsets() throws {
    let dataset = try countingDataset(10)
    let part = try dataset.subset([9, 7, 5, 3]).subset([2, 0])
    #expect(part.count == 2)
    #expect(part.input.isSame(as: dataset.input))
    #expect(part.batch(at: [0, 1])[task: "a"]?.values.toArray(as: Int64.self) == [50, 90])
  }

  @Test("choose nested random subsets")
  func randomSubsets() throws {
    let dataset = try countingDataset(50)
    func labels(_ count: Int, seed: UInt64) throws -> [Int64] {
      let part = try dataset.subset(count: count, seed: seed)
      return part.batch(at: Array(0..<count))[task: "a"]?.values.toArray(as: Int64.self) ?? []
    }
    let small = try labels(5, seed: 1)
    #expect(small == small.sorted() && Set(small).count == 5)
    #expect(try small == labels(5, seed: 1))
    #expect(try small != labels(5, seed: 2))
    #expect(try Set(small).isSubset(of: labels(20, seed: 1)))
  }

  @Test("are split without overlap or loss")
  func split() throws {
    let dataset = try countingDataset(50)
    let (taken, rest) = try dataset.split(takingOut: 12, seed: 3)
    #expect(taken.count == 12 && rest.count == 38)
    let all = [taken, rest].flatMap { part in
      part.batch(at: Array(0..<part.count))[task: "a"]?.values.toArray(as: Int64.self) ?? []
    }
    #expect(all.sorted() == (0..<50).map { 10 * $0 })
  }

  @Test("hold out validation examples and limit the training ones")
  func splits() throws {
    let whole = DatasetSplits(training: try countingDataset(50), test: try countingDataset(5))
    let held = try whole.holdingOut(10, seed: 0).limitingTraining(to: 7, seed: 0)
    #expect(held.training.count == 7)
    #expect(held.validation?.count == 10)
    #expect(held.test.count == 5)
  }

  @Test("stay the same on the same device")
  func moved() throws {
    let dataset = try countingDataset(4).subset([3, 1]).moved(to: .cpu)
    #expect(dataset.batch(at: [0])[task: "a"]?.values.toArray(as: Int64.self) == [30])
    #expect(dataset.batch(at: [0])[task: "b"]?.mask?.toArray(as: Bool.self) == [false])
    #expect(dataset.input.shape == [4, 2])
  }

  @Test("take no more than their own examples along to another device")
  func ownExamples() throws {
    let dataset = try countingDataset(6).subset([5, 1, 4])
    let own = dataset.withoutOthers
    #expect(own.count == 3 && own.input.shape == [3, 2])
    #expect(own.targets.map(\.values.shape) == [[3], [3]] && own.targets[1].mask?.shape == [3])
    let (before, after) = (dataset.batch(at: [2, 0]), own.batch(at: [2, 0]))
    #expect(after.input.toArray(as: Float.self) == before.input.toArray(as: Float.self))
    #expect(after[task: "b"]?.mask?.toArray(as: Bool.self) == [true, false])
    #expect(own.withoutOthers.input.isSame(as: own.input))
  }

  @Test("refuse what does not fit")
  func refusals() throws {
    let dataset = try countingDataset(10)
    func text(_ body: () throws -> Void) -> String? {
      #expect(throws: DataError.self, performing: body)?.description
    }
    #expect(text { _ = try dataset.subset([10]) } == "a position must be in 0 ..< 10, got 10")
    #expect(
      text { _ = try dataset.subset(count: 11, seed: 0) } == "the subset's size must be in 1 … 10, got 11")
    #expect(
      text { _ = try dataset.split(takingOut: 10, seed: 0) }
        == "the number of examples held out must be in 1 ..< 10, got 10")
    #expect(
      text { _ = try Dataset(input: Tensor.zeros([0, 2]), targets: []) }
        == "the input must be at least one example, got [0, 2]")
    let short = TaskTarget(task: "a", values: Tensor.zeros([3]))
    #expect(
      text { _ = try Dataset(input: Tensor.zeros([4, 2]), targets: [short]) }
        == "the target of task 'a' must be as long as the input, 4 rows, got shape [3]")
  }
}
