public import Foundation
import TruceRun

// MARK: Writing

extension StudyReport {
  /// Writes the folder; the page comes last, so that it never names a file that is not there.
  ///
  /// An older report in the folder is replaced, with its data files that this one has no more.
  ///
  /// - Parameters:
  ///   - folder: The folder, created where it is missing.
  ///   - plotly: The plotting library; nil to look for the one that the set-up fetched.
  ///   - isForced: Whether to write into a folder that holds something else, whose files stay unless they have
  ///     the name of one of the report's.
  /// - Throws: ``ReportError``.
  public func write(to folder: URL, plotly: URL? = nil, replacing isForced: Bool = false) throws(ReportError)
  {
    let library = if let plotly { plotly } else { try PlotlyLibrary.locate() }
    let isReport = Self.isReport(folder)
    guard isForced || isReport || Self.isFree(folder) else { throw .occupied(path: folder.relativePath) }
    do throws(RunError) {
      try write(files, to: folder, library: library)
    } catch {
      throw .file(error)
    }
    if isReport { Self.removeData(otherThan: files, from: folder) }
  }

  private func write(_ files: [String: String], to folder: URL, library: URL) throws(RunError) {
    try DurableFile.createFolder(folder.appending(path: "data", directoryHint: .isDirectory))
    try Self.copy(library, to: folder.appending(path: PlotlyLibrary.fileName))
    for (path, text) in files.sorted(by: { $0.key < $1.key }) where path != Self.page {
      try AtomicFile.write(text, to: folder.appending(path: path))
    }
    try AtomicFile.write(files[Self.page] ?? "", to: folder.appending(path: Self.page))
  }

  private static func copy(_ library: URL, to target: URL) throws(RunError) {
    guard let data = FileManager.default.contents(atPath: library.path) else {
      throw .missing(path: library.relativePath, what: "plotting library")
    }
    if FileManager.default.contents(atPath: target.path) == data { return }
    try AtomicFile.write(data, to: target)
  }

  // MARK: What is there

  private static func isReport(_ folder: URL) -> Bool {
    let page = FileManager.default.contents(atPath: folder.appending(path: page).path) ?? Data()
    return String(decoding: page.prefix(4096), as: UTF8.self).contains(Page.generator.text)
  }

  /// Whether the folder is empty or holds no more than the beginnings of a report.
  private static func isFree(_ folder: URL) -> Bool {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.allSatisfy { [PlotlyLibrary.fileName, "data"].contains($0) || $0.hasSuffix(".part") }
  }

  /// Removes what an older report left; a file that cannot be removed does no harm.
  private static func removeData(otherThan files: [String: String], from folder: URL) {
    let data = folder.appending(path: "data", directoryHint: .isDirectory)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: data.path)) ?? []
    for name in names where files["data/\(name)"] == nil {
      try? FileManager.default.removeItem(at: data.appending(path: name))
    }
  }
}
