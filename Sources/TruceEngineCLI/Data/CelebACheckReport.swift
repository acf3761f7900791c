import TruceData
import TruceRun
import TruceShell

extension CelebACheck: FolderCheck {
  func text(of contents: Contents) -> String {
    let parts = Split.allCases.map { "\(contents.examples[$0.rawValue] ?? 0) \($0.rawValue)" }
    return """
      \(path): sound, as celeba
      examples: \(parts.joined(separator: ", "))
      \(Self.table(of: contents).plain(on: .current))
      """
  }

  private static func table(of contents: Contents) -> TextTable {
    var table = TextTable([("task", .left), ("yes in training", .right)])
    for attribute in contents.attributes {
      table.append([attribute.task, "\(NumberText.fixed(100 * attribute.share, 1)) %"])
    }
    return table
  }
}
