import Foundation

/// Memory for one batch; its address is a multiple of 64, as vector units like it.
final class Buffer: @unchecked Sendable {
  // A buffer has one owner at a time: the worker that fills it, then the reader's tensors.
  let memory: UnsafeMutableRawBufferPointer

  fileprivate init(byteCount: Int) {
    memory = .allocate(byteCount: byteCount, alignment: 64)
  }

  deinit { memory.deallocate() }
}

/// A buffer on loan, which goes back to its pool when the last tensor that reads it is gone.
final class BufferLoan: Sendable {
  let buffer: Buffer
  private let pool: BufferPool

  fileprivate init(_ buffer: Buffer, from pool: BufferPool) {
    self.buffer = buffer
    self.pool = pool
  }

  deinit { pool.takeBack(buffer) }
}

/// Lends the memory of batches, and keeps what comes back for the next ones.
final class BufferPool: @unchecked Sendable {
  // The lock guards everything below it.
  private let lock = NSLock()
  private let keptCount: Int
  private var free: [Buffer] = []
  private var lent = 0
  private var mostLent = 0

  /// Creates a pool.
  ///
  /// - Parameter keptCount: The most buffers that are kept while nobody uses them.
  init(keeping keptCount: Int) {
    self.keptCount = keptCount
  }

  /// Lends a buffer of at least this size.
  func lend(byteCount: Int) -> BufferLoan {
    let found = lock.withLock { () -> Buffer? in
      lent += 1
      mostLent = max(mostLent, lent)
      return free.firstIndex { $0.memory.count >= byteCount }.map { free.remove(at: $0) }
    }
    return BufferLoan(found ?? Buffer(byteCount: max(byteCount, 1)), from: self)
  }

  fileprivate func takeBack(_ buffer: Buffer) {
    lock.withLock {
      lent -= 1
      free.append(buffer)
      // The smallest go first: where sizes differ, the largest serve the most batches.
      if free.count > keptCount { free.sort { $0.memory.count > $1.memory.count }; free.removeLast() }
    }
  }

  /// How many buffers are lent now, how many were at most, and how many lie idle.
  var counts: (lent: Int, mostLent: Int, idle: Int) { lock.withLock { (lent, mostLent, free.count) } }
}
