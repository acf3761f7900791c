import Foundation
import TruceRun

/// Finds the folders of runs that a user means by some paths.
struct RunFinder {
  /// The runs, each once.
  private(set) var runs: [RunDirectory] = []
  /// The paths that are no run and lead to none.
  private(set) var skipped: [String] = []

  /// A study's runs lie two folders below it.
  private static let depth = 2

  /// Looks at each path, and in folders that are no run at those below them.
  init(in paths: [String]) {
    var seen: Set<String> = []
    for path in paths {
      let found = Self.runs(at: URL(filePath: path, directoryHint: .isDirectory), depth: Self.depth)
      if found.isEmpty { skipped.append(path) }
      runs += found.filter { seen.insert($0.url.resolvingSymlinksInPath().path).inserted }
    }
  }

  private static func runs(at folder: URL, depth: Int) -> [RunDirectory] {
    let run = RunDirectory(folder)
    if FileManager.default.fileExists(atPath: run.configurationFile.path) { return [run] }
    guard depth > 0 else { return [] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let inside = names.filter { !$0.hasPrefix(".") }.sorted {
      $0.localizedStandardCompare($1) == .orderedAscending
    }
    return inside.flatMap {
      runs(at: folder.appending(path: $0, directoryHint: .isDirectory), depth: depth - 1)
    }
  }
}
