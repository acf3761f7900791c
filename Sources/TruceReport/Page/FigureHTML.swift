extension Figure {
  /// The figure as HTML: the place where the script draws, its data, and the static drawing for print.
  ///
  /// - Parameter folder: The folder of the linked files, relative to the page.
  func html(filesIn folder: String) -> Markup {
    let pictures = views.indices.map { view -> Markup in
      let name: Markup = views.count > 1 ? "<p>\(choice): \(views[view].name)</p>" : ""
      let kind: Markup = views[view].chart.plot == nil ? " class=\"pictures\"" : ""
      return """
        <div\(kind)>\(name)\
        <img src="\(folder)/\(fileName(of: view)).svg" alt="\(alternative(toView: view))"></div>
        """
    }
    return """
      <figure class="plot" id="figure-\(id)">
      <h3>\(title)</h3>
      <div class="choices" role="group" aria-label="\(choice)"></div>
      <div class="canvas"><div class="host" role="img" aria-label="\(title)"></div>\(drawings)</div>
      <ul class="legend"></ul>
      <div class="static">\(pictures.joined())</div>
      <noscript>\(pictures.joined())</noscript>
      <figcaption>\(caption)</figcaption>
      <p class="links"></p>
      <script type="application/json">\(specification(filesIn: folder).embedded)</script>
      </figure>
      """
  }

  /// A view in words.
  private func alternative(toView index: Int) -> String {
    let view = views[index]
    return "\(title): \(view.name)" + (view.chart.summary.map { "; \($0)" } ?? "")
  }

  /// The views without an interactive form, drawn in the page's own colors.
  private var drawings: Markup {
    views.indices.filter { views[$0].chart.plot == nil }.map { index -> Markup in
      """
      <div class="drawing" data-view="\(index)" role="img" aria-label="\(alternative(toView: index))" hidden>\
      \(views[index].chart.svg.inPageColors)</div>
      """
    }.joined()
  }

  private func specification(filesIn folder: String) -> JSONValue {
    let described = views.indices.map { index -> JSONValue in
      let view = views[index]
      let name = "\(folder)/\(fileName(of: index))"
      let plot: JSONValue = view.chart.plot?.json ?? ["traces": .null, "legend": []]
      return plot.merging([
        "name": .string(view.name),
        "files": [
          "svg": .string(name + ".svg"), "csv": .string(name + ".csv"), "json": .string(name + ".json"),
        ],
      ])
    }
    return ["choice": .string(choice), "views": .array(described)]
  }

  /// The figure's files by name.
  var files: [String: String] {
    var files: [String: String] = [:]
    for (index, view) in views.enumerated() {
      let name = fileName(of: index)
      files[name + ".svg"] = view.chart.svg.text
      files[name + ".csv"] = view.chart.data.csv
      files[name + ".json"] = view.chart.data.json
    }
    return files
  }
}

extension Table {
  /// The table's files by name.
  var files: [String: String] {
    [id + ".md": markdown, id + ".tex": latex, id + ".csv": csv, id + ".json": dataFile.json]
  }
}

extension Markup {
  /// A static drawing with the page's ink and without its own paper, so that it follows light and dark.
  fileprivate var inPageColors: Markup {
    Markup(
      trusted: text.replacing("fill=\"#1a1a1a\"", with: "fill=\"currentColor\"")
        .replacing("stroke=\"#1a1a1a\"", with: "stroke=\"currentColor\"")
        .replacing("fill=\"#ffffff\"", with: "fill=\"none\"")
        .replacing("fill=\"#c0392b\"", with: "class=\"wrong\""))
  }
}
