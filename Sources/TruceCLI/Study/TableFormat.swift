import ArgumentParser
import TruceReport
import TruceShell

/// How a table of a report is printed.
enum TableFormat: String, ExpressibleByArgument, CaseIterable {
  case text, markdown, latex, csv

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
    return "\(text.plain(on: terminal))\n\n\(terminal.wrapped(table.plainCaption))\n"
  }
}
