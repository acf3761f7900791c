import Torch

/// How many of the answers that count were right, in exact counts.
struct ShareRight: Codable, Equatable, Sendable {
  private var right = 0
  private var seen = 0

  /// What is kept of truth values: how many answers are right, and how many there are.
  static func numbers(_ isRight: Tensor) -> BatchNumbers {
    BatchNumbers(count: isRight.count, [isRight.sum()])
  }

  /// Takes in what was kept of a batch.
  mutating func add(_ numbers: [[Double]], count: Int) {
    right += Int(numbers[0][0])
    seen += count
  }

  /// Adds the other's counts.
  mutating func merge(_ other: ShareRight) {
    right += other.right
    seen += other.seen
  }

  /// Right answers over all; not a number before the first.
  var value: Double { seen == 0 ? .nan : Double(right) / Double(seen) }
}
