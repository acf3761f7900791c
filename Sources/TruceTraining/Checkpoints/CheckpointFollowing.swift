/// A learner that keeps something beside its checkpoints, and is told which of these there are.
public protocol CheckpointFollowing: Learner {
  /// Gives up what is kept for checkpoints that are there no more.
  ///
  /// It is called when a checkpoint has been written and older ones were removed.
  ///
  /// - Parameter kept: Reads what ``Learner/encodeState(to:)`` wrote into the checkpoints that there are.
  /// - Throws: What keeps a checkpoint from being read; nothing is given up then.
  func discardUnneeded(keeping kept: () throws -> [any Decoder]) throws
}
