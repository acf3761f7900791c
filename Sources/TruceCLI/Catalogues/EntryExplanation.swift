import TruceOptions
import TruceShell

/// All that a catalogue knows about one entry, as text.
struct EntryExplanation {
  private let entry: any EntryDescription

  init(_ entry: any EntryDescription) {
    self.entry = entry
  }

  func plain(on terminal: Terminal) -> String {
    let facts = facts.map { label, text in
      let body = terminal.wrapped(text, indent: 12).dropFirst(12)
      return terminal.faint(label.padded(to: 12)) + body
    }
    return
      ([terminal.bold(entry.name), terminal.wrapped(entry.summary), ""] + facts + ["", options(on: terminal)])
      .joined(separator: "\n")
  }

  var markdown: String {
    let facts = facts.map { "- **\($0.0)**: \($0.1)" }.joined(separator: "\n")
    let options =
      entry.parameters.isEmpty ? "No options." : ParameterTable(entry.parameters, code: "`").markdown
    return ["# \(entry.name)", entry.summary, facts, options].joined(separator: "\n\n")
  }

  private var facts: [(String, String)] {
    entry.facts.map { ($0.label, $0.text) } + [("source", entry.source)]
  }

  private func options(on terminal: Terminal) -> String {
    entry.parameters.isEmpty
      ? terminal.faint("no options") : ParameterTable(entry.parameters, code: "").plain(on: terminal)
  }
}
