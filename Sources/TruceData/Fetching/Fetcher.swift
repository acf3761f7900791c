public import Foundation

/// Gets the original files of a collection from wherever they can be had.
///
/// Every file is checked by its contents' sum before it takes its place, in one step. A fetch that was stopped
/// goes on where it was when it is run again: files that are there and whole are kept.
public struct Fetcher {
  private let origins: OriginReader
  private let report: (String) -> Void

  /// Creates a fetcher.
  ///
  /// - Parameters:
  ///   - downloader: Gets files from the web.
  ///   - tools: Runs pip, apt-get and unpackers.
  ///   - environment: The variables of the process; `PIP_INDEX_URL` names another package index.
  ///   - report: Receives a line for each thing done.
  public init(
    downloader: any Downloader = WebDownloader(), tools: any ToolRunner = ProcessRunner(),
    environment: [String: String] = ProcessInfo.processInfo.environment,
    report: @escaping (String) -> Void = { _ in }
  ) {
    origins = OriginReader(downloader: downloader, tools: tools, environment: environment)
    self.report = report
  }

  /// Puts the files of a collection into a data folder.
  ///
  /// - Parameters:
  ///   - collection: What to get.
  ///   - dataFolder: The files go to the collection's folder within it.
  ///   - replacing: Whether files that are there are fetched anew.
  /// - Returns: The folder that holds the files.
  /// - Throws: ``DataError`` where a file that is there has other contents and is not to be replaced, where the
  ///   folder cannot be written, and where no origin delivers.
  @discardableResult
  public func fetch(
    _ collection: OriginalCollection, into dataFolder: String, replacing: Bool = false
  ) throws(DataError) -> String {
    let folder = dataFolder + "/" + collection.places[0]
    var wanted = try wantedFiles(of: collection, in: folder, replacing: replacing)
    let scratch = folder + "/.fetching"
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    var failures: [String] = []
    for origin in collection.origins where !wanted.isEmpty {
      report("\(collection.title): trying \(origin.title)")
      try renew(scratch)
      let failure = try take(&wanted, of: collection, from: origin, through: scratch, to: folder)
      if let failure { failures.append(failure.reason) }
    }
    guard wanted.isEmpty else {
      throw .unavailable(what: collection.title, reasons: failures, fix: Self.advice(folder))
    }
    return folder
  }

  private func wantedFiles(
    of collection: OriginalCollection, in folder: String, replacing: Bool
  ) throws(DataError) -> [OriginalFile] {
    var wanted: [OriginalFile] = []
    for file in collection.files {
      let path = collection.path(of: file, in: folder)
      if replacing || !isThere(path) {
        wanted.append(file)
      } else {
        try collection.verify(file, at: path)
        report("\(path) is already there")
      }
    }
    return wanted
  }

  private func renew(_ scratch: String) throws(DataError) {
    try? FileManager.default.removeItem(atPath: scratch)
    try Place.makeFolder(scratch)
  }

  /// Moves what an origin delivers to its place, and leaves in `wanted` what it did not deliver.
  private func take(
    _ wanted: inout [OriginalFile], of collection: OriginalCollection, from origin: Origin,
    through scratch: String, to folder: String
  ) throws(DataError) -> OriginFailure? {
    if case .failure(let failure) = origins.unpack(origin, into: scratch) { return failure }
    for file in wanted {
      let path = folder + "/" + file.publishedName
      switch origins.deliver(file, of: collection, from: origin, through: scratch) {
      case .success(let draft): try Place.move(draft, to: path)
      case .failure(let failure): return failure
      }
      report("\(path) (\(fileSize(path)) bytes)")
      wanted.removeAll { $0 == file }
    }
    return nil
  }

  private static func advice(_ folder: String) -> String {
    "check the network and run the command again, or put the files into \(folder)/ yourself"
  }
}
