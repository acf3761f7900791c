/// How many of some episodes were successes.
public struct SuccessRate: Codable, Equatable, Sendable {
  /// The episodes that were.
  public var successes: Int
  /// All episodes.
  public var episodes: Int

  /// Creates a count.
  public init(successes: Int, of episodes: Int) {
    self.successes = successes
    self.episodes = episodes
  }

  /// The share p of successes; NaN where there were no episodes.
  public var share: Double { Double(successes) / Double(episodes) }

  /// Wilson's interval, in which the true share lies in 95 of 100 cases.
  ///
  /// `(p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n)` with z = 1.96; it stays within 0…1 and has a width where all or
  /// none succeeded. All of 0…1 where there were no episodes.
  ///
  /// - Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927.
  public var interval: ClosedRange<Double> {
    guard episodes > 0 else { return 0...1 }
    let (count, z) = (Double(episodes), 1.959963984540054)
    let spread = z * z / count
    let half = z * (share * (1 - share) / count + spread / (4 * count)).squareRoot()
    let (centre, scale) = (share + spread / 2, 1 + spread)
    return max(0, (centre - half) / scale)...min(1, (centre + half) / scale)
  }

  /// Both counts together.
  public static func + (first: Self, second: Self) -> Self {
    Self(successes: first.successes + second.successes, of: first.episodes + second.episodes)
  }
}
