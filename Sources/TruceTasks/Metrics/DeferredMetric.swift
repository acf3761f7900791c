public import Torch
public import TruceData

/// A metric of whose batches a few numbers are kept, which nobody needs before the split's end.
///
/// They stay where they were computed until many are read at once, so that a graphics card is not waited for at each
/// batch. What is done with them on the host is the same either way, and so is each bit of the value.
public protocol DeferredMetric: Metric {
  /// What is kept of a batch, in tensors of any type and size; nothing where the batch does not count.
  ///
  /// None may be a view of the target, whose memory the next batch may take.
  func numbers(output: Tensor, target: TaskTarget) -> BatchNumbers?

  /// Takes in what ``numbers(output:target:)`` kept of a batch.
  ///
  /// - Parameters:
  ///   - numbers: The elements of each of its tensors.
  ///   - count: Its count.
  mutating func add(_ numbers: [[Double]], count: Int)
}

extension DeferredMetric {
  /// Takes in one batch, and reads its numbers at once.
  public mutating func update(output: Tensor, target: TaskTarget) {
    guard let batch = numbers(output: output, target: target) else { return }
    add(batch.tensors.map { $0.toArray(as: Double.self) }, count: batch.count)
  }
}

/// What is kept of a batch until it is read.
public struct BatchNumbers {
  /// What the host knows without reading: the number of elements that count.
  public let count: Int
  /// The numbers.
  public let tensors: [Tensor]

  /// Keeps numbers.
  public init(count: Int = 0, _ tensors: [Tensor]) {
    self.count = count
    self.tensors = tensors
  }
}
