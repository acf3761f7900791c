import Foundation

/// A thread that starts processes and lives as long as they do.
///
/// Linux ends a worker that asked for it when the thread that started it ends, not the process; a thread of a pool may
/// end at any time.
final class SpawningThread: Sendable {
  private let jobs = Jobs()

  init() {
    let thread = Thread { [jobs] in
      while let job = jobs.next() { job() }
    }
    thread.name = "truce.workers"
    thread.start()
  }

  deinit { jobs.end() }

  /// Calls a function in the thread and waits for it.
  func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value {
    let answer = Answer<Value>()
    jobs.add { answer.give(body()) }
    return answer.wait()
  }
}

/// The functions to call.
///
/// The condition guards the list.
private final class Jobs: @unchecked Sendable {
  private let condition = NSCondition()
  private var waiting: [@Sendable () -> Void] = []
  private var hasEnded = false

  func add(_ job: @escaping @Sendable () -> Void) {
    condition.withLock { waiting.append(job) }
    condition.signal()
  }

  func end() {
    condition.withLock { hasEnded = true }
    condition.signal()
  }

  /// Waits for the next function; nil where there will be none.
  func next() -> (@Sendable () -> Void)? {
    condition.withLock {
      while waiting.isEmpty, !hasEnded { condition.wait() }
      return waiting.isEmpty ? nil : waiting.removeFirst()
    }
  }
}

/// A value that another thread gives.
///
/// The condition guards it.
private final class Answer<Value: Sendable>: @unchecked Sendable {
  private let condition = NSCondition()
  private var value: Value?

  func give(_ value: Value) {
    condition.withLock { self.value = value }
    condition.signal()
  }

  func wait() -> Value {
    condition.withLock {
      while true {
        if let value { return value }
        condition.wait()
      }
    }
  }
}
