import Foundation
import TruceFiles

/// What lies in a folder, in the order of the names' bytes, without what is hidden.
struct FolderContent {
  let folders: [String]
  let files: [String]
  /// Links to what is not there.
  let brokenLinks: [String]

  init(_ folder: String) {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
      .filter { !$0.hasPrefix(".") }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    folders = names.filter { isFolder("\(folder)/\($0)") }
    let others = names.filter { !isFolder("\(folder)/\($0)") }
    files = others.filter { isThere("\(folder)/\($0)") }
    brokenLinks = others.filter { !isThere("\(folder)/\($0)") }
  }

  /// What is wrong with a path where a folder should be that can be looked into; nil where nothing is.
  static func fault(of path: String) -> FileFault? {
    guard !isFolder(path) else {
      guard !FileManager.default.isReadableFile(atPath: path) else { return nil }
      return FileFault(
        kind: .unreadable, path: path, reason: "the folder cannot be read", help: "check its permissions")
    }
    if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) {
      return FileFault(
        kind: .missing, path: path, reason: "the link leads to '\(target)', where no folder is",
        help: "let it lead to a folder, or remove it")
    }
    return FileFault(kind: .missing, path: path, reason: "there is no such folder", help: "check the path")
  }
}
