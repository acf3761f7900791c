extension Table {
  /// The table as HTML: sortable by its headings, with links to its other forms.
  ///
  /// - Parameter folder: The folder of the linked files, relative to the page.
  func html(filesIn folder: String) -> Markup {
    let marks = marks()
    let headings = columns.indices.map { column -> Markup in
      let kind: Markup = isNumeric(column) ? " class=\"number\"" : ""
      let heading = Words.keepingArrows(columns[column].heading)
      return """
        <th scope="col"\(kind) aria-sort="none"><button type="button">\(heading)</button></th>
        """
    }
    let body = rows.indices.map { html(rows[$0], marks: marks[$0]) }
    return """
      <figure class="table" id="table-\(id)">
      <h3>\(title)</h3>
      <figcaption>\(caption)</figcaption>
      <p class="hint">This table is wider than the page: scroll it sideways.</p>
      <div class="scroll" tabindex="0"><table class="sortable">
      <thead><tr>\(headings.joined())</tr></thead>
      <tbody>
      \(body.joined(separator: "\n"))
      </tbody></table></div>
      <p class="links">Download: \(links(to: folder))</p>
      </figure>
      """
  }

  private func links(to folder: String) -> Markup {
    let forms = [("md", "Markdown"), ("tex", "LaTeX"), ("csv", "CSV"), ("json", "JSON")]
    return forms.map { ending, name -> Markup in
      "<a href=\"\(folder)/\(id).\(ending)\" download>\(name)</a>"
    }.joined(separator: " · ")
  }

  private func html(_ row: Row, marks: [Mark?]) -> Markup {
    let cells = columns.indices.map { column -> Markup in
      let cell = row.cells[column]
      let content = html(cell, in: column, mark: marks[column])
      if column == 0 { return "<th scope=\"row\"\(sortKey(cell))>\(content)</th>" }
      let kind: Markup = isNumeric(column) ? " class=\"number\"" : cell.isLong ? " class=\"long\"" : ""
      return "<td\(kind)\(sortKey(cell))>\(content)</td>"
    }
    return row.isReference ? "<tr class=\"reference\">\(cells.joined())</tr>" : "<tr>\(cells.joined())</tr>"
  }

  private func sortKey(_ cell: Cell) -> Markup {
    guard let value = cell.value, value.isFinite else { return "" }
    return " data-value=\"\(NumberText.exact(value))\""
  }

  private func html(_ cell: Cell, in column: Int, mark: Mark?) -> Markup {
    let parts = texts(of: cell, in: column)
    var content: Markup =
      switch mark {
      case .best: "<b class=\"best\">\(parts.value)</b>"
      case .secondBest: "<u class=\"second\">\(parts.value)</u>"
      case nil: "\(parts.value)"
      }
    if let deviation = parts.deviation { content += " <span class=\"minor\">± \(deviation)</span>" }
    if let remark = parts.remark { content += " <span class=\"remark\">\(remark)</span>" }
    return content
  }
}
