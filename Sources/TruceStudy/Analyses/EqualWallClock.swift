public import TruceRun

/// The best configurations compared after equal time instead of after equal epochs.
///
/// A method that needs K backward passes a step has seen fewer batches after the same time; a table at equal epochs
/// hides that.
public struct EqualWallClock: Sendable {
  /// The time of the comparison, in seconds of training: the shortest of the runs.
  public let seconds: Double
  /// The configurations.
  public let rows: [Row]

  /// A configuration's scores.
  public struct Row: Sendable {
    /// The configuration.
    public let configuration: BestConfiguration
    /// Δm at the last measurement, over the seeds.
    public let atEqualEpochs: SampleSummary
    /// Δm after ``EqualWallClock/seconds``, over the seeds that were measured before; nil where none was.
    public let atEqualTime: SampleSummary?
    /// The whole training time in seconds, over the seeds.
    public let trainingTime: SampleSummary
    /// The epochs done at the time of the comparison, mean over the seeds.
    public let epochsAtEqualTime: Double
  }
}

extension StudyResults {
  /// Compares the best configurations at the time at which the quickest run was done.
  ///
  /// Each run's curve of Δm on the reported split is interpolated linearly between its measurements. Times are those the
  /// runs recorded: runs that shared a machine with others ran slower than they would alone.
  ///
  /// - Returns: Nil without baselines, or where a run recorded no time.
  public func equalWallClock() -> EqualWallClock? {
    guard let reference = referenceMetrics else { return nil }
    let best = bestConfigurations()
    let curves = best.map { $0.runs.map { $0.record.deltaMCurve(split: split, baseline: reference) } }
    let ends = curves.joined().compactMap { $0.last?.seconds }
    guard let seconds = ends.min(), seconds > 0, ends.count == best.reduce(0, { $0 + $1.runs.count }) else {
      return nil
    }
    let rows = zip(best, curves).compactMap { configuration, curves -> EqualWallClock.Row? in
      guard let last = SampleSummary(curves.compactMap { $0.last?.value }),
        let time = SampleSummary(curves.compactMap { $0.last?.seconds }),
        let epochs = SampleSummary(curves.compactMap { $0.epochs(at: seconds) })
      else { return nil }
      return EqualWallClock.Row(
        configuration: configuration, atEqualEpochs: last,
        atEqualTime: SampleSummary(curves.compactMap { $0.value(at: seconds) }), trainingTime: time,
        epochsAtEqualTime: epochs.mean)
    }
    return EqualWallClock(seconds: seconds, rows: rows)
  }

  /// The baselines' metrics; nil where a task has none, or one of them is zero.
  public var referenceMetrics: [MetricValue]? {
    hasDeltaM ? baselines.flatMap(\.values) : nil
  }
}

extension RunRecord {
  /// Δm after each measurement of a split.
  public func deltaMCurve(split: String, baseline: [MetricValue]) -> [CurvePoint] {
    let times = Dictionary(
      epochCurves.values.joined().map { ($0.epoch, $0) }, uniquingKeysWith: { first, _ in first })
    return measuredEpochs(split: split).compactMap { epoch in
      guard let time = times[epoch],
        let value = TruceRun.deltaM(metrics(split: split, atEpoch: epoch), baseline: baseline)
      else { return nil }
      return CurvePoint(epoch: epoch, step: time.step, seconds: time.seconds, value: value)
    }
  }
}

extension [CurvePoint] {
  /// The value at a time, interpolated linearly; nil before the first point, the last value after the last one.
  public func value(at seconds: Double) -> Double? {
    interpolated(at: seconds, \.value)
  }

  /// The epochs done at a time, interpolated linearly from zero.
  func epochs(at seconds: Double) -> Double? {
    let start = CurvePoint(epoch: 0, step: 0, seconds: 0, value: 0)
    return ([start] + self).interpolated(at: seconds) { Double($0.epoch) }
  }

  private func interpolated(at seconds: Double, _ value: (CurvePoint) -> Double) -> Double? {
    guard let after = firstIndex(where: { $0.seconds >= seconds }) else { return last.map(value) }
    if self[after].seconds == seconds { return value(self[after]) }
    guard after > 0 else { return nil }
    let (a, b) = (self[after - 1], self[after])
    return value(a) + (value(b) - value(a)) * (seconds - a.seconds) / (b.seconds - a.seconds)
  }
}
