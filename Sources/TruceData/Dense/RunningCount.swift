import Foundation

/// A count to which several threads add, and which is told in ascending order.
///
/// `@unchecked Sendable`, since every access to the count holds the lock.
final class RunningCount: @unchecked Sendable {
  private let lock = NSLock()
  private var count: Int

  /// Starts at a count.
  init(from count: Int) {
    self.count = count
  }

  /// Adds one and tells the count, to one thread at a time.
  func add(_ note: (Int) -> Void) {
    lock.withLock {
      count += 1
      note(count)
    }
  }
}
