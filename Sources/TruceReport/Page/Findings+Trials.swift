import TruceRun
import TruceStudy

extension Findings {
  /// How many of the tasks each method's agents solve at the end, and whether the intervals set them apart.
  var trials: Finding? {
    let successes = results.trialSuccesses().sorted { $0.final.mean > $1.final.mean }
    guard let first = successes.first else { return nil }
    let shares = successes.map { success in
      let interval = success.all.map { " (\($0.intervalTexts.joined(separator: " to ")))" }
      return "\(material.name(of: success.configuration.variant.setup)) "
        + NumberText.fixed(success.final.mean, decimals: 2) + (interval ?? "")
    }
    let overlap = successes.dropFirst().contains { Self.overlap($0, first) }
    return Finding(
      text: "Of the tasks, \(Words.list(shares)) are solved at the end, with Wilson's interval."
        + (overlap ? Self.overlapWords : ""),
      evidence: .table("success"))
  }

  private static let overlapWords =
    " The intervals of the first and of others overlap, so that chance may explain the order."

  private static func overlap(_ first: TrialSuccess, _ second: TrialSuccess) -> Bool {
    guard let one = first.all?.interval, let other = second.all?.interval else { return true }
    return one.overlaps(other)
  }
}
