import TruceRun
import TruceStudy

/// What a reader must hold against the numbers of a study.
struct Caveats {
  private let results: StudyResults
  private let best: [BestConfiguration]
  private let plannedRuns: Int?

  init(_ results: StudyResults, plannedRuns: Int? = nil) {
    self.results = results
    self.plannedRuns = plannedRuns
    best = results.bestConfigurations()
  }

  /// The sentences, the weightiest first.
  var all: [String] {
    [
      incomplete, failures, damages, unreadableUpdates, chance, untuned, selection, seeds, edges, baselines,
      zeroMedians,
      unfinishedTraining, oneOptimizer,
      mixedMachines,
      dirtyRevision,
    ].compactMap { $0 }
  }

  private var incomplete: String? {
    let running = results.unscored.filter {
      ($0.status == nil || $0.status == .interrupted) && $0.record.damage == nil
    }.count
    let missing = max(0, (plannedRuns ?? 0) - results.records.count)
    guard running + missing > 0 else { return nil }
    return """
      The study is not finished: \(Words.count(running + missing, "run")) \(running + missing == 1 ? "is" : "are") still \
      missing. Everything here may change.
      """
  }

  private var failures: String? {
    let failed = results.unscored.filter { $0.status == .failed || $0.status == .cancelled }.count
    let diverged = results.unscored.filter { $0.status == .diverged }.count
    guard failed + diverged > 0 else { return nil }
    let choice =
      results.choosesLearningRates
      ? " A learning rate with a failed seed is chosen only where there is no other." : ""
    let parts = [
      failed > 0 ? "\(Words.count(failed, "run")) failed or \(failed == 1 ? "was" : "were") called off" : nil,
      diverged > 0 ? "\(Words.count(diverged, "run")) diverged" : nil,
    ].compactMap { $0 }
    return """
      \(Words.sentence(Words.list(parts))); \(failed + diverged == 1 ? "it is" : "they are") listed with \
      \(failed + diverged == 1 ? "its reason and enters" : "their reasons and enter") no mean.\(choice)
      """
  }

  private var damages: String? {
    let damaged = results.unscored.filter { $0.record.damage != nil }
    guard !damaged.isEmpty else { return nil }
    let names = damaged.prefix(6).map { run in
      "\(run.variant.setup) at learning rate \(NumberText.plain(run.variant.learningRate)), "
        + "seed \(run.record.configuration.seed)"
    }
    let more = damaged.count > 6 ? [Words.count(damaged.count - 6, "other")] : []
    return """
      The record of \(Words.count(damaged.count, "run")) is damaged and enters nothing: \(Words.list(names + more)). \
      `truce study resume` runs \(damaged.count == 1 ? "it" : "them") again.
      """
  }

  private var unreadableUpdates: String? {
    let damages = results.unreadableUpdates
    guard let first = damages.first else { return nil }
    return """
      The updates of \(Words.count(damages.count, "run")) cannot be read and are not compared; \
      \(damages.count == 1 ? "" : "the first: ")\(first).
      """
  }

  private var chance: String? {
    let stuck = best.filter { !results.metricsAtChance(of: $0).isEmpty }
    guard !stuck.isEmpty else { return nil }
    return """
      \(Words.list(stuck.map(\.variant.setup.description))) \(stuck.count == 1 ? "is" : "are") at or near chance and \
      \(stuck.count == 1 ? "enters" : "enter") no comparison of methods or optimizers: what is compared there is a \
      training that did not work, most often for its learning rate.
      """
  }

  private var untuned: String? {
    let untuned = results.untunedOptimizers
    guard results.optimizers.count > 1, !untuned.isEmpty else { return nil }
    return """
      \(Words.list(untuned)) ran at one learning rate only, so a comparison of optimizers is one of these learning rates \
      as well.
      """
  }

