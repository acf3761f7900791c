/// What is on the disk of a collection.
public struct CollectionStatus: Equatable, Sendable {
  /// How far the files are usable.
  public enum State: Equatable, Sendable {
    /// All files are there with the published contents.
    case ready
    /// Some files are not there.
    case incomplete(missing: [String])
    /// A file has other contents, or cannot be read.
    case unusable(reason: String)
    /// No file is there.
    case absent
  }

  /// How far the files are usable.
  public let state: State
  /// The folder that holds the files, where there is one.
  public let folder: String?
  /// The bytes the files take on the disk.
  public let byteCount: Int
}

extension OriginalCollection {
  /// Returns the folder that holds all files of the collection.
  ///
  /// A data folder itself may be that folder too, where its files are this collection's.
  ///
  /// - Throws: ``DataError/missing(path:fix:)`` naming the command that gets the files.
  public func folder(in dataFolders: DataFolders) throws(DataError) -> String {
    if let folder = candidates(in: dataFolders).first(where: { missingFiles(in: $0).isEmpty }) {
      return folder
    }
    let begun = candidates(in: dataFolders).first { missingFiles(in: $0).count < files.count }
    let place = begun ?? dataFolders.target + "/" + places[0]
    let missing = missingFiles(in: place).first
    let file = files.first { $0.name == missing }?.publishedName ?? ""
    throw .missing(path: place + "/" + file, fix: fetchAdvice(dataFolders))
  }

  /// Reads an IDX file of the collection and checks that its contents are the published ones.
  ///
  /// - Throws: ``DataError`` where the file is missing, unusable or another one.
  public func array(_ name: String, in folder: String) throws(DataError) -> IDXArray {
    guard let file = files.first(where: { $0.name == name }) else {
      throw .invalidValue(parameter: "the file of \(title)", rule: "one of its own", received: name)
    }
    let path = path(of: file, in: folder)
    let array = try IDXArray(contentsOf: path, limit: file.byteCount)
    try check(array.sha256, of: file, at: path)
    return array
  }

  /// Returns what is there of the collection, after reading every file found.
  ///
  /// - Complexity: O(bytes of the files), a fraction of a second for MNIST.
  public func status(in dataFolders: DataFolders) -> CollectionStatus {
    let found = candidates(in: dataFolders).map { ($0, missingFiles(in: $0)) }
    guard let (folder, missing) = found.min(by: { $0.1.count < $1.1.count }), missing.count < files.count
    else { return CollectionStatus(state: .absent, folder: nil, byteCount: 0) }
    let size = files.reduce(0) { $0 + fileSize(path(of: $1, in: folder)) }
    return CollectionStatus(state: state(in: folder, missing: missing), folder: folder, byteCount: size)
  }

  private func state(in folder: String, missing: [String]) -> CollectionStatus.State {
    if !missing.isEmpty { return .incomplete(missing: missing) }
    do {
      for file in files { try verify(file, at: path(of: file, in: folder)) }
      return .ready
    } catch {
      return .unusable(reason: error.description)
    }
  }

  /// Checks that a file on the disk has the published contents.
  func verify(_ file: OriginalFile, at path: String) throws(DataError) {
    try check(Checksum.sha256(ofContentsOf: path), of: file, at: path)
  }

  private func check(_ sum: String, of file: OriginalFile, at path: String) throws(DataError) {
    guard sum == file.sha256 else {
      throw .wrongChecksum(
        path: path, expected: file.sha256, found: sum,
        fix: "`truce data fetch \(name) --force` replaces the file by the published one")
    }
  }

  /// The path of a file in the collection's folder, that of the compressed file where there is none.
  func path(of file: OriginalFile, in folder: String) -> String {
    let paths = file.diskNames.map { folder + "/" + $0 }
    return paths.first(where: isThere) ?? paths[0]
  }

  private func missingFiles(in folder: String) -> [String] {
    files.filter { !isThere(path(of: $0, in: folder)) }.map(\.name)
  }

  private func candidates(in dataFolders: DataFolders) -> [String] {
    dataFolders.paths.flatMap { folder in
      places.map { folder + "/" + $0 } + (isPlace(folder) ? [folder] : [])
    }
  }

  /// Whether the smallest file in a folder is this collection's: its relatives use the same file names.
  private func isPlace(_ folder: String) -> Bool {
    guard let smallest = files.min(by: { $0.byteCount < $1.byteCount }) else { return false }
    let path = path(of: smallest, in: folder)
    return isThere(path) && (try? verify(smallest, at: path)) != nil
  }

  private func fetchAdvice(_ dataFolders: DataFolders) -> String {
    let places = dataFolders.paths.joined(separator: ", ")
    return "run `truce data fetch \(name)`, or name the folder that holds \(self.places[0])/ with --data "
      + "(looked in \(places))"
  }
}
