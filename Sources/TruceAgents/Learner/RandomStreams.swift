import Truce

/// The seeds of a run's random numbers: each use has a stream of its own, and so has each task where tasks draw apart.
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

  /// A number for a text that is the same on every machine.
  ///
  /// - Source: G. Fowler, L. C. Noll, K.-P. Vo, D. Eastlake, "The FNV Non-Cryptographic Hash Algorithm": FNV-1a, 64 bits.
  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
