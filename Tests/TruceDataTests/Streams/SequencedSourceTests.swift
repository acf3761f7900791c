import Testing
import Torch

@testable import TruceData

@Suite("Streams one behind the other")
struct SequencedSourceTests {
  private static func domain(_ task: String, _ count: Int) throws -> DataLoader {
    let numbers = (0..<count).map { Float($0) }
    return try DataLoader(
      Dataset(
        input: Tensor(numbers, shape: [count, 1]), targets: [TaskTarget(task: task, values: Tensor(numbers))]),
      batchSize: 2, order: .shuffled(seed: 1))
  }

  private let source: SequencedSource

  init() throws {
    source = try SequencedSource([("amazon", Self.domain("l", 5)), ("dslr", Self.domain("s", 3))])
  }

  @Test("give every example of every domain once, a domain a batch")
  func once() throws {
    #expect(source.batchCount == 5 && source.exampleCounts == [5, 3])
    #expect(
      source.domains.map(\.name) == ["amazon", "dslr"] && source.domains.map(\.tasks) == [["l"], ["s"]])
    for epoch in 0..<2 {
      let batches = try source.all(epoch: epoch)
      #expect(
        batches.map { $0.domains.map(\.name) } == [["amazon"], ["amazon"], ["amazon"], ["dslr"], ["dslr"]])
      #expect(batches[..<3].flatMap(\.positions).sorted() == [0, 1, 2, 3, 4])
      #expect(batches[3...].flatMap(\.positions).sorted() == [0, 1, 2])
      #expect(batches.allSatisfy { ($0[task: "l"] == nil) == ($0.domains[0].name == "dslr") })
    }
    #expect(try source.contents(epoch: 0) != source.contents(epoch: 1), "in a new order")
  }

  @Test("go on anywhere, over several epochs, and look ahead")
  func anywhere() throws {
    let whole = try (2..<4).flatMap { try source.contents(epoch: $0) }
    for first in 0...10 {
      let batches = source.batches(epochs: 2..<4, from: first)
      #expect(batches.count == 10 && batches.place == first)
      var rest: [BatchContents] = []
      while let batch = try batches.next() { rest.append(BatchContents(batch)) }
      #expect(rest == Array(whole[first...]), "from \(first)")
    }
    let batches = source.batches(epochs: 2..<4, from: 4)
    #expect(try batches.next().map { BatchContents($0) } == whole[4])
    for distance in 0..<8 {
      #expect(try BatchContents(batches.ahead(by: distance)) == whole[(4 + distance) % 10])
    }
    #expect(try batches.next().map { BatchContents($0) } == whole[5], "looking ahead moves nothing")
  }

  @Test("draw from all domains at once")
  func draws() throws {
    #expect(try source.firstBatch(of: 4).domains.map(\.count) == [4, 3])
    #expect(try source.randomBatch(of: 2, seed: 0, number: 0).domains.map(\.count) == [2, 2])
  }

  @Test("refuse what streams side by side refuse")
  func refusal() throws {
    let error = #expect(throws: DataError.self) {
      try SequencedSource([("a", Self.domain("l", 2)), ("b", Self.domain("l", 2))])
    }
    #expect(
      error?.description == "the tasks' names must be different from domain to domain, got 'l' twice")
  }

  @Test("name an example that cannot be read, and go on behind it")
  func failure() throws {
    let good = try StreamLoader(MadeUpSource(count: 2), batchSize: 1, order: .stored)
    let one = try SequencedSource([("a", good)])
    #expect(try one.all(epoch: 0).count == 2)
    let bad = try StreamLoader(MadeUpSource(count: 3, bad: [1]), batchSize: 1, order: .stored)
    let batches = try SequencedSource([("a", bad)]).batches(epoch: 0)
    _ = try batches.next()
    let error = #expect(throws: DataError.self) { try batches.next() }
    #expect(error?.description == "made/1.npy: the file is damaged: it ends early")
    #expect(try batches.next()?.positions == [2])
    #expect(try batches.next() == nil)
  }
}
