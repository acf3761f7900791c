public import TruceFiles
public import TruceStudy

extension Table {
  /// The published tables that there are, as a table.
  ///
  /// - Throws: `FileFault` where one of them does not hold what its description says.
  public static func listing(of tables: [PublishedTable]) throws(FileFault) -> Table {
    var rows: [Row] = []
    for table in tables {
      let count = try table.results().rows.count
      rows.append(
        Row([
          .text(table.name), .text(table.title), .number(Double(count)),
          .number(Double(table.metrics.count)), .text(table.source),
        ]))
    }
    return Table(
      id: "published-tables", title: "Published tables",
      caption: "`truce published <name>` shows one; `truce compare … --published <name>` puts it beside "
        + "own results.",
      columns: [
        .init("name"), .init("results"), .init("rows", decimals: 0), .init("metrics", decimals: 0),
        .init("source"),
      ], rows: rows)
  }
}
