import Truce
import TruceShell

/// All that the catalogue knows about one method, as text.
struct MethodExplanation {
  private let method: MethodDescription

  init(_ method: MethodDescription) {
    self.method = method
  }

  func plain(on terminal: Terminal) -> String {
    var lines = [
      terminal.bold("\(method.title) (\(method.name))"), terminal.wrapped(method.summary), "",
      method.formula.indentedLines(by: 4), "",
    ]
    for (label, text) in facts {
      let body = terminal.wrapped(text, indent: 12).dropFirst(12)
      lines.append(terminal.faint(label.padded(to: 12)) + body)
    }
    lines += ["", parameters(on: terminal)]
    for note in method.notes { lines += ["", terminal.wrapped("Note: " + note)] }
    return lines.joined(separator: "\n")
  }

  var markdown: String {
    let paper = method.paper
    var parts = [
      "# \(method.title)", method.summary, "```\n\(method.formula)\n```",
      "\(paper.authors), [\(paper.title)](\(paper.address)), \(paper.venue) \(paper.year).",
      facts.dropFirst().map { "- **\($0.0)**: \($0.1)" }.joined(separator: "\n"),
    ]
    parts.append(method.parameters.isEmpty ? "No parameters." : parameterTable(code: "`").markdown)
    parts += method.notes.map { "> **Note:** \($0)" }
    return parts.joined(separator: "\n\n")
  }

  private var facts: [(String, String)] {
    let paper = method.paper
    let properties = method.properties.map(\.rawValue).sorted().joined(separator: ", ")
    return [
      ("paper", "\(paper.authors), \"\(paper.title)\", \(paper.venue) \(paper.year), \(paper.address)"),
      ("kind", method.kind.rawValue),
      ("needs", method.inputs.joined(separator: ", ")),
      ("cost", "backward passes \(method.cost.backwardPasses), memory \(method.cost.memory)"),
      ("state", method.state),
      ("properties", properties.isEmpty ? "none declared" : properties),
    ]
  }

  private func parameters(on terminal: Terminal) -> String {
    method.parameters.isEmpty ? terminal.faint("no parameters") : parameterTable(code: "").plain(on: terminal)
  }

  private func parameterTable(code: String) -> ParameterTable {
    ParameterTable(method.parameters, code: code, title: "parameter")
  }
}

extension String {
  fileprivate func indentedLines(by count: Int) -> String {
    let space = String(repeating: " ", count: count)
    return split(separator: "\n", omittingEmptySubsequences: false).map { space + $0 }.joined(separator: "\n")
  }
}
