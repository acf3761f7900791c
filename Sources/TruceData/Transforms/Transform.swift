public import Truce

/// A change of an example on its way into a batch, made by the thread that read it.
public protocol Transform: Sendable {
  /// Changes an example.
  ///
  /// - Parameters:
  ///   - sample: The example.
  ///   - source: The randomness of this example in this epoch.
  /// - Throws: ``DataError/unsuitedTransform(transform:reason:)`` where the example has not what the change needs.
  func change(_ sample: inout Sample, using source: inout RandomSource) throws(DataError)
}

/// The changes of a split's examples, one after the other, and the seed of their randomness.
///
/// What an example becomes is a function of the seed, the epoch and the example's position alone.
public struct Augmentation: Sendable {
  /// The changes, in order.
  public let transforms: [any Transform]
  /// Decides whatever is random in them.
  public let seed: UInt64

  /// Creates an augmentation.
  public init(_ transforms: [any Transform], seed: UInt64 = 0) {
    self.transforms = transforms
    self.seed = seed
  }

  /// Leaves examples as they are.
  public static let none = Augmentation([])

  /// Changes an example as it is in an epoch.
  ///
  /// - Throws: ``DataError/unsuitedTransform(transform:reason:)``.
  public func change(_ sample: inout Sample, epoch: Int, position: Int) throws(DataError) {
    try change(&sample, RandomSource(seed: seed, for: .augmentation, number: epoch), position)
  }

  /// Changes an example as it is in a random draw.
  func change(
    _ sample: inout Sample, drawnWith drawSeed: UInt64, number: Int, position: Int
  ) throws(DataError) {
    try change(&sample, RandomSource(seed: drawSeed, for: .drawnAugmentation, number: number), position)
  }

  private func change(
    _ sample: inout Sample, _ common: RandomSource, _ position: Int
  ) throws(DataError) {
    guard !transforms.isEmpty else { return }
    var common = common
    var source = RandomSource(seed: common.next() ^ UInt64(position))
    for transform in transforms { try transform.change(&sample, using: &source) }
  }
}
