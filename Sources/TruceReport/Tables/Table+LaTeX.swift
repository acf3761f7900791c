extension Table {
  /// The table in LaTeX with the rules of the `booktabs` package: best bold, second best underlined.
  public var latex: String {
    let marks = marks()
    let layout = columns.indices.map { isNumeric($0) ? "r" : "l" }.joined()
    let headings = columns.map { Self.latexHeading($0) }.joined(separator: " & ")
    var lines = [
      "% \\usepackage{booktabs}", "\\begin{table}", "  \\centering",
      "  \\caption{\\textbf{\(Self.latexEscaped(title)).} \(Self.latexEscaped(caption))}",
      "  \\label{tab:\(id)}", "  \\begin{tabular}{\(layout)}", "    \\toprule", "    \(headings) \\\\",
      "    \\midrule",
    ]
    for (index, row) in rows.enumerated() {
      let cells = columns.indices.map { latex(row.cells[$0], in: $0, mark: marks[index][$0]) }
      lines.append("    " + cells.joined(separator: " & ") + " \\\\")
      // A rule parts the references at the top from what is compared with them.
      if row.isReference, index + 1 < rows.count, !rows[index + 1].isReference {
        lines.append("    \\midrule")
      }
    }
    lines += ["    \\bottomrule", "  \\end{tabular}", "\\end{table}"]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func latexHeading(_ column: Column) -> String {
    let title = latexEscaped(column.title)
    return switch column.direction {
    case .higherIsBetter: title + " $\\uparrow$"
    case .lowerIsBetter: title + " $\\downarrow$"
    case nil: title
    }
  }

  private func latex(_ cell: Cell, in column: Int, mark: Mark?) -> String {
    let parts = texts(of: cell, in: column)
    var text = Self.latexEscaped(parts.value)
    switch mark {
    case .best: text = "\\textbf{\(text)}"
    case .secondBest: text = "\\underline{\(text)}"
    case nil: break
    }
    if let deviation = parts.deviation { text += " $\\pm$ \(deviation)" }
    if let remark = parts.remark { text += " {\\scriptsize (\(Self.latexEscaped(remark)))}" }
    return text
  }

  private static let latexReplacements: [Character: String] = [
    "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "%": "\\%", "#": "\\#",
    "_": "\\_", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "−": "$-$", "–": "--", "—": "---",
    "±": "$\\pm$", "Δ": "$\\Delta$", "δ": "$\\delta$", "×": "$\\times$", "↑": "$\\uparrow$",
    "↓": "$\\downarrow$", "∞": "$\\infty$", "≤": "$\\le$", "≥": "$\\ge$", "<": "$<$", ">": "$>$",
    "†": "$\\dagger$", "°": "$^{\\circ}$", "μ": "$\\mu$", "α": "$\\alpha$", "⟨": "$\\langle$",
    "⟩": "$\\rangle$", "²": "$^{2}$", "σ": "$\\sigma$", "→": "$\\rightarrow$", "\n": " ", "\r": " ",
    "\r\n": " ",
  ]

  private static func latexEscaped(_ text: String) -> String {
    text.map { latexReplacements[$0] ?? String($0) }.joined()
  }
}
