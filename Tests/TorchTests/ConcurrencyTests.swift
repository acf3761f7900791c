import Foundation
import Testing
import Torch

@Suite("Doing several things at once")
struct ConcurrencyTests {
  /// What several threads found.
  ///
  /// `@unchecked Sendable`, since every access holds the lock.
  private final class Findings<Element: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var elements: [Element] = []

    var all: [Element] { lock.withLock { elements } }
    func add(_ element: Element) { lock.withLock { elements.append(element) } }
  }

  /// Which thread did what, with how many threads for an operation.
  private struct Sighting: Sendable {
    let thread: String
    let number: Int
    let threadCount: Int

    init(_ number: Int) {
      (thread, self.number, threadCount) = ("\(pthread_self())", number, Engine.threadCount)
      Thread.sleep(forTimeInterval: 0.0002)
    }
  }

  @Test("does each once, with one thread for an operation, and leaves the threads as they were")
  func threads() throws {
    let before = Engine.threadCount
    defer { try? Engine.setThreadCount(before) }
    try Engine.setThreadCount(3)
    let (during, after) = (Findings<Sighting>(), Findings<Sighting>())
    Engine.concurrently(200) { during.add(Sighting($0)) }
    #expect(during.all.map(\.number).sorted() == Array(0..<200))
    #expect(during.all.allSatisfy { $0.threadCount == 1 })
    #expect(Engine.threadCount == 3)
    DispatchQueue.concurrentPerform(iterations: 200) { after.add(Sighting($0)) }
    let helpers = Set(during.all.map(\.thread))
    #expect(after.all.allSatisfy { $0.threadCount == 3 || !helpers.contains($0.thread) })
  }

  @Test("gives what one thread gives")
  func results() {
    let sums = Findings<[Float]>()
    Engine.concurrently(8) { _ in
      let rows = Tensor.normal([60, 4000], using: Generator(seed: 1))
      sums.add(rows.matmul(rows.transposed()).sum([0]).toArray(as: Float.self))
    }
    #expect(sums.all.count == 8 && Set(sums.all).count == 1)
  }

  @Test("does nothing where there is nothing to do")
  func nothing() {
    let before = Engine.threadCount
    Engine.concurrently(0) { _ in Issue.record("there is nothing to do") }
    #expect(Engine.threadCount == before)
  }
}
