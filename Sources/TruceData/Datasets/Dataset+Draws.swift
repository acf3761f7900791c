import Truce

extension Dataset {
  /// A batch of random examples without repetition, or of all where there are no more.
  ///
  /// - Parameters:
  ///   - count: The number of examples.
  ///   - seed: Decides the draws.
  ///   - number: Tells one draw of a seed from another.
  public func randomBatch(of count: Int, seed: UInt64, number: Int) -> Batch {
    var source = RandomSource(seed: seed, for: .sample, number: number)
    return batch(at: source.choice(of: min(count, self.count), from: self.count))
  }
}
