/// How much of the differences between results is chance.
public struct SeedSpread: Sendable {
  /// The standard deviation of Δm between seeds of the same variant, pooled over all variants with two seeds or more:
  /// s = √(Σ(nᵢ − 1)sᵢ² / Σ(nᵢ − 1)).
  public let withinVariants: Double
  /// The standard deviation of the mean Δm between methods, at their best configurations, averaged over optimizers.
  public let betweenMethods: Double?
  /// The standard deviation of the mean Δm between optimizers, at each method's best configurations, averaged over
  /// methods.
  public let betweenOptimizers: Double?
}

extension StudyResults {
  /// The spread between seeds beside the spread between methods and between optimizers, at the best configurations.
  ///
  /// Configurations at chance are left out: how far they are from the others says that their training failed, and
  /// nothing about the choice of a method or an optimizer.
  ///
  /// - Returns: Nil where no such configuration has two seeds.
  public func seedSpread() -> SeedSpread? {
    let best = meaningfulConfigurations()
    let samples = best.compactMap(\.score).filter { $0.count > 1 }
    let freedom = samples.reduce(0) { $0 + $1.count - 1 }
    guard freedom > 0 else { return nil }
    let squares = samples.reduce(0) { sum, sample in
      let s = sample.standardDeviation ?? 0
      return sum + Double(sample.count - 1) * s * s
    }
    return SeedSpread(
      withinVariants: (squares / Double(freedom)).squareRoot(),
      betweenMethods: Self.meanSpread(best, within: \.optimizer),
      betweenOptimizers: Self.meanSpread(best, within: \.method))
  }

  private static func meanSpread(
    _ best: [BestConfiguration], within group: KeyPath<Variant, String>
  ) -> Double? {
    let groups = Dictionary(grouping: best) { $0.variant[keyPath: group] }
    let spreads = groups.sorted { $0.key < $1.key }.map(\.value).compactMap {
      SampleSummary($0.compactMap { $0.score?.mean })?.standardDeviation
    }
    return SampleSummary(spreads)?.mean
  }
}
