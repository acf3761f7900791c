import ArgumentParser
import TruceReport
import TruceShell

/// How a table of a report is printed.
enum TableFormat: String, ExpressibleByArgument, CaseIterable {
  case text, markdown, latex, csv

  /// Reads a format's name; `table` is text, as the catalogues call it.
  init?(argument: String) {
    self.init(rawValue: argument == "table" ? "text" : argument)
  }

  /// Prints a table and what its reader must know, which stands apart from data: as comments, or on standard error.
  func printTable(_ table: Table, notes: [String]) {
    print(text(of: table), terminator: "")
    for note in notes {
      switch self {
      case .text, .markdown: print("\n" + note)
      case .latex: print("% " + note)
      case .csv: Output.note(note)
      }
    }
  }

  func text(of table: Table) -> String {
    switch self {
    case .text: plain(table)
    case .markdown: table.markdown
    case .latex: table.latex
    case .csv: table.csv
    }
  }

  private func plain(_ table: Table) -> String {
    let grid = table.grid
    var text = TextTable(grid.headings.map { ($0.text, $0.isNumeric ? .right : .left) })
    for row in grid.rows { text.append(row) }
    let terminal = Terminal.current
    let caption = table.plainCaption.isEmpty ? "" : "\n\(terminal.wrapped(table.plainCaption))\n"
    return "\(text.plain(on: terminal))\n\(caption)"
  }
}
