import TruceFiles

/// The names of the folders that hold the pictures, as a table of one column.
final class FolderRows: TableRows {
  let names = ["folder"]
  let line: Int? = nil
  private let index: PictureIndex
  private let root: String?
  private var picture = -1

  init(_ index: PictureIndex, under root: String?) {
    self.index = index
    self.root = root
  }

  var path: String { index.folder }

  /// Whether the picture at hand lies where folders' names are labels.
  var isUnder: Bool { root.map { index.lies(picture, under: $0) } ?? true }

  func next() -> Bool {
    picture += 1
    return picture < index.names.count
  }

  func text(_ column: Int) -> String? { index.folderName(picture) }

  func number(_ column: Int) -> Double? {
    var name = index.folderName(picture)
    return name.withUTF8 { DecimalText.number($0) }
  }

  func fault(at column: Int, _ reason: String, help: String) -> FileFault {
    FileFault(path: index.path(picture), reason: "the folder's name: \(reason)", help: help)
  }
}
