import TruceOptions
import TruceRun
import TruceShell

/// A catalogue as one table.
struct EntryListing {
  private let kind: String
  private let entries: [any EntryDescription]

  init(_ entries: [any EntryDescription], kind: String) {
    self.entries = entries
    self.kind = kind
  }

  func plain(on terminal: Terminal) -> String {
    let closing = "\(Counted.text(entries.count, kind)); `truce \(kind)s <name>` explains one."
    return table { $0 }.plain(on: terminal) + "\n\n" + terminal.faint(closing)
  }

  var markdown: String { table { "`\($0)`" }.markdown }

  private func table(code: (String) -> String) -> TextTable {
    let labels = entries.first?.facts.filter(\.isListed).map(\.label) ?? []
    var table = TextTable((["name", kind] + labels + ["source"]).map { ($0, .left) })
    for entry in entries {
      table.append(
        [code(entry.name), entry.summary] + entry.facts.filter(\.isListed).map(\.short) + [entry.source])
    }
    return table
  }
}

extension EntryFact {
  /// The fact as a table shows it: without what stands in brackets.
  fileprivate var short: String { text.replacing(#/ \([^()]*\)/#, with: "") }
}
