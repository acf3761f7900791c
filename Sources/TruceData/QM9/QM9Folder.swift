import TruceFiles

/// A folder with the files of QM9 as the package `qm9pack` has them.
public struct QM9Folder: Sendable {
  /// The names of the files, in the order in which their molecules count.
  public static let fileNames = OriginalCollection.qm9.files.map(\.name)

  /// The molecules, in the files' order.
  public let molecules: Molecules

  /// The folder of the published files in the usual places, whose lengths are compared with the published ones.
  ///
  /// - Throws: ``DataError/missing(path:fix:)`` naming the command that gets the files, or
  ///   ``DataError/truncated(path:reason:)``.
  public static func published(in folders: DataFolders) throws(DataError) -> String {
    let collection = OriginalCollection.qm9
    let folder = try collection.folder(in: folders)
    for file in collection.files {
      let path = collection.path(of: file, in: folder)
      guard fileSize(path) == file.byteCount else {
        throw .truncated(
          path: path, reason: "it has \(fileSize(path)) bytes, the published one \(file.byteCount)")
      }
    }
    return folder
  }

  /// Whether a folder has any of the files.
  public static func looksLikeOne(_ folder: String) -> Bool {
    fileNames.contains { isThere("\(folder)/\($0)") }
  }

  /// Reads the three files.
  ///
  /// - Throws: ``DataError/faults(_:total:)`` that names file, line and fix of everything that is wrong.
  /// - Complexity: O(bytes of the files).
  public init(_ folder: String) throws(DataError) {
    let faults = FaultList()
    guard let whole = QM9Folder(folder, noting: faults) else {
      try faults.check()
      throw .damaged(path: folder, reason: "it holds no molecule")
    }
    self = whole
  }

  /// Reads the three files.
  ///
  /// - Parameters:
  ///   - folder: The folder.
  ///   - faults: Receives everything that is wrong.
  /// - Returns: Nil where anything is.
  public init?(_ folder: String, noting faults: FaultList) {
    var reader = QM9Reader(faults)
    for name in Self.fileNames { reader.read("\(folder)/\(name)") }
    guard faults.isEmpty, reader.molecules.count > 0 else { return nil }
    molecules = reader.molecules
  }
}
