import Truce

/// The seeds from which goals are drawn: a stream for each task and purpose of a run's seed.
///
/// A stream hangs on the task's name and not on its place, so that a task has the same goals alone as among others.
enum GoalSeed {
  /// The seed of a task's goals.
  static func seed(_ seed: UInt64, for purpose: EnvironmentRequest.Purpose, task: String) -> UInt64 {
    var bySeed = RandomSource(seed: seed)
    var byPurpose = RandomSource(seed: bySeed.next() ^ hash("goals/\(purpose.rawValue)"))
    var byTask = RandomSource(seed: byPurpose.next() ^ hash(task))
    return byTask.next()
  }

  /// A number for a text that is the same on every machine.
  ///
  /// - Source: G. Fowler, L. C. Noll, K.-P. Vo, D. Eastlake, "The FNV Non-Cryptographic Hash Algorithm": FNV-1a, 64 bits.
  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
