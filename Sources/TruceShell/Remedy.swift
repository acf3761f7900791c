import Truce
import TruceRun

/// A way in which two tasks conflict.
public enum Trouble: String, Encodable, CaseIterable, Sendable {
  /// Their gradients point against each other.
  case direction
  /// Their gradients differ in length.
  case size

  /// Tasks whose gradients oppose each other for fewer samples are said to agree.
  public static let conflictThreshold = 0.1
  /// Gradients that differ by a smaller factor are said to be of like size.
  public static let ratioThreshold = 2.0

  /// What is wrong between two tasks.
  ///
  /// - Parameters:
  ///   - conflictShare: The share of samples for which their gradients point against each other.
  ///   - lengthRatio: How many times as long the longer gradients are; nil where a task has none.
  public static func found(conflictShare: Double, lengthRatio: Double?) -> [Trouble] {
    (conflictShare >= conflictThreshold ? [.direction] : [])
      + ((lengthRatio ?? 1) >= ratioThreshold ? [.size] : [])
  }

  /// The property of a method that addresses it.
  var remedy: MethodProperty {
    switch self {
    case .direction: .nonConflicting
    case .size: .taskScaleInvariant
    }
  }

  /// What a method that addresses it promises.
  var promise: String {
    switch self {
    case .direction: "never steps against a task"
    case .size: "ignores how large each task's gradient is"
    }
  }
}

/// A method that addresses what is wrong between tasks.
public struct Remedy: Encodable, Sendable {
  package let name: String
  package let title: String
  package let addresses: [Trouble]
  package let backwardPasses: String
  package let memory: String

  enum CodingKeys: String, CodingKey {
    case name, title, addresses, memory
    case backwardPasses = "backward_passes"
  }

  /// The methods of the catalogue whose declared properties address what was found, the cheapest first.
  public static func all(for troubles: Set<Trouble>) -> [Remedy] {
    let all = Catalogue.entries.map(\.about).compactMap { method -> Remedy? in
      let addressed = Trouble.allCases.filter {
        troubles.contains($0) && method.properties.contains($0.remedy)
      }
      guard !addressed.isEmpty else { return nil }
      return Remedy(
        name: method.name, title: method.title, addresses: addressed,
        backwardPasses: method.cost.backwardPasses, memory: method.cost.memory)
    }
    // Among equals the order is the catalogue's.
    return all.enumerated().sorted {
      ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset)
    }.map(\.element)
  }

  /// Methods that address more come first, then those with fewer backward passes.
  private var rank: Int { (backwardPasses == "1" ? 0 : 1) - 2 * addresses.count }

  /// The methods as a table with a title, or that none is needed.
  public static func text(of remedies: [Remedy], on terminal: Terminal) -> String {
    guard !remedies.isEmpty else {
      return "There is nothing to reconcile: equal weighting (ew) does with one backward pass."
    }
    var table = TextTable([
      ("method", .left), ("", .left), ("backward passes", .left), ("memory", .left), ("what it does", .left),
    ])
    for remedy in remedies {
      table.append([
        remedy.name, remedy.title, remedy.backwardPasses, remedy.memory,
        remedy.addresses.map(\.promise).joined(separator: "; "),
      ])
    }
    let title = "Methods that address this (K tasks, P shared parameters); `truce methods <name>` tells more"
    return [terminal.bold(title), table.plain(on: terminal)].joined(separator: "\n")
  }
}

/// What measurements say about two tasks, in sentences.
public enum ConflictSentence {
  /// Whether the tasks agree in direction.
  ///
  /// - Parameters:
  ///   - tasks: The tasks.
  ///   - share: The share of samples in conflict.
  ///   - isTrouble: Whether that is much.
  ///   - remark: What is added to a conflict, with its comma.
  public static func direction(
    of tasks: [String], share: Double, isTrouble: Bool, remark: String = ""
  ) -> String {
    let names = tasks.joined(separator: " and ")
    let percent = "\(NumberText.fixed(share * 100, 0)) %"
    return isTrouble
      ? "\(names) conflict in direction for \(percent) of the samples\(remark)."
      : "\(names) agree in direction: their gradients oppose each other for \(percent) of the samples."
  }

  /// Whether the tasks' gradients are of like size.
  public static func size(of tasks: [String], larger: String, ratio: Double, isTrouble: Bool) -> String {
    let smaller = tasks.first { $0 != larger } ?? ""
    return
      "\(tasks.joined(separator: " and ")) \(isTrouble ? "conflict" : "agree") in size: the gradients of "
      + "\(larger) are \(NumberText.fixed(ratio, 1)) times as long as those of \(smaller)."
  }
}
