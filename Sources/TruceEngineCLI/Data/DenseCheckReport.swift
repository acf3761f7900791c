import TruceData
import TruceRun
import TruceShell

/// What `truce data check` says of a folder of maps.
struct DenseCheckReport: Encodable {
  let folder: String
  let layout: String
  let faultCount: Int
  let faults: [FaultReport]
  let contents: DenseCheck.Contents?

  private enum CodingKeys: String, CodingKey { case folder, layout, faultCount, faults, contents }

  /// The faults, or what the folder holds.
  let text: String

  init(_ check: DenseCheck) {
    folder = check.path
    layout = check.layout.name
    faultCount = check.faultCount
    faults = check.faults.map(FaultReport.init)
    contents = check.contents
    text = check.contents.map { Self.text(of: $0, check) } ?? check.faults.text(total: check.faultCount)
  }

  private static func text(of contents: DenseCheck.Contents, _ check: DenseCheck) -> String {
    let parts = DenseFolder.Part.allCases.map { "\(contents.examples[$0.rawValue] ?? 0) \($0.rawValue)" }
    return """
      \(check.path): sound, as \(check.layout.name)
      examples: \(parts.joined(separator: ", "))
      pictures: \(contents.size.map(String.init).joined(separator: " × "))
      \(table(of: contents).plain(on: .current))
      """
  }

  private static func table(of contents: DenseCheck.Contents) -> TextTable {
    var table = TextTable([("task", .left), ("kind", .left), ("labelled", .right), ("values", .left)])
    for map in contents.maps {
      table.append([map.task, map.kind, "\(percent(map.labelled)) %", values(of: map)])
    }
    return table
  }

  private static func percent(_ share: Double) -> String { NumberText.fixed(100 * share, 1) }

  private static func values(of map: DenseCheck.Map) -> String {
    guard map.classes.isEmpty else {
      let sorted = map.classes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      let shown = sorted.prefix(5).map { "\($0.key) \(percent($0.value)) %" }.joined(separator: ", ")
      return sorted.count > 5 ? shown + ", … (\(sorted.count))" : shown
    }
    return map.range.map { NumberText.fixed($0, 3) }.joined(separator: " … ")
  }
}
