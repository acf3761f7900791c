import Foundation
import Testing
import Torch

@testable import TruceData

@Suite("Batch plans")
struct BatchPlanTests {
  @Test("visit every example once an epoch", arguments: [1, 7, 10, 64, 100])
  func coverage(_ batchSize: Int) throws {
    let plan = try BatchPlan(exampleCount: 64, batchSize: batchSize, order: .shuffled(seed: 1))
    for epoch in 0..<3 {
      let positions = plan.positions(epoch: epoch)
      let visited = (0..<plan.batchCount).flatMap { positions[plan.range(ofBatch: $0)] }
      #expect(visited == positions)
      #expect(visited.sorted() == Array(0..<64))
    }
  }

  @Test("depend on nothing but the seed and the epoch")
  func pureOrder() throws {
    func order(_ seed: UInt64, _ epoch: Int) throws -> [Int] {
      try BatchPlan(exampleCount: 100, batchSize: 8, order: .shuffled(seed: seed)).positions(epoch: epoch)
    }
    #expect(try order(1, 5) == order(1, 5))
    #expect(try order(1, 5) != order(1, 6))
    #expect(try order(1, 5) != order(2, 5))
    // Neighbouring seeds and epochs must not meet on the diagonal.
    #expect(try order(1, 6) != order(2, 5))
  }

  @Test("keep or drop what does not fill a batch")
  func remainder() throws {
    let kept = try BatchPlan(exampleCount: 10, batchSize: 4, order: .stored)
    #expect(kept.batchCount == 3)
    #expect(kept.range(ofBatch: 2) == 8..<10)
    let dropped = try BatchPlan(exampleCount: 10, batchSize: 4, order: .stored, remainder: .drop)
    #expect(dropped.batchCount == 2)
    let exact = try BatchPlan(exampleCount: 8, batchSize: 4, order: .stored)
    #expect(exact.batchCount == 2)
  }

  @Test("survive being saved")
  func codable() throws {
    let plan = try BatchPlan(exampleCount: 10, batchSize: 4, order: .shuffled(seed: .max), remainder: .drop)
    let saved = try JSONEncoder().encode(plan)
    #expect(try JSONDecoder().decode(BatchPlan.self, from: saved) == plan)
  }

  @Test("refuse batches that cannot be")
  func refusals() {
    let zero = #expect(throws: DataError.self) {
      try BatchPlan(exampleCount: 10, batchSize: 0, order: .stored)
    }
    #expect(zero?.description == "the batch size must be at least 1, got 0")
    let large = #expect(throws: DataError.self) {
      try BatchPlan(exampleCount: 10, batchSize: 11, order: .stored, remainder: .drop)
    }
    #expect(large?.description == "the batch size must be in 1 … 10, the number of examples, got 11")
  }
}

extension BatchSource {
  /// All batches of an epoch.
  func all(epoch: Int, from first: Int = 0) throws -> [Batch] {
    let batches = batches(epoch: epoch, from: first)
    var all: [Batch] = []
    while let batch = try batches.next() { all.append(batch) }
    return all
  }
}

@Suite("Data loaders")
struct DataLoaderTests {
  @Test("go on in the middle of an epoch as if they had not stopped")
  func resume() throws {
    let loader = try DataLoader(countingDataset(23), batchSize: 5, order: .shuffled(seed: 7))
    let whole = try loader.all(epoch: 4).map { $0.input.toArray(as: Float.self) }
    #expect(whole.count == 5)
    for first in 0...5 {
      let again = try DataLoader(countingDataset(23), batchSize: 5, order: .shuffled(seed: 7))
      let rest = try again.all(epoch: 4, from: first).map { $0.input.toArray(as: Float.self) }
      #expect(rest == Array(whole[first...]))
    }
  }

  @Test("keep inputs and targets together")
  func alignment() throws {
    let loader = try DataLoader(countingDataset(23), batchSize: 5, order: .shuffled(seed: 7))
    for batch in try loader.all(epoch: 0) {
      let inputs = batch.input.toArray(as: Float.self)
      let labels = batch.targets[0].values.toArray(as: Int64.self)
      for (row, position) in batch.positions.enumerated() {
        #expect(inputs[2 * row] == Float(position) / 255)
        #expect(labels[row] == 10 * Int64(position))
      }
    }
  }

  @Test("give one batch after the other")
  func order() throws {
    let loader = try DataLoader(countingDataset(200), batchSize: 1, order: .stored)
    let batches = loader.batches(epoch: 0)
    #expect(try batches.next()?.positions == [0])
    #expect(try batches.next()?.positions == [1])
  }

  @Test("look ahead without moving, and from the epoch's end to its beginning")
  func lookingAhead() throws {
    let loader = try DataLoader(countingDataset(10), batchSize: 4, order: .shuffled(seed: 2))
    let whole = try loader.all(epoch: 1).map(\.positions)
    let batches = loader.batches(epoch: 1, from: 1)
    #expect(batches.count == 3 && batches.place == 1)
    #expect(try batches.next()?.positions == whole[1])
    let further = try (0..<5).map { try batches.ahead(by: $0).positions }
    #expect(further == [whole[1], whole[2], whole[0], whole[1], whole[2]])
    #expect(try batches.next()?.positions == whole[2])
    #expect(try batches.next() == nil && batches.place == 3)
  }

  @Test("say what an example looks like before any batch is made")
  func layout() throws {
    let loader = try DataLoader(countingDataset(10), batchSize: 4, order: .stored)
    let input = InputLayout(name: "input", shape: [2], dtype: .float32)
    #expect(loader.domains == [DomainLayout(inputs: [input], tasks: ["a", "b"])])
    let batch = loader.firstBatch(of: 1)
    #expect(batch.input.shape == [1, 2] && batch.input.dtype == .float32)
    #expect(loader.exampleCounts == [10] && loader.batchCount == 3)
    #expect(loader.firstBatch(of: 12).positions == Array(0..<10))
  }
}
