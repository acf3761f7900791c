import Truce

/// The seeds of a run's random numbers: each use has a stream of its own, and so has each task where tasks draw apart.
///
/// Tasks draw together where a draw is no task's: first weights of networks that they share, a method's own randomness, and
/// transitions from all tasks alike, where the draw decides whose it is.
struct RandomStreams {
  /// What random numbers are drawn for.
  enum Use: String {
    case firstWeights = "first-weights"
    case goals
    case firstActions = "first-actions"
    case actions
    case updates
    case replay
    case criticMethod = "critic-method"
    case actorMethod = "actor-method"
    case temperatureMethod = "temperature-method"
  }

  /// The run's seed.
  let seed: UInt64

  /// The seed of a use, or of a task's part in it.
  func seed(of use: Use, task: Int? = nil) -> UInt64 {
    var bySeed = RandomSource(seed: seed)
    var byUse = RandomSource(seed: bySeed.next() ^ Self.hash("agent/\(use.rawValue)"))
    guard let task else { return byUse.next() }
    var byTask = RandomSource(seed: byUse.next() ^ Self.hash("task/\(task)"))
    return byTask.next()
  }

  /// A source for each task.
  func sources(of use: Use, taskCount: Int) -> [RandomSource] {
    (0..<taskCount).map { RandomSource(seed: seed(of: use, task: $0)) }
  }

  /// What transitions are drawn with: a source for each task, or one where all are drawn from alike.
  func replaySources(_ replay: SACSettings.Replay, taskCount: Int) -> PerTask<RandomSource> {
    replay == .perTask
      ? PerTask(sources(of: .replay, taskCount: taskCount)) : PerTask([RandomSource(seed: seed(of: .replay))])
  }

  /// A number for a text that is the same on every machine.
  ///
  /// - Source: G. Fowler, L. C. Noll, K.-P. Vo, D. Eastlake, "The FNV Non-Cryptographic Hash Algorithm": FNV-1a, 64 bits.
  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
