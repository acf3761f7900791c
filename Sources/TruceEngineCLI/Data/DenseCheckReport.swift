import TruceData
import TruceRun
import TruceShell

extension DenseCheck: FolderCheck {
  var layoutName: String? { layout.name }

  func text(of contents: Contents) -> String {
    let parts = DenseFolder.Part.allCases.map { "\(contents.examples[$0.rawValue] ?? 0) \($0.rawValue)" }
    return """
      \(path): sound, as \(layout.name)
      examples: \(parts.joined(separator: ", "))
      pictures: \(contents.size.map(String.init).joined(separator: " × "))
      \(Self.table(of: contents).plain(on: .current))
      """
  }

  private static func table(of contents: Contents) -> TextTable {
    var table = TextTable([("task", .left), ("kind", .left), ("labelled", .right), ("values", .left)])
    for map in contents.maps {
      table.append([map.task, map.kind, "\(percent(map.labelled)) %", values(of: map)])
    }
    return table
  }

  private static func percent(_ share: Double) -> String { NumberText.fixed(100 * share, 1) }

  private static func values(of map: Map) -> String {
    guard map.classes.isEmpty else {
      let sorted = map.classes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      let shown = sorted.prefix(5).map { "\($0.key) \(percent($0.value)) %" }.joined(separator: ", ")
      return sorted.count > 5 ? shown + ", … (\(sorted.count))" : shown
    }
    return map.range.map { NumberText.fixed($0, 3) }.joined(separator: " … ")
  }
}
