import Truce
import TruceShell

/// The catalogue as one table.
struct MethodListing {
  private let methods: [MethodDescription]

  init(_ methods: [MethodDescription]) {
    self.methods = methods
  }

  func plain(on terminal: Terminal) -> String {
    var table = TextTable([
      ("name", .left), ("method", .left), ("kind", .left), ("needs", .left), ("backward", .left),
      ("memory", .left), ("paper", .left),
    ])
    for method in methods {
      table.append([
        method.name, method.title, method.kind.rawValue, method.inputs.joined(separator: ", "),
        method.cost.backwardPasses, method.cost.memory, method.paper.short,
      ])
    }
    let closing = "\(methods.count) methods; `truce methods <name>` explains one."
    return table.plain(on: terminal) + "\n\n" + terminal.faint(closing)
  }

  var markdown: String {
    var table = TextTable([
      ("Method", .left), ("Name", .left), ("Paper", .left), ("Kind", .left), ("Needs", .left),
      ("Backward passes", .left), ("Memory", .left),
    ])
    for method in methods {
      table.append([
        method.title, "`\(method.name)`", method.paper.markdown, method.kind.rawValue,
        method.inputs.joined(separator: ", "), method.cost.backwardPasses, method.cost.memory,
      ])
    }
    return table.markdown
  }
}

extension Citation {
  /// First author, venue and year.
  var short: String { "\(authors), \(venue) \(year)" }

  /// First author, venue and year, linked to the paper.
  var markdown: String { "[\(short)](\(address))" }
}

extension MethodDescription {
  /// All that the method is given, in words: its kind's usual input first.
  var inputs: [String] { kind.inputs + needs.names.filter { !kind.inputs.contains($0) } }
}

extension MethodKind {
  fileprivate var inputs: [String] {
    switch self {
    case .lossWeighting: ["losses"]
    case .gramian: ["Gramian"]
    case .matrix: ["gradient matrix"]
    case .crossGramian: ["cross-Gramian"]
    case .wholeStep: ["training step"]
    }
  }
}

extension MethodNeeds {
  /// The needs in words.
  var names: [String] {
    let all: [(MethodNeeds, String)] = [
      (.losses, "losses"), (.gradientNorms, "gradient norms"), (.secondForward, "second forward"),
      (.extraBatches, "extra batches"), (.validationBatches, "validation batches"),
      (.featureGradients, "feature gradients"), (.epochEnds, "epoch ends"),
    ]
    return all.filter { contains($0.0) }.map(\.1)
  }
}
