/// A network that acts differently as training goes on.
public protocol EpochFollowing: MultiTaskNetwork {
  /// Says how far training has come, at the beginning of each epoch.
  ///
  /// - Parameters:
  ///   - epoch: The epochs that lie behind.
  ///   - epochs: The epochs of the whole training.
  func beginEpoch(_ epoch: Int, of epochs: Int)
}
