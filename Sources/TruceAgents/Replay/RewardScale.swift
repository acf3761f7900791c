/// The running deviation of each task's rewards.
///
/// With the rate α = 0.001, a mean that begins at 0 and a variance that begins at 1,
///
///     mean ← (1 − α) mean + α r      variance ← (1 − α) variance + α (r − mean)²
///
/// - Source: `NormalizedEnv` of garage (Duan et al.) as mtenv has it, with the mean updated first and 10⁻⁸ added to the
///   deviation; V. Kurin et al. 2022 apply it when transitions are drawn.
struct RewardScale: Codable, Equatable, Sendable {
  private var means: [Double]
  private var variances: [Double]
  private static let rate = 0.001

  /// The beginning for so many tasks.
  init(taskCount: Int) {
    means = [Double](repeating: 0, count: taskCount)
    variances = [Double](repeating: 1, count: taskCount)
  }

  /// The number of tasks.
  var taskCount: Int { variances.count }

  /// Takes in one reward of each task; nil for a task that has none, since its episode is over.
  mutating func takeIn(_ rewards: [Float?]) {
    for (task, reward) in rewards.enumerated() {
      guard let reward else { continue }
      means[task] += Self.rate * (Double(reward) - means[task])
      let distance = Double(reward) - means[task]
      variances[task] += Self.rate * (distance * distance - variances[task])
    }
  }

  /// One over each task's deviation.
  var factors: [Double] { variances.map { 1 / ($0.squareRoot() + 1e-8) } }
}
