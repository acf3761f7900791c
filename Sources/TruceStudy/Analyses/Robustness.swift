public import TruceRun

/// How much worse a task gets on corrupted data, beside a single-task network.
///
/// δ = mean over corruptions and severities of (−1)ᵖ (Mᶜᵒʳʳ/Mᶜˡᵉᵃⁿ of the multi-task network − Mᶜᵒʳʳ/Mᶜˡᵉᵃⁿ of the
/// single-task network), p = 1 where higher is better. Below zero the multi-task network is the more robust one.
///
/// Source: Appendix A6 of Elich et al., arXiv 2311.04698.
public enum Robustness {
  /// A metric on clean and on corrupted data.
  public struct Measurement: Sendable, Equatable {
    /// The value on clean data.
    public var clean: Double
    /// The values by corruption, such as `gaussian-noise-3`.
    public var corrupted: [String: Double]

    /// Creates a measurement.
    public init(clean: Double, corrupted: [String: Double]) {
      self.clean = clean
      self.corrupted = corrupted
    }
  }

  /// Returns δ over the corruptions that both networks were measured on; nil where there is none, or where a clean value
  /// is zero.
  public static func delta(
    multiTask: Measurement, singleTask: Measurement, higherIsBetter: Bool
  ) -> Double? {
    guard Meaning.isDenominator(multiTask.clean, among: multiTask.corrupted.values),
      Meaning.isDenominator(singleTask.clean, among: singleTask.corrupted.values)
    else { return nil }
    let changes = multiTask.corrupted.sorted { $0.key < $1.key }.compactMap { name, value in
      singleTask.corrupted[name].map { value / multiTask.clean - $0 / singleTask.clean }
    }
    return SampleSummary(changes).map { higherIsBetter ? -$0.mean : $0.mean }
  }
}

extension RunRecord {
  /// A metric's last values on a clean split and on all corrupted ones; nil where it was not measured.
  public func robustness(of metric: MetricColumn, cleanSplit: String) -> Robustness.Measurement? {
    let suffix = "/\(metric.task)/\(metric.name)"
    guard let clean = epochCurves["\(cleanSplit)\(suffix)"]?.last?.value else { return nil }
    let corrupted = epochCurves.compactMap { key, curve -> (String, Double)? in
      guard key.hasPrefix(CorruptedSplit.prefix), key.hasSuffix(suffix), let last = curve.last else {
        return nil
      }
      return (String(key.dropFirst(CorruptedSplit.prefix.count).dropLast(suffix.count)), last.value)
    }
    return Robustness.Measurement(
      clean: clean, corrupted: Dictionary(corrupted, uniquingKeysWith: { first, _ in first }))
  }
}

extension StudyResults {
  /// A configuration's δ for each metric, mean over its seeds.
  public func robustness() -> [(configuration: BestConfiguration, deltas: [Double?])] {
    let alone = records.filter { $0.isBaseline && $0.isFinished }
    return bestConfigurations().map { configuration in
      let deltas = metrics.map { metric in
        SampleSummary(configuration.runs.compactMap { delta(of: $0.record, metric: metric, alone: alone) })?
          .mean
      }
      return (configuration, deltas)
    }.filter { $0.deltas.contains { $0 != nil } }
  }

  /// δ against the single-task run of the same seed, or of any seed where that one is missing.
  private func delta(of record: RunRecord, metric: MetricColumn, alone: [RunRecord]) -> Double? {
    let best = baselines.first { $0.task == metric.task }
    let partners = alone.filter {
      $0.configuration.tasks == [metric.task] && $0.configuration.learningRate == best?.learningRate
    }
    let partner = partners.first { $0.configuration.seed == record.configuration.seed } ?? partners.first
    guard let own = record.robustness(of: metric, cleanSplit: split),
      let other = partner?.robustness(of: metric, cleanSplit: split)
    else { return nil }
    return Robustness.delta(multiTask: own, singleTask: other, higherIsBetter: metric.higherIsBetter)
  }
}
