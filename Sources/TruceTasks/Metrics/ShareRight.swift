import Torch

/// How many of the answers that count were right, in exact counts.
struct ShareRight: Codable, Equatable, Sendable {
  private var right = 0
  private var seen = 0

  /// Takes in truth values: which answers are right.
  mutating func add(_ isRight: Tensor) {
    right += isRight.sum().integerItem()
    seen += isRight.count
  }

  /// Adds the other's counts.
  mutating func merge(_ other: ShareRight) {
    right += other.right
    seen += other.seen
  }

  /// Right answers over all; not a number before the first.
  var value: Double { seen == 0 ? .nan : Double(right) / Double(seen) }
}
