import Testing
import Torch

@testable import TruceData

/// A domain of so many examples in memory, with a task of its own.
private func domain(_ task: String, _ count: Int, seed: UInt64 = 1) throws -> DataLoader {
  let numbers = (0..<count).map { Float($0) }
  return try DataLoader(
    Dataset(
      input: Tensor(numbers, shape: [count, 1]), targets: [TaskTarget(task: task, values: Tensor(numbers))]),
    batchSize: 2, order: .shuffled(seed: seed))
}

private struct Renamed: SampleSource {
  let base: MadeUpSource
  let task: String
  var count: Int { base.count }
  func name(ofSample position: Int) -> String { base.name(ofSample: position) }
  func sample(at position: Int) throws(DataError) -> Sample {
    var sample = try base.sample(at: position)
    sample.targets = [Sample.Target(task, sample.targets[0].values)]
    return sample
  }
}

@Suite("Zipped streams")
struct ZippedSourceTests {
  private let long: DataLoader
  private let short: DataLoader

  init() throws {
    long = try domain("l", 10)
    short = try domain("s", 4)
  }

  private func zipped(_ ending: ZippedSource.Ending) throws -> ZippedSource {
    try ZippedSource([("amazon", long), ("dslr", short)], ending: ending)
  }

  private func positions(_ source: any BatchSource, _ epochs: Range<Int>) throws -> [[Int]] {
    try epochs.flatMap { try source.all(epoch: $0).map(\.positions) }
  }

  @Test("begin the shorter stream again, each time in a new order")
  func restart() throws {
    let zipped = try zipped(.restart)
    #expect(zipped.batchCount == 5 && zipped.exampleCounts == [10, 4])
    let batches = try (0..<2).flatMap { try zipped.all(epoch: $0) }
    #expect(batches.map { $0.domains[0].positions } == (try positions(long, 0..<2)))
    #expect(batches.map { $0.domains[1].positions } == (try positions(short, 0..<5)))
    #expect(Set(try (0..<5).map { try positions(short, $0..<($0 + 1)).flatMap { $0 } }).count > 1)
  }

  @Test("end with the shorter stream, the longer going on in the next epoch")
  func stop() throws {
    let zipped = try zipped(.stop)
    #expect(zipped.batchCount == 2)
    let batches = try (0..<5).flatMap { try zipped.all(epoch: $0) }
    #expect(batches.map { $0.domains[0].positions } == (try positions(long, 0..<2)))
    #expect(batches.map { $0.domains[1].positions } == (try positions(short, 0..<5)))
  }

  @Test("keep domains, tasks and counts apart")
  func domains() throws {
    let zipped = try zipped(.restart)
    #expect(zipped.domains.map(\.name) == ["amazon", "dslr"])
    #expect(zipped.domains.map(\.tasks) == [["l"], ["s"]])
    let batch = try zipped.firstBatch(of: 6)
    #expect(batch.domains.map(\.count) == [6, 4])
    #expect(batch.domain(ofTask: "s")?.name == "dslr" && batch.count(ofTask: "l") == 6)
    #expect(try zipped.randomBatch(of: 3, seed: 0, number: 0).domains.map(\.count) == [3, 3])
  }

  @Test("go on in the middle of an epoch as if they had not stopped", arguments: ZippedSource.Ending.allCases)
  func resumption(ending: ZippedSource.Ending) throws {
    let zipped = try zipped(ending)
    let whole = try zipped.contents(epoch: 3)
    for first in 0...zipped.batchCount {
      #expect(try zipped.contents(epoch: 3, from: first) == Array(whole[first...]))
    }
  }

  @Test("look ahead, and from the end to the beginning", arguments: ZippedSource.Ending.allCases)
  func lookingAhead(ending: ZippedSource.Ending) throws {
    let zipped = try zipped(ending)
    let whole = try zipped.contents(epoch: 1)
    for first in 0..<zipped.batchCount {
      let batches = zipped.batches(epoch: 1, from: first)
      _ = try batches.next()
      for distance in 0..<3 {
        let expected = whole[(first + distance) % zipped.batchCount]
        #expect(try BatchContents(batches.ahead(by: distance)) == expected)
      }
    }
  }

  @Test("hold the same whatever the number of workers", arguments: [1, 3])
  func workers(count: Int) throws {
    func zipped(_ workers: Int) throws -> ZippedSource {
      try ZippedSource(
        [("a", 11), ("b", 5)].map { name, count in
          let source = Renamed(base: MadeUpSource(count: count, isUneven: true), task: name)
          return (
            name,
            try StreamLoader(
              source, augmentation: Augmentation([Noise()]), batchSize: 2, order: .shuffled(seed: 3),
              options: LoadingOptions(workers: workers))
          )
        })
    }
    for epoch in 0..<2 {
      #expect(try zipped(count).contents(epoch: epoch) == zipped(0).contents(epoch: epoch))
    }
  }

  @Test("move on together where one of them fails")
  func failure() throws {
    let good = Renamed(base: MadeUpSource(count: 6), task: "g")
    let bad = Renamed(base: MadeUpSource(count: 6, bad: [2]), task: "b")
    let zipped = try ZippedSource(
      [("good", good), ("bad", bad)].map {
        ($0, try StreamLoader($1, batchSize: 2, order: .stored, options: LoadingOptions(workers: 1)))
      })
    let batches = zipped.batches(epoch: 0)
    _ = try batches.next()
    #expect(throws: DataError.damaged(path: "made/2.npy", reason: "it ends early")) { try batches.next() }
    #expect(try batches.next()?.domains.map(\.positions) == [[4, 5], [4, 5]])
  }

  @Test("refuse what cannot be zipped")
  func refusals() throws {
    func text(_ streams: [(String, any BatchSource)]) -> String? {
      #expect(throws: DataError.self) { try ZippedSource(streams.map { (domain: $0, source: $1) }) }?
        .description
    }
    #expect(text([]) == "the number of streams must be at least 1, got 0")
    #expect(text([("a", long), ("a", short)]) == "the domains' names must be different, got 'a' twice")
    #expect(
      text([("a", long), ("b", long)])
        == "the tasks' names must be different from domain to domain, got 'l' twice")
    #expect(
      text([("a", try zipped(.stop))]) == "the stream of domain 'a' must be of one domain, got 2")
  }
}
