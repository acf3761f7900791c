import TruceData
import TruceRun
import TruceShell

/// What `truce data check` says of a folder of domains.
struct DomainCheckReport: Encodable {
  let folder: String
  let faultCount: Int
  let faults: [FaultReport]
  let contents: DomainCheck.Contents?

  private enum CodingKeys: String, CodingKey { case folder, faultCount, faults, contents }

  /// The faults, or what the folder holds.
  let text: String

  init(_ check: DomainCheck) {
    folder = check.path
    faultCount = check.faultCount
    faults = check.faults.map(FaultReport.init)
    contents = check.contents
    text = check.contents.map { Self.text(of: $0, check) } ?? check.faults.text(total: check.faultCount)
  }

  private static func text(of contents: DomainCheck.Contents, _ check: DomainCheck) -> String {
    let shown = contents.classes.prefix(6).joined(separator: ", ") + (contents.classes.count > 6 ? ", …" : "")
    return """
      \(check.path): sound, \(Counted.text(contents.domains.count, "domain"))
      classes: \(contents.classes.count) (\(shown))
      \(table(of: contents).plain(on: .current))
      """
  }

  private static func table(of contents: DomainCheck.Contents) -> TextTable {
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
