import Foundation
import Testing
import Torch

@testable import TruceData

@Suite("Faults and ends of streams")
struct StreamFaultTests {
  private func loader(
    _ source: any SampleSource, workers: Int, prefetch: Int? = nil, batchSize: Int = 5,
    badSamples: BadSamplePolicy = .fail
  ) throws -> StreamLoader {
    try StreamLoader(
      source, batchSize: batchSize, order: .stored,
      options: LoadingOptions(workers: workers, prefetch: prefetch, badSamples: badSamples))
  }

  private func text(_ body: () throws -> Void) -> String? {
    #expect(throws: DataError.self, performing: body)?.description
  }

  @Test("an unreadable example fails its own batch and no other", arguments: [0, 1, 3])
  func failure(workers: Int) throws {
    let batches = try loader(MadeUpSource(count: 20, bad: [7]), workers: workers).batches(epoch: 0)
    #expect(try batches.next()?.positions == Array(0..<5))
    let damage = "made/7.npy: the file is damaged: it ends early"
    // Looking at it early must not take the error away from its place.
    #expect(text { _ = try batches.ahead(by: 1) } == damage)
    #expect(text { _ = try batches.next() } == damage)
    #expect(batches.place == 2)
    #expect(try batches.next()?.positions == Array(10..<15))
  }

  @Test("unreadable examples are left out, counted and named", arguments: [0, 2])
  func skipping(workers: Int) throws {
    let source = MadeUpSource(count: 20, bad: [3, 7, 10, 11, 12, 13, 14])
    let loader = try loader(source, workers: workers, badSamples: .skip)
    let batches = loader.batches(epoch: 0)
    #expect(try batches.next()?.positions == [0, 1, 2, 4])
    let second = try #require(try batches.next())
    #expect(second.positions == [5, 6, 8, 9] && second.input.shape == [4, 2])
    #expect(second[task: "label"]?.values.toArray(as: Int.self) == [5, 6, 8, 9])
    let skipped = batches.statistics.skipped
    #expect(skipped.map(\.position) == [3, 7])
    #expect(skipped[1].error == .damaged(path: "made/7.npy", reason: "it ends early"))
    // In place of a batch without any comes the next one.
    #expect(try batches.next()?.positions == Array(15..<20))
    #expect(batches.statistics.skipped.map(\.position) == [3, 7] + Array(10..<15))
    #expect(try batches.next()?.positions == Array(15..<20))
    #expect(try batches.next() == nil && batches.place == 4)
  }

  @Test("the first examples may be among the unreadable ones that are left out", arguments: [0, 2])
  func skippingTheFirst(workers: Int) throws {
    let source = MadeUpSource(count: 12, bad: [0, 1, 2, 3, 4, 11])
    let loader = try loader(source, workers: workers, badSamples: .skip)
    #expect(loader.domains[0].inputs.map(\.name) == ["numbers"])
    let batches = loader.batches(epoch: 0)
    #expect(try batches.next()?.positions == Array(5..<10))
    #expect(batches.statistics.skipped.map(\.position) == Array(0..<5))
    #expect(try batches.next()?.positions == Array(5..<10))
    #expect(try batches.next()?.positions == [10])
    #expect(try loader.firstBatch(of: 2).positions == [5])
    #expect(try loader.randomBatch(of: 3, seed: 1, number: 0).count > 0)
    // Behind the last batch comes the first.
    let last = try self.loader(MadeUpSource(count: 10, bad: Set(5..<10)), workers: workers, badSamples: .skip)
    let wrapping = last.batches(epoch: 0, from: 1)
    #expect(try wrapping.next()?.positions == Array(0..<5))
  }

  @Test("where no example can be read, the first one is named", arguments: [BadSamplePolicy.fail, .skip])
  func allBad(policy: BadSamplePolicy) {
    let source = MadeUpSource(count: 4, bad: [0, 1, 2, 3])
    let text = text { _ = try loader(source, workers: 0, badSamples: policy) }
    #expect(text == "made/0.npy: the file is damaged: it ends early")
  }

