public import Foundation
public import TruceStudy

/// A study as its readers' browsers see it.
///
/// Nothing is done unless somebody asks, and the folder is looked at once a second at most.
public actor LiveStudy {
  private var live: LiveSite
  private var lastLook: Date
  private let scratch: ScratchFolder
  private let date: @Sendable () -> Date

  /// Reads a study and makes its page.
  ///
  /// - Parameters:
  ///   - folder: The study's folder, which is only read.
  ///   - library: The plotting library; nil to look for the one that the set-up fetched.
  ///   - date: Tells the time.
  /// - Throws: ``StudyError``, or ``ServeError/report(_:)`` where the plotting library is missing.
  public init(
    _ folder: StudyFolder, library: URL? = nil, date: @escaping @Sendable () -> Date = { Date() }
  ) throws {
    self.date = date
    let now = date()
    lastLook = now
    scratch = try ScratchFolder()
    live = try LiveSite(folder, scratch: scratch.url, library: library, date: now)
  }

  /// Removes what was written for the time of the study's being served.
  nonisolated func close() { scratch.remove() }

  /// Answers a request from what the folder tells now.
  func response(to request: SiteRequest) -> SiteResponse {
    let now = date()
    if now.timeIntervalSince(lastLook) >= 1 {
      lastLook = now
      live.refresh(at: now)
    }
    return live.site.response(to: request)
  }
}

/// A folder that is removed with the value, or before.
private final class ScratchFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "truce-serve-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(at: url) }

  deinit { remove() }
}
