import Truce

/// Which examples form which batch of which epoch.
///
/// The order of an epoch is a pure function of the seed and the epoch's number, so that a run resumes from
/// those and the number of the next batch alone.
public struct BatchPlan: Codable, Equatable, Sendable {
  /// The order in which an epoch visits the examples.
  public enum Order: Codable, Equatable, Sendable {
    /// As they are stored, the same in every epoch.
    case stored
    /// A fresh uniformly random order in each epoch.
    case shuffled(seed: UInt64)
  }

  /// What becomes of the examples that do not fill a batch at the end of an epoch.
  public enum Remainder: String, Codable, Equatable, Sendable {
    /// They form a smaller batch.
    case keep
    /// They are left out; another epoch's order leaves out others.
    case drop
  }

  /// The number of examples.
  public let exampleCount: Int
  /// The number of examples in a batch.
  public let batchSize: Int
  /// The order in which an epoch visits the examples.
  public let order: Order
  /// What becomes of the examples that do not fill a batch.
  public let remainder: Remainder

  /// Creates a plan.
  ///
  /// - Throws: ``DataError/invalidValue(parameter:rule:received:)`` where an epoch would have no batch.
  public init(
    exampleCount: Int, batchSize: Int, order: Order, remainder: Remainder = .keep
  ) throws(DataError) {
    let largest = remainder == .drop ? exampleCount : Int.max
    guard batchSize >= 1, batchSize <= largest else {
      let rule = remainder == .drop ? "in 1 … \(exampleCount), the number of examples" : "at least 1"
      throw .invalidValue(parameter: "the batch size", rule: rule, received: "\(batchSize)")
    }
    guard exampleCount >= 1 else {
      throw .invalidValue(
        parameter: "the number of examples", rule: "at least 1", received: "\(exampleCount)")
    }
    self.exampleCount = exampleCount
    self.batchSize = batchSize
    self.order = order
    self.remainder = remainder
  }

  /// The number of batches in an epoch.
  public var batchCount: Int {
    remainder == .drop ? exampleCount / batchSize : (exampleCount - 1) / batchSize + 1
  }

  /// The examples in the order in which an epoch visits them.
  ///
  /// - Complexity: O(``exampleCount``).
  public func positions(epoch: Int) -> [Int] {
    switch order {
    case .stored: return Array(0..<exampleCount)
    case .shuffled(let seed):
      var source = RandomSource(seed: seed, for: .order, number: epoch)
      return source.order(of: exampleCount)
    }
  }

  /// The part of an epoch's order that forms a batch.
  public func range(ofBatch batch: Int) -> Range<Int> {
    batch * batchSize..<min((batch + 1) * batchSize, exampleCount)
  }
}
