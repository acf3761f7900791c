import TruceStudy

extension Findings {
  /// Which trainings do not notice the losses' scales: a sentence for the frozen backbone and one for the free one.
  var lossScales: [Finding] {
    guard let comparisons = try? material.lossScaleComparisons() else { return [] }
    return [true, false].compactMap { isFrozen in
      let mine = comparisons.filter { $0.isFrozen == isFrozen }
      return mine.isEmpty ? nil : Self.lossScales(mine, backbone: isFrozen ? "frozen" : "free")
    }
  }

  private static func lossScales(
    _ comparisons: [LossScaleInvariance.Comparison], backbone: String
  ) -> Finding {
    let groups = Dictionary(grouping: comparisons, by: \.variant).sorted { $0.key < $1.key }
    let (alike, others) = (
      groups.filter { $0.value.allSatisfy { $0.verdict == .invariant } },
      groups.filter { $0.value.contains { $0.verdict != .invariant } }
    )
    let invariant = Words.list(alike.map(\.key.setup.description))
    let dependent = Words.list(others.map { "\($0.key.setup) (\(difference(of: $0.value)))" })
    let sentence =
      if others.isEmpty {
        "no updates depend on the losses' scales: \(invariant)"
      } else if alike.isEmpty {
        "all updates depend on the losses' scales: \(dependent)"
      } else {
        "the updates of \(invariant) do not depend on the losses' scales; those of \(dependent) do"
      }
    return Finding(
      text: "With a \(backbone) backbone \(sentence).", evidence: .table("loss-scale-invariance"))
  }

  private static func difference(of comparisons: [LossScaleInvariance.Comparison]) -> String {
    let largest = comparisons.map(\.largest).max() ?? 0
    return "relative difference up to \(InvarianceTable.text(ofDifference: largest))"
  }
}
