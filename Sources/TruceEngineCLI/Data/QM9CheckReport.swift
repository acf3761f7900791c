import TruceData
import TruceRun
import TruceShell

extension QM9Check: FolderCheck {
  func text(of contents: Contents) -> String {
    let origin = contents.isPublished ? "the published files" : "not the published files"
    return """
      \(path): sound, \(origin)
      molecules: \(contents.molecules)
      \(Self.table(of: contents).plain(on: .current))
      """
  }

  private static func table(of contents: Contents) -> TextTable {
    var table = TextTable([("task", .left), ("unit", .left), ("mean", .right), ("deviation", .right)])
    for task in contents.tasks {
      table.append([
        task.name, task.unit, NumberText.fixed(task.mean, 3), NumberText.fixed(task.deviation, 3),
      ])
    }
    return table
  }
}
