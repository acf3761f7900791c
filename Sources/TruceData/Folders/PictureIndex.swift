import Foundation
import TruceFiles

/// The pictures under a folder, by their paths from it, in the order of their bytes.
struct PictureIndex {
  /// The folder.
  let folder: String
  /// The paths from the folder.
  let names: [String]
  private let byPath: [String: Int]
  /// The pictures by the last parts of their paths; nil where two share one.
  private let byName: [Substring: Int?]

  /// Lists the pictures of a folder and of those inside it.
  ///
  /// - Throws: `FileFault` where there is no such folder, or no picture in it.
  init(_ folder: String) throws(FileFault) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      throw FileFault(kind: .missing, path: folder, reason: "there is no such folder", help: "check `images`")
    }
    let found = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    names = found.filter(PictureFile.isPicture).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    guard !names.isEmpty else {
      throw FileFault(
        path: folder, reason: "no picture lies in the folder",
        help: "put PNG or JPEG files there; their names must end in .png, .jpg or .jpeg")
    }
    self.folder = folder
    byPath = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    byName = Dictionary(names.enumerated().map { (Self.lastPart(of: $1), .some($0)) }) { _, _ in nil }
  }

  /// The path of a picture.
  func path(_ index: Int) -> String { "\(folder)/\(names[index])" }

  /// The picture with this path from the folder, or with this name where no other has it.
  func find(_ name: String) -> Int? { byPath[name] ?? byName[name[...]] ?? nil }

  /// Whether several pictures in different folders bear this name.
  func isAmbiguous(_ name: String) -> Bool {
    if case .some(.none) = byName[name[...]] { byPath[name] == nil } else { false }
  }

  /// The folder that holds a picture, as a path from the folder of all; empty for that folder itself.
  func parent(_ index: Int) -> Substring {
    let name = names[index]
    return name.lastIndex(of: "/").map { name[..<$0] } ?? ""
  }

  /// The name of the folder that holds a picture.
  func folderName(_ index: Int) -> String { String(Self.lastPart(of: parent(index))) }

  /// Whether a picture lies under a path.
  func lies(_ index: Int, under path: String) -> Bool {
    let trimmed = path.hasSuffix("/") ? path.dropLast() : path[...]
    return names[index].hasPrefix(trimmed + "/")
  }

  private static func lastPart(of path: some StringProtocol) -> Substring {
    let text = Substring(path)
    return text.lastIndex(of: "/").map { text[text.index(after: $0)...] } ?? text
  }
}
