import Foundation
import TruceFiles

/// The pictures under a folder, by their paths from it, in the order of their bytes; those that are hidden, whose own name or
/// a folder's begins with a dot, do not count.
struct PictureIndex {
  /// The folder.
  let folder: String
  /// The paths from the folder.
  let names: [String]
  /// Files whose names say that they are pictures of other formats, by their paths from the folder.
  private let unread: [String]
  private let byPath: [String: Int]
  /// The pictures by the last parts of their paths; nil where two share one.
  private let byName: [Substring: Int?]

  /// Lists the pictures of a folder and of those inside it.
  ///
  /// - Throws: `FileFault` where there is no such folder, no picture in it, or a link to another folder.
  init(_ folder: String) throws(FileFault) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      throw FileFault(kind: .missing, path: folder, reason: "there is no such folder", help: "check `images`")
    }
    let found = try Self.visible(in: folder)
    names = found.filter(PictureFile.isPicture)
    unread = found.filter(PictureFile.isOfAnotherFormat)
    guard !names.isEmpty else {
      let others = unread.isEmpty ? "" : ", but '\(unread[0])' of a format that is not read"
      throw FileFault(
        path: folder, reason: "no picture lies in the folder\(others)",
        help: "put PNG or JPEG files there; their names must end in .png, .jpg or .jpeg")
    }
    self.folder = folder
    byPath = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    byName = Dictionary(names.enumerated().map { (Self.lastPart(of: $1), .some($0)) }) { _, _ in nil }
  }

  /// What lies in a folder and those inside it, in the order of the paths' bytes.
  private static func visible(in folder: String) throws(FileFault) -> [String] {
    // The folder may be a link itself.
    let root = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    let all = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    let found = all.filter { !$0.hasPrefix(".") && !$0.contains("/.") }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    for name in found where !PictureFile.isPicture(name) && isLink("\(root)/\(name)") {
      guard TruceData.isFolder("\(root)/\(name)") else { continue }
      throw FileFault(
        path: "\(folder)/\(name)", reason: "a link to a folder, in which no pictures are looked for",
        help: "put the folder itself there, or remove the link")
    }
    return found
  }

  private static func isLink(_ path: String) -> Bool {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
  }

  /// A fault for each file whose name says that it is a picture of a format that is not read.
  var unreadFaults: [FileFault] {
    unread.map { name in
      FileFault(
        path: "\(folder)/\(name)", reason: "a picture of a format that is not read",
        help: "convert it to PNG or JPEG, with a name that ends in .png, .jpg or .jpeg, or move it away")
    }
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
