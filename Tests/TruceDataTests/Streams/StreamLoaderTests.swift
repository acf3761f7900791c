import Testing
import Torch
import Truce

@testable import TruceData

@Suite("Streams")
struct StreamLoaderTests {
  private func loader(
    _ source: MadeUpSource = MadeUpSource(count: 23, isUneven: true), workers: Int = 0, prefetch: Int? = nil,
    badSamples: BadSamplePolicy = .fail
  ) throws -> StreamLoader {
    try StreamLoader(
      source, augmentation: Augmentation([Noise()], seed: 5), batchSize: 5, order: .shuffled(seed: 7),
      options: LoadingOptions(workers: workers, prefetch: prefetch, badSamples: badSamples))
  }

  @Test("hold the same whatever the number of workers", arguments: [1, 2, 4])
  func workers(count: Int) throws {
    let alone = try loader()
    let helped = try loader(workers: count)
    for epoch in 0..<2 {
      let batches = try alone.contents(epoch: epoch)
      #expect(batches.count == 5 && batches.last?.positions[0].count == 3)
      #expect(try helped.contents(epoch: epoch) == batches)
    }
    #expect(try alone.contents(epoch: 0)[0].inputs != alone.contents(epoch: 1)[0].inputs)
  }

  @Test("hold what the examples hold, in the order of the plan")
  func contents() throws {
    let plan = try BatchPlan(exampleCount: 23, batchSize: 5, order: .shuffled(seed: 7))
    let batches = try loader(workers: 2).all(epoch: 3)
    #expect(batches.flatMap(\.positions) == plan.positions(epoch: 3))
    for batch in batches {
      #expect(batch.input.dtype == .float32 && batch.input.shape == [batch.count, 2])
      let numbers = batch.input.toArray(as: Float.self)
      for (row, position) in batch.positions.enumerated() {
        let draw = numbers[2 * row] - Float(position)
        #expect((0..<1).contains(draw) && abs(numbers[2 * row + 1] + Float(position) - draw) < 1e-5)
      }
      let labels = try #require(batch[task: "label"])
      #expect(labels.values.toArray(as: Int.self) == batch.positions && labels.mask == nil)
      let map = try #require(batch[task: "map"])
      #expect(map.values.shape == [batch.count, 2, 3] && map.mask?.shape == [batch.count, 2, 3])
      let counted = batch.positions.flatMap { position in (0..<6).map { $0 != position % 6 } }
      #expect(map.mask?.toArray(as: Bool.self) == counted)
      #expect(map.values.toArray(as: Float.self).first == Float(10 * batch.positions[0]))
    }
  }

  @Test("go on in the middle of an epoch as if they had not stopped", arguments: [0, 3])
  func resumption(workers: Int) throws {
    let whole = try loader().contents(epoch: 2)
    for first in 0...5 {
      #expect(try loader(workers: workers).contents(epoch: 2, from: first) == Array(whole[first...]))
    }
  }

  @Test("are read from one epoch into the next", arguments: [0, 2])
  func epochs(workers: Int) throws {
    let loader = try loader(workers: workers)
    let batches = loader.batches(epochs: 1..<4, from: 3)
    var all: [BatchContents] = []
    while let batch = try batches.next() { all.append(BatchContents(batch)) }
    #expect(try all == (1..<4).flatMap { try loader.contents(epoch: $0) }.suffix(12))
    #expect(batches.count == 15 && batches.place == 15)
  }

  @Test("look ahead without moving, and from the end to the beginning", arguments: [0, 1, 4])
  func lookingAhead(workers: Int) throws {
    let whole = try loader().contents(epoch: 0)
    let batches = try loader(workers: workers).batches(epoch: 0)
    for place in 0..<5 {
      #expect(try batches.next().map { BatchContents($0) } == whole[place])
      for distance in [1, 2, 0, 6, 1] {
        #expect(try BatchContents(batches.ahead(by: distance)) == whole[(place + distance) % 5])
      }
    }
    #expect(try batches.next() == nil)
  }

  @Test("draw random and first examples without touching an epoch")
  func draws() throws {
    let loader = try loader(workers: 2)
    let draw = try BatchContents(loader.randomBatch(of: 4, seed: 1, number: 6))
    #expect(draw.positions[0].count == 4 && Set(draw.positions[0]).count == 4)
    #expect(try BatchContents(loader.randomBatch(of: 4, seed: 1, number: 6)) == draw)
    #expect(try BatchContents(loader.randomBatch(of: 4, seed: 1, number: 7)) != draw)
    #expect(try loader.randomBatch(of: 40, seed: 1, number: 0).count == 23)
    #expect(try loader.firstBatch(of: 3).positions == [0, 1, 2])
  }

  @Test("say what an example looks like")
  func layout() throws {
    let loader = try loader()
    let input = InputLayout(name: "numbers", shape: [2], dtype: .float32)
    #expect(loader.domains == [DomainLayout(inputs: [input], tasks: ["label", "map"])])
    #expect(loader.exampleCounts == [23] && loader.batchCount == 5)
  }

  @Test("report how long the reader waited")
  func waiting() throws {
    let options = LoadingOptions(clock: LoaderClock(seconds: Ticks().next))
    let loader = try StreamLoader(
      MadeUpSource(count: 23), batchSize: 5, order: .stored, options: options)
    let batches = loader.batches(epoch: 0)
    for read in 1...3 {
      _ = try batches.next()
      #expect(batches.statistics == LoaderStatistics(waitedSeconds: Double(read)))
    }
  }

  @Test("refuse options that cannot be")
  func refusals() {
    func text(_ body: () throws -> StreamLoader) -> String? {
      #expect(throws: DataError.self) { _ = try body() }?.description
    }
    #expect(text { try loader(workers: -1) } == "the number of workers must be at least 0, got -1")
    #expect(
      text { try loader(prefetch: 2) } == "the number of batches read ahead must be at least 3, got 2")
    #expect(
      text { try loader(MadeUpSource(count: 0)) } == "the number of examples must be at least 1, got 0")
    #expect(
      text { try loader(MadeUpSource(count: 9, bad: [0])) }
        == "made/0.npy: the file is damaged: it ends early")
  }
}

/// A clock that goes on by one second whenever it is read.
private final class Ticks: @unchecked Sendable {
  // Only the reader's thread reads the clock.
  private var time = 0.0

  func next() -> Double {
    time += 1
    return time
  }
}
