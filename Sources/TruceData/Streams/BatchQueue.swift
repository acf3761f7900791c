import Foundation

/// What the workers of a stream and its reader share: who makes which batch, and the batches that are ready.
///
/// Batches are handed out in order, and no more are on their way than the queue has room for.
final class BatchQueue: @unchecked Sendable {
  typealias Made = Result<HostBatch, DataError>

  // The condition's lock guards everything below it.
  private let condition = NSCondition()
  private let room: Int
  private let end: Int
  private var nextPlace: Int
  private var onTheirWay = 0
  private var ready: [Int: Made] = [:]
  private var isStopped = false

  /// Creates a queue for the places from the first one to the end.
  ///
  /// - Parameter room: The most batches that are being made or wait to be taken.
  init(from first: Int, to end: Int, room: Int) {
    nextPlace = first
    self.end = end
    self.room = room
  }

  /// The place of the batch that a worker is to make next, once there is room; nil when there is nothing left to do.
  func claim() -> Int? {
    condition.lock()
    defer { condition.unlock() }
    while !isStopped, nextPlace < end, onTheirWay >= room { condition.wait() }
    guard !isStopped, nextPlace < end else { return nil }
    onTheirWay += 1
    nextPlace += 1
    return nextPlace - 1
  }

  /// Leaves a batch for the reader.
  func put(_ batch: Made, at place: Int) {
    condition.lock()
    defer { condition.unlock() }
    if !isStopped { ready[place] = batch }
    condition.broadcast()
  }

  /// Takes the batch of a place, which must be one of the next that there is room for; waits until it is made.
  func take(_ place: Int) -> Made {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if let batch = ready.removeValue(forKey: place) {
        onTheirWay -= 1
        condition.broadcast()
        return batch
      }
      condition.wait()
    }
  }

  /// Lets the workers end, and drops what nobody will take.
  func stop() {
    condition.lock()
    defer { condition.unlock() }
    isStopped = true
    ready = [:]
    condition.broadcast()
  }
}

/// Threads that make the batches of a queue until there is nothing left to do.
///
/// They are threads of their own, since reading a file blocks, and hold nothing of the reader's.
enum Workers {
  /// Starts so many threads.
  static func start(_ count: Int, on queue: BatchQueue, _ make: @escaping @Sendable (Int) -> BatchQueue.Made)
  {
    for number in 0..<count {
      let thread = Thread {
        while let place = queue.claim() { queue.put(make(place), at: place) }
      }
      thread.name = "truce-loader-\(number)"
      thread.start()
    }
  }
}
