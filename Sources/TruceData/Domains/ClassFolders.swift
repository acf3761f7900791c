import TruceFiles

/// The pictures of one domain, by the folders of their classes.
struct ClassFolders: Sendable {
  /// A picture of the domain.
  struct Picture: Sendable {
    /// Its path from the folder of the classes.
    let name: String
    /// The folder that lies in that folder and holds it.
    let className: String
  }

  /// The folder that holds those of the classes.
  let base: String
  /// The classes, in the order of their bytes.
  let classes: [String]
  /// The pictures, class by class in the order of their paths.
  private(set) var pictures: [Picture] = []

  /// The one folder that a domain of Office-31 holds, with the classes in it.
  static let inner = "images"

  /// Lists a domain's folder.
  ///
  /// - Parameters:
  ///   - folder: The domain's folder.
  ///   - faults: Receives every folder without a picture, pictures that lie in none, and those of formats that are not
  ///     read.
  /// - Returns: Nil where there is no folder of a class.
  init?(_ folder: String, noting faults: FaultList) {
    base = Self.base(of: folder)
    let content = FolderContent(base)
    // A link that leads nowhere is a class that is missing, and named as such.
    classes = (content.folders + content.brokenLinks).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    if let loose = content.files.first(where: PictureFile.isPicture) {
      faults.append(
        FileFault(
          path: "\(base)/\(loose)", reason: "the picture lies in no folder of a class",
          help: "move it, and others beside it, into folders named after their classes"))
    }
    guard !classes.isEmpty else {
      faults.append(
        FileFault(
          path: base, reason: "the domain has no folder of a class",
          help: "put its pictures into folders named after their classes"))
      return nil
    }
    for name in classes { faults.attempting { () throws(FileFault) in try read(name, faults) } }
  }

  /// Takes in the pictures of a class.
  private mutating func read(_ name: String, _ faults: FaultList) throws(FileFault) {
    if let fault = FolderContent.fault(of: "\(base)/\(name)") { throw fault }
    let index = try PictureIndex("\(base)/\(name)")
    for fault in index.unreadFaults { faults.append(fault) }
    pictures += index.names.map { Picture(name: "\(name)/\($0)", className: name) }
  }

  private static func base(of folder: String) -> String {
    FolderContent(folder).folders == [inner] && !FolderContent("\(folder)/\(inner)").folders.isEmpty
      ? "\(folder)/\(inner)" : folder
  }

  /// Leaves out the pictures of all other classes.
  mutating func keep(_ kept: Set<String>) {
    pictures = pictures.filter { kept.contains($0.className) }
  }

  /// The path of a picture.
  func path(_ position: Int) -> String { "\(base)/\(pictures[position].name)" }
}
