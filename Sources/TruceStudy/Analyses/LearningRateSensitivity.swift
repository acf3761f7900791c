import TruceRun

/// How a method with an optimizer fares over the learning rates that were tried.
public struct LearningRateCurve: Sendable {
  /// The method and the optimizer.
  public let setup: Setup
  /// One point for each learning rate, ascending.
  public let points: [Point]

  /// What one learning rate gave.
  public struct Point: Sendable {
    /// The learning rate.
    public let learningRate: Double
    /// Δm over the finished seeds, or the selection score where there are no baselines; nil where none finished.
    public let score: SampleSummary?
    /// Seeds that failed or diverged.
    public let failures: Int
  }
}

extension StudyResults {
  /// The curve of Δm over learning rates for each method with each optimizer.
  ///
  /// How flat a curve is near its lowest point says how carefully the learning rate must be tuned. Without baselines the
  /// score is the relative change against the median run.
  public func learningRateCurves() -> [LearningRateCurve] {
    let failed = unscored.filter { !$0.record.isBaseline && ($0.status == .failed || $0.status == .diverged) }
    let variants = Set(runs.map(\.variant)).union(failed.map(\.variant)).sorted()
    var curves: [LearningRateCurve] = []
    for variant in variants where !curves.contains(where: { $0.setup == variant.setup }) {
      let points = variants.filter { $0.setup == variant.setup }.map { variant in
        let finished = runs.filter { $0.variant == variant }
        return LearningRateCurve.Point(
          learningRate: variant.learningRate,
          score: SampleSummary(finished.map(\.score)),
          failures: failed.count { $0.variant == variant })
      }
      curves.append(LearningRateCurve(setup: variant.setup, points: points))
    }
    return curves
  }
}
