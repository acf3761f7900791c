import RealModule
import Truce
import TruceRun

/// A method that measurements speak for, and why.
public struct Advice: Encodable, Equatable, Sendable {
  /// The method's name.
  public let name: String
  /// Its name as the paper spells it.
  public let title: String
  /// What it addresses.
  public let addresses: [Trouble]
  /// What it does about that, each with the measure that speaks for it.
  public let reasons: [String]
  /// Backward passes of a step, as a formula in K.
  public let backwardPasses: String
  /// Memory beside the network's own gradient, as a formula in K and P.
  public let memory: String

  enum CodingKeys: String, CodingKey {
    case name, title, addresses, reasons, memory
    case backwardPasses = "backward_passes"
  }

  /// The three methods that the evidence speaks for, the best first; none where no special method is needed.
  public static func given(_ evidence: ConflictEvidence) -> [Advice] {
    let needs = (direction: evidence.direction?.directionNeed ?? 0, size: evidence.size?.sizeNeed ?? 0)
    let ranked = Candidate.all.compactMap { candidate -> (score: Double, candidate: Candidate)? in
      guard candidate.isWorthwhile(for: evidence.taskCount) else { return nil }
      let gain = needs.direction * candidate.direction + needs.size * candidate.size
      guard gain > 0 else { return nil }
      return (gain - candidate.price(for: evidence.taskCount), candidate)
    }
    // Among equals the order is the table's.
    let order = ranked.indices.sorted { (ranked[$1].score, $0) < (ranked[$0].score, $1) }
    return order.prefix(3).compactMap { Advice(ranked[$0].candidate, evidence) }
  }

  private init?(_ candidate: Candidate, _ evidence: ConflictEvidence) {
    guard let about = Catalogue.entries.map(\.about).first(where: { $0.name == candidate.name }) else {
      return nil
    }
    (name, title) = (about.name, about.title)
    (backwardPasses, memory) = (about.cost.backwardPasses, about.cost.memory)
    var found: [(trouble: Trouble, reason: String)] = []
    if let pair = evidence.direction, candidate.direction > 0 {
      found.append((.direction, "\(candidate.onDirection) (\(pair.directionMeasure))"))
    }
    if let pair = evidence.size, candidate.size > 0 {
      found.append((.size, "\(candidate.onSize) (\(pair.sizeMeasure))"))
    }
    (addresses, reasons) = (found.map(\.trouble), found.map(\.reason))
  }
}

// MARK: Text

extension Advice {
  /// The advice in words, or that no special method is needed.
  public static func text(_ advice: [Advice], on terminal: Terminal) -> String {
    guard !advice.isEmpty else {
      return terminal.wrapped(
        "No special method is needed: no tasks conflict more often than samples of one task do, and their gradients "
          + "are of like size. Equal weighting (ew) does with one backward pass.")
    }
    let items = advice.enumerated().map { place, advice in
      let passes =
        advice.backwardPasses == "1" ? "1 backward pass" : "\(advice.backwardPasses) backward passes"
      let text = "\(advice.name) (\(advice.title), \(passes)) \(advice.reasons.joined(separator: ", and "))."
      return "  \(place + 1). " + terminal.wrapped(text, indent: 5).dropFirst(5)
    }
    let closing =
      "Equal weighting (ew) with a learning rate of its own is what they have to beat. `truce methods <name>` tells more."
    let title = "Methods to try, the one that most speaks for first (K tasks)"
    return ([terminal.bold(title)] + items + [terminal.wrapped(closing)]).joined(separator: "\n")
  }
}

extension ConflictEvidence.Pair {
  fileprivate var directionMeasure: String {
    let names = tasks.joined(separator: " and ")
    let yardstick = sampleConflictShare.map {
      ", samples of one task for \(ConflictSentence.percent($0))"
    }
    return
      "\(names) oppose each other for \(ConflictSentence.percent(conflictShare)) of the samples\(yardstick ?? "")"
  }

  fileprivate var sizeMeasure: String {
    let smaller = tasks.first { $0 != larger } ?? ""
    return
      "the gradients of \(larger ?? "") are \(NumberText.fixed(lengthRatio ?? 1, 1)) times as long as those of \(smaller)"
  }
}
