public import TruceRun

/// How often agents of one configuration succeeded: at the end, at their best, and over the whole training.
public struct TrialSuccess: Sendable {
  /// The configuration.
  public let configuration: BestConfiguration
  /// How often each task succeeded in the measurements that count, over all seeds; nil where the number of episodes is
  /// not known.
  public let tasks: [(name: String, rate: SuccessRate)]?
  /// The mean over tasks in the measurements that count, over the seeds.
  public let final: SampleSummary
  /// The highest mean over tasks and seeds of any one evaluation, with its spread over the seeds, and its step.
  ///
  /// Papers report it. A maximum over many noisy means is too high.
  public let best: (step: Int, mean: SampleSummary)
  /// The mean over tasks, averaged over the steps between the first and the last evaluation: the area under the curve.
  public let area: SampleSummary

  /// How often all tasks together succeeded; nil where the number of episodes is not known.
  public var all: SuccessRate? {
    tasks.map { $0.map(\.rate).reduce(SuccessRate(successes: 0, of: 0), +) }
  }
}

extension StudyResults {
  /// How often the agents of each best configuration succeeded; empty where no agent was tried.
  public func trialSuccesses() -> [TrialSuccess] {
    bestConfigurations().compactMap(success)
  }

  private func success(of configuration: BestConfiguration) -> TrialSuccess? {
    let runs = configuration.runs
    guard runs.allSatisfy({ $0.record.beginning?.tasks.allSatisfy(\.isTrial) == true }) else { return nil }
    let places = metrics.indices.filter { metrics[$0].name == TaskRecord.success }
    let finals = runs.map { run in mean(places.map { run.values[$0] }) }
    let curves = runs.map { $0.record.successCurve(split: split) }
    guard let final = SampleSummary(finals), let best = Self.best(of: curves),
      let area = SampleSummary(curves.compactMap(Self.area))
    else { return nil }
    return TrialSuccess(
      configuration: configuration, tasks: rates(of: runs, places), final: final, best: best, area: area)
  }

  /// The counts behind the values that count: each value is a mean over the measurements that the rule takes.
  private func rates(of runs: [ScoredRun], _ places: [Int]) -> [(name: String, rate: SuccessRate)]? {
    let counts = runs.compactMap { run in
      run.record.conditions?.episodeCount.map { $0 * measurementCount(of: run.record) }
    }
    guard counts.count == runs.count else { return nil }
    return places.map { place in
      let rates = zip(runs, counts).map { run, count in
        SuccessRate(successes: Int((run.values[place] * Double(count)).rounded()), of: count)
      }
      return (metrics[place].task, rates.reduce(SuccessRate(successes: 0, of: 0), +))
    }
  }

  private func measurementCount(of record: RunRecord) -> Int {
    guard case .meanOfLast(let count) = rule else { return 1 }
    return min(count, record.measuredEpochs(split: split).count)
  }

  private static func best(of curves: [[CurvePoint]]) -> (step: Int, mean: SampleSummary)? {
    let steps = Dictionary(grouping: curves.joined(), by: \.step).filter { $1.count == curves.count }
    let means = steps.compactMap { step, points in SampleSummary(points.map(\.value)).map { (step, $0) } }
    // Equal means are settled by the earlier step.
    return means.max { ($0.1.mean, $1.0) < ($1.1.mean, $0.0) }
  }

  private static func area(under curve: [CurvePoint]) -> Double? {
    guard let first = curve.first, let last = curve.last else { return nil }
    guard last.step > first.step else { return last.value }
    let area = zip(curve, curve.dropFirst()).reduce(0) { sum, pair in
      sum + Double(pair.1.step - pair.0.step) * (pair.0.value + pair.1.value) / 2
    }
    return area / Double(last.step - first.step)
  }
}

extension RunRecord {
  /// The mean over the tasks of their shares of successes, evaluation by evaluation.
  public func successCurve(split: String) -> [CurvePoint] {
    let curves = (beginning?.tasks ?? []).filter(\.isTrial).map { task in
      epochCurves[MetricKey.metric(TaskRecord.success, of: task.name, split: split)] ?? []
    }
    guard let first = curves.first, curves.allSatisfy({ $0.count == first.count }) else { return [] }
    return first.indices.map { index in
      CurvePoint(
        epoch: first[index].epoch, step: first[index].step, seconds: first[index].seconds,
        value: mean(curves.map { $0[index].value }))
    }
  }
}

private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