  @Test("no more buffers are in use than asked for, and all come back")
  func boundedMemory() throws {
    let loader = try loader(MadeUpSource(count: 200), workers: 4, prefetch: 3)
    var batches: (any EpochBatches)? = loader.batches(epoch: 0)
    var count = 0
    while let batch = try batches?.next() {
      // A slow reader: the workers are as far ahead as they may be.
      if count < 10 { usleep(20_000) }
      count += 1
      #expect(batch.count == 5)
    }
    batches = nil
    #expect(count == 40)
    // Three ahead, the one being read, and the one before it until it is let go.
    #expect(loader.bufferCounts.mostLent <= 5)
    #expect(isSoonTrue { loader.bufferCounts.lent == 0 })
    #expect(loader.bufferCounts.idle <= 3)
  }

  @Test("tensors read a buffer where it lies, and keep it as long as they live")
  func ownership() throws {
    let loader = try loader(MadeUpSource(count: 10), workers: 0)
    var kept: Tensor? = try loader.firstBatch(of: 2)[task: "map"]?.values
    #expect(loader.bufferCounts.lent == 1)
    #expect(kept?.toArray(as: Float.self).prefix(7) == [0, 1, 2, 3, 4, 5, 10])
    kept = nil
    #expect(loader.bufferCounts.lent == 0 && loader.bufferCounts.idle == 1)
  }

  @Test("a stream that is let go ends its workers and frees everything", arguments: [1, 4])
  func earlyEnd(workers: Int) throws {
    weak var token: MadeUpSource.Token?
    do {
      let source = MadeUpSource(count: 500, isUneven: true, token: MadeUpSource.Token())
      token = source.token
      let loader = try loader(source, workers: workers)
      for _ in 0..<3 {
        let batches = loader.batches(epoch: 0)
        _ = try batches.next()
        _ = try batches.ahead(by: 2)
      }
      #expect(token != nil)
    }
    #expect(isSoonTrue { token == nil })
  }

  @Test("reading leaves no tensor behind")
  func leaks() async {
    // In a process of its own, because the count is the whole process's.
    await #expect(processExitsWith: .success) {
      func read(_ workers: Int) throws {
        let loader = try StreamLoader(
          MadeUpSource(count: 50, bad: [7]), batchSize: 5, order: .stored,
          options: LoadingOptions(workers: workers))
        for _ in 0..<3 {
          let batches = loader.batches(epoch: 0)
          _ = try batches.next()
          _ = try? batches.ahead(by: 1)
          _ = try batches.ahead(by: 2)
        }
        try ZippedSource([("a", loader)]).firstBatch(of: 3).domains.forEach { _ = $0.input.sum() }
      }
      let before = liveTensorCount()
      for workers in [0, 1, 4] { try read(workers) }
      precondition(liveTensorCount() == before, "\(liveTensorCount() - before) tensors were left behind")
    }
  }

  @Test("examples that are not alike are refused by name")
  func unlike() throws {
    struct Odd: SampleSource {
      let odd: Sample
      let count = 2
      func name(ofSample position: Int) -> String { "set/\(position)" }
      func sample(at position: Int) -> Sample { position == 0 ? Self.plain() : odd }

      static func plain(
        _ input: HostArray = HostArray([Float(1), 2]), name: String = "x", mask: HostArray? = nil
      ) -> Sample {
        Sample(
          inputs: [Sample.Input(name, input)],
          targets: [Sample.Target("t", HostArray([Float(0)]), mask: mask)])
      }
    }
    func text(_ odd: Sample) throws -> String? {
      let batches = try loader(Odd(odd: odd), workers: 0).batches(epoch: 0)
      return self.text { _ = try batches.next() }
    }
    #expect(
      try text(Odd.plain(HostArray([Float(1)])))
        == "set/1: its input 'x' is [1] of float32, that of the first example [2] of float32")
    #expect(
      try text(Odd.plain(HostArray([Int64(1), 2])))
        == "set/1: its input 'x' is [2] of int64, that of the first example [2] of float32")
    #expect(
      try text(Odd.plain(name: "y"))
        == "set/1: it has the inputs y and the tasks t, the first example has the inputs x and the tasks t")
    #expect(
      try text(Odd.plain(mask: HostArray([true])))
        == "set/1: it has a mask for task 't', the first example has none")
  }
}
