import TruceData
import TruceRun
import TruceShell

extension DomainCheck: FolderCheck {
  func text(of contents: Contents) -> String {
    let shown = contents.classes.prefix(6).joined(separator: ", ") + (contents.classes.count > 6 ? ", …" : "")
    return """
      \(path): sound, \(Counted.text(contents.domains.count, "domain"))
      classes: \(contents.classes.count) (\(shown))
      \(Self.table(of: contents).plain(on: .current))
      """
  }

  private static func table(of contents: Contents) -> TextTable {
    var table = TextTable([
      ("domain", .left), ("training", .right), ("validation", .right), ("test", .right), ("left out", .right),
      ("most frequent class", .right),
    ])
    for domain in contents.domains {
      let counts = Split.allCases.map { "\(domain.examples[$0.rawValue] ?? 0)" }
      let share = "\(NumberText.fixed(100 * domain.mostFrequent, 1)) %"
      table.append([domain.name] + counts + ["\(domain.leftOut)", share])
    }
    return table
  }
}