  private var selection: String? {
    guard results.selectsOnReportedSplit, results.choosesLearningRates else { return nil }
    return """
      Learning rates were chosen on the \(results.split) data that are reported, because the runs measured no validation \
      data. All values are therefore optimistic, and more so the more learning rates were tried.
      """
  }

  private var seeds: String? {
    guard let least = best.map(\.runs.count).min() else { return nil }
    if least == 1 { return oneSeed }
    guard least < 5 else { return nil }
    return """
      With \(Words.count(least, "seed")) a configuration, standard deviations are rough and only large differences can \
      be shown.
      """
  }

  private var oneSeed: String {
    let single = best.count { $0.runs.count == 1 }
    if single == best.count {
      return "There is one seed a configuration: no spread is known and nothing can be tested."
    }
    return """
      There is one seed for \(single) of \(best.count) configurations: for these no spread is known and nothing can be \
      tested.
      """
  }

  private var edges: String? {
    let edged = best.filter { $0.edge != nil }
    guard !edged.isEmpty else { return nil }
    let names = edged.prefix(6).map { "\($0.variant.setup) (\($0.edge?.rawValue ?? ""))" }
    let more = edged.count > 6 ? ["\(Words.count(edged.count - 6, "other"))"] : []
    return """
      The best learning rate is the smallest or largest that was tried for \(Words.list(names + more)); a better one may \
      lie beyond it.
      """
  }

  private var baselines: String? {
    guard !results.runs.isEmpty, let gap = results.gapOfDeltaM else { return nil }
    return """
      \(Words.sentence(gap)), so Δm is not known. Configurations are compared by the same formula against \
      the median run, which says nothing about whether training the tasks together was worth it.
      """
  }

  private var zeroMedians: String? {
    guard !results.runs.isEmpty, !results.zeroMedians.isEmpty else { return nil }
    return """
      The median run has a \(Words.list(results.zeroMedians)) of zero, to which no change is relative: it is told relative \
      to the mean over all runs instead.
      """
  }

  private var unfinishedTraining: String? {
    guard let reference = results.referenceMetrics else { return nil }
    let improving = best.filter { configuration in
      let gains = configuration.runs.compactMap { lateGain(of: $0, reference) }
      return (SampleSummary(gains)?.mean ?? 0) > 0.1
    }
    guard !improving.isEmpty, !best.isEmpty else { return nil }
    return """
      \(Words.sentence(Words.count(improving.count, "configuration"))) of \(best.count) still improved in the last tenth of \
      training, by more than a tenth of the whole gain in Δm; longer training may change the order.
      """
  }

  /// The share of a run's whole improvement that fell into the last tenth of its measurements.
  private func lateGain(of run: ScoredRun, _ reference: [MetricValue]) -> Double? {
    let curve = run.record.deltaMCurve(split: results.split, baseline: reference)
    guard curve.count >= 3, let first = curve.first, let last = curve.last, first.value > last.value else {
      return nil
    }
    let late = curve[curve.count - 1 - max(1, curve.count / 10)]
    return (late.value - last.value) / (first.value - last.value)
  }

  private var oneOptimizer: String? {
    guard results.optimizers.count == 1, results.methods.count > 1, let only = results.optimizers.first else {
      return nil
    }
    return "All runs use \(only); with another optimizer the order of the methods may differ."
  }

  private var mixedMachines: String? {
    let environments = results.records.compactMap(\.environment)
    let machines = Set(environments.map { "\($0.host), \($0.device)" })
    guard machines.count > 1 else { return nil }
    return
      "The runs took place on \(Words.count(machines.count, "machine")) or devices, so their times do not compare."
  }

  private var dirtyRevision: String? {
    let environments = results.records.compactMap(\.environment)
    let revisions = Set(environments.compactMap(\.gitRevision))
    if revisions.count > 1 {
      return "The runs were made with \(Words.count(revisions.count, "revision")) of the source."
    }
    guard environments.contains(where: { $0.gitIsDirty == true }) else { return nil }
    return "The source had changes that are not in the recorded revision."
  }
}
