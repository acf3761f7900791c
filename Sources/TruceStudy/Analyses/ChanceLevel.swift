import Foundation
public import TruceRun

/// Whether a result is one that an answer without a look at the input reaches too.
///
/// A run may record what a constant answer reaches with each metric. Where it did not, a network that answers every
/// class alike is known by its loss: then the loss is the logarithm of the number of classes, so that exp(−loss) is the
/// share of right answers that guessing gives.
public enum ChanceLevel {
  /// How far above guessing a result may lie, as a share of the way to a perfect one, and still be called chance.
  static let margin = 0.05
  /// The loss below which a network knows something, whatever its accuracy elsewhere.
  private static let leastLoss = 1.0

  /// Whether a metric's value is at or near chance.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - chance: What an answer that ignores the input reaches.
  ///   - higherIsBetter: The metric's direction.
  public static func isNear(_ value: Double, chance: Double, higherIsBetter: Bool) -> Bool {
    guard value.isFinite, chance.isFinite else { return false }
    let isShare = higherIsBetter && (0..<1).contains(chance)
    let step = margin * (isShare ? 1 - chance : chance.magnitude)
    return higherIsBetter ? value <= chance + step : value >= chance - step
  }

  /// The share of right answers that guessing gives, from the loss of a network that does not yet know anything.
  static func guessing(loss: Double?) -> Double? {
    guard let loss, loss.isFinite, loss >= leastLoss else { return nil }
    return exp(-loss)
  }
}

extension StudyResults {
  /// The metrics of a configuration that are at or near chance, as means over its seeds.
  public func metricsAtChance(of configuration: BestConfiguration) -> [MetricColumn] {
    zip(metrics, configuration.metrics).compactMap { metric, summary in
      let levels = configuration.runs.compactMap { chance(of: metric, in: $0.record) }
      guard levels.count == configuration.runs.count, let level = SampleSummary(levels)?.mean else {
        return nil
      }
      let isNear = ChanceLevel.isNear(
        summary.mean, chance: level, higherIsBetter: metric.higherIsBetter)
      return isNear ? metric : nil
    }
  }

  private func chance(of metric: MetricColumn, in record: RunRecord) -> Double? {
    let task = record.beginning?.tasks.first { $0.name == metric.task }
    if let recorded = task?.metrics.first(where: { $0.name == metric.name })?.chance { return recorded }
    guard metric.name == "accuracy" else { return nil }
    let key = MetricKey.loss(metric.task, split: "train")
    return ChanceLevel.guessing(loss: record.epochCurves[key]?.last?.value)
  }

  /// The best configurations that have learned something: those that choices are compared over.
  public func meaningfulConfigurations() -> [BestConfiguration] {
    bestConfigurations().filter { metricsAtChance(of: $0).isEmpty }
  }

  /// Whether a learning rate was chosen among several for some configuration.
  public var choosesLearningRates: Bool { bestConfigurations().contains { $0.triedRates.count > 1 } }

  /// The optimizers with which no method was tried at a second learning rate, in alphabetical order.
  public var untunedOptimizers: [String] {
    let tuned = Set(bestConfigurations().filter { $0.triedRates.count > 1 }.map(\.variant.optimizer))
    return optimizers.filter { !tuned.contains($0) }
  }
}

extension RunRecord {
  /// The steps in which the conflict behind ``RunSummary/conflictShare`` was measured: those of the last epoch.
  ///
  /// Where the run did not count them, those whose turn had come.
  public var conflictSteps: Int? {
    if let counted = summary?.conflictSteps { return counted }
    guard summary?.conflictShare != nil, configuration.conflictEvery > 0, let beginning else { return nil }
    let ends = epochCurves.values.joined().map(\.step)
    guard let last = ends.max() ?? summary?.steps, last > 0 else { return nil }
    let start = ends.filter { $0 < last }.max() ?? max(0, last - beginning.stepsPerEpoch)
    return last / configuration.conflictEvery - start / configuration.conflictEvery
  }
}
