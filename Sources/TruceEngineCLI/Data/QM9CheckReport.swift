import TruceData
import TruceRun
import TruceShell

/// What `truce data check` says of a folder of QM9.
struct QM9CheckReport: Encodable {
  let folder: String
  let faultCount: Int
  let faults: [FaultReport]
  let contents: QM9Check.Contents?

  private enum CodingKeys: String, CodingKey { case folder, faultCount, faults, contents }

  /// The faults, or what the folder holds.
  let text: String

  init(_ check: QM9Check) {
    folder = check.path
    faultCount = check.faultCount
    faults = check.faults.map(FaultReport.init)
    contents = check.contents
    text = check.contents.map { Self.text(of: $0, check) } ?? check.faults.text(total: check.faultCount)
  }

  private static func text(of contents: QM9Check.Contents, _ check: QM9Check) -> String {
    let origin = contents.isPublished ? "the published files" : "not the published files"
    return """
      \(check.path): sound, \(origin)
      molecules: \(contents.molecules)
      \(table(of: contents).plain(on: .current))
      """
  }

  private static func table(of contents: QM9Check.Contents) -> TextTable {
    var table = TextTable([("task", .left), ("unit", .left), ("mean", .right), ("deviation", .right)])
    for task in contents.tasks {
      table.append([
        task.name, task.unit, NumberText.fixed(task.mean, 3), NumberText.fixed(task.deviation, 3),
      ])
    }
    return table
  }
}
