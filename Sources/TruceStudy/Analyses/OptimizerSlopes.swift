/// How each method's best result changes from one optimizer to another.
public struct OptimizerSlopes: Sendable {
  /// The optimizer on the left.
  public let left: String
  /// The optimizer on the right.
  public let right: String
  /// One slope for each method that was run with both.
  public let slopes: [Slope]

  /// A method's scores with two optimizers.
  public struct Slope: Sendable {
    /// The method.
    public let method: String
    /// The score with the left optimizer.
    public let left: SampleSummary
    /// The score with the right optimizer.
    public let right: SampleSummary

    /// What the change of optimizer gains or loses; negative where the right one is better, zero where both are alike.
    public var change: Double { Score.difference(right.mean, left.mean) }
  }

  /// Whether all methods change in the same direction.
  public var isUnanimous: Bool {
    slopes.allSatisfy { $0.change < 0 } || slopes.allSatisfy { $0.change > 0 }
  }

  /// The mean absolute change over the methods: what the choice of optimizer is worth.
  public var meanAbsoluteChange: Double? { SampleSummary(slopes.map(\.change.magnitude))?.mean }
}

extension StudyResults {
  /// The slopes between two optimizers, at each method's best configuration with each of them.
  ///
  /// - Parameters:
  ///   - left: The one optimizer.
  ///   - right: The other.
  ///   - isMeaningful: Whether configurations at chance are left out.
  ///
  /// Source: Figure A3 of Elich et al., arXiv 2311.04698 (Adam on the left, SGD on the right).
  public func slopes(
    from left: String, to right: String, isMeaningful: Bool = false
  ) -> OptimizerSlopes {
    let best = isMeaningful ? meaningfulConfigurations() : bestConfigurations()
    let slopes = methods.compactMap { method -> OptimizerSlopes.Slope? in
      let scores = [left, right].compactMap { optimizer in
        best.first { $0.variant.method == method && $0.variant.optimizer == optimizer }?.score
      }
      return scores.count == 2 ? .init(method: method, left: scores[0], right: scores[1]) : nil
    }
    return OptimizerSlopes(left: left, right: right, slopes: slopes)
  }

  /// The slopes between every two optimizers that share a method.
  ///
  /// - Parameter isMeaningful: Whether configurations at chance are left out.
  public func allSlopes(isMeaningful: Bool = false) -> [OptimizerSlopes] {
    optimizers.indices.flatMap { i in
      optimizers.dropFirst(i + 1).map { slopes(from: optimizers[i], to: $0, isMeaningful: isMeaningful) }
    }.filter { !$0.slopes.isEmpty }
  }
}

extension BestConfiguration {
  /// Δm over the seeds, or the selection score where there are no baselines.
  public var score: SampleSummary? { deltaM ?? SampleSummary(runs.map(\.selectionScore)) }
}
