import Foundation
import TruceReport
import TruceStudy

/// The documents of a study, made anew when its runs end.
///
/// The study's folder is only read: the index from which the page is made is the server's own.
struct LiveSite {
  /// Everything there is to see.
  private(set) var site = Site()
  /// What is seen, as a number that grows with every change.
  private(set) var version = 0
  private var watch: StudyWatch
  private var isBehind = false
  private let store: StudyStore
  private let start: Date

  /// Reads a study and makes its page.
  ///
  /// - Parameters:
  ///   - folder: The study's folder.
  ///   - scratch: A folder for the index.
  ///   - library: The plotting library; nil to look for the one that the set-up fetched.
  ///   - date: The time.
  /// - Throws: ``StudyError``, or ``ServeError/report(_:)`` where the plotting library is missing.
  init(_ folder: StudyFolder, scratch: URL, library: URL?, date: Date) throws {
    watch = try StudyWatch(folder)
    start = date
    let plotly = try Self.content(ofLibrary: library)
    store = try StudyStore(at: scratch.appending(path: "study.sqlite"))
    try store.index(watch.plan, in: folder)
    site.put(plotly, at: PlotlyLibrary.fileName, version: revision)
    try draw(at: date)
    tell(nil)
  }

  private static func content(ofLibrary named: URL?) throws(ServeError) -> [UInt8] {
    do throws(ReportError) {
      let file = if let named { named } else { try PlotlyLibrary.locate() }
      guard let data = FileManager.default.contents(atPath: file.path) else {
        throw .missingPlotly(searched: [file.relativePath])
      }
      return Array(data)
    } catch {
      throw .report(error)
    }
  }

  /// Sets what is seen apart from what this server, or another one before it, showed at another time.
  private var revision: String {
    "\(Int(start.timeIntervalSince1970 * 1000))-\(version)"
  }

  // MARK: Looking again

  /// Looks at the folder, and makes the page anew where its runs have changed.
  ///
  /// What goes wrong is told on the page, which stays as it was.
  mutating func refresh(at date: Date) {
    do {
      let change = try watch.look()
      try update(change, at: date)
      tell(nil)
    } catch {
      isBehind = true
      tell("This page may be behind the study: \(error)")
    }
  }

  private mutating func update(_ change: StudyWatch.Change, at date: Date) throws {
    switch change {
    case .none where !isBehind: return
    case .runs(let keys) where !isBehind:
      for key in keys { try store.index(key, of: watch.plan, in: watch.folder) }
    default: try store.index(watch.plan, in: watch.folder)
    }
    version += 1
    try draw(at: date)
    isBehind = false
  }

  private mutating func draw(at date: Date) throws {
    let report = try StudyReport(of: store, in: watch.folder, date: date)
    let files = LivePage(revision: revision).files(of: report)
    site.keep { $0 == PlotlyLibrary.fileName }
    for (path, text) in files { site.put(Array(text.utf8), at: path, version: revision) }
  }

  private mutating func tell(_ warning: String?) {
    let status = LiveStatus(watch, revision: revision, warning: warning)
    site.put(status.json, at: LivePage.statusName, version: nil)
  }
}
