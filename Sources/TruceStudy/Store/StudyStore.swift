public import Foundation
import TruceRun

/// The index of a study: its runs, metrics, curves and files in one SQLite database.
///
/// The runs' folders are the truth. Whatever the index holds can be rebuilt from them, so it may be deleted
/// at any time.
public final class StudyStore: Sendable {
  private let database: Database
  private let path: String
  private let scratch: ScratchFolder?

  /// Opens the index of a study, creating it where there is none.
  ///
  /// - Throws: ``StudyError/store(path:reason:)`` where the file is damaged, ``StudyError/storeBusy(path:)`` or
  ///   ``StudyError/storeUnwritable(path:reason:)``.
  public convenience init(at url: URL) throws(StudyError) {
    try self.init(at: url, scratch: nil)
  }

  /// Opens an index in a folder that is removed with it; of an index that is there already, a copy.
  ///
  /// - Throws: ``StudyError`` as ``init(at:)`` does.
  convenience init(copyOf url: URL) throws(StudyError) {
    let scratch = try ScratchFolder()
    for suffix in ["", "-wal"] {
      let target = scratch.url.path + "/" + url.lastPathComponent + suffix
      try? FileManager.default.copyItem(atPath: url.path + suffix, toPath: target)
    }
    try self.init(at: scratch.url.appending(path: url.lastPathComponent), scratch: scratch)
  }

  /// Opens an empty index in a folder that is removed with it.
  ///
  /// - Throws: ``StudyError`` as ``init(at:)`` does.
  convenience init() throws(StudyError) {
    let scratch = try ScratchFolder()
    try self.init(at: scratch.url.appending(path: "study.sqlite"), scratch: scratch)
  }

  private init(at url: URL, scratch: ScratchFolder?) throws(StudyError) {
    self.scratch = scratch
    path = url.relativePath
    do { database = try Database(path: url.path, schema: StoreSchema.tables) } catch {
      throw Self.problem(error, path: url.relativePath)
    }
  }

  /// Removes the index of a study.
  ///
  /// - Throws: ``StudyError/store(path:reason:)`` where the file cannot be removed.
  public static func remove(at url: URL) throws(StudyError) {
    for suffix in ["", "-wal", "-shm"] {
      let path = url.path + suffix
      guard FileManager.default.fileExists(atPath: path) else { continue }
      do { try FileManager.default.removeItem(atPath: path) } catch {
        throw .store(path: path, reason: "it cannot be removed")
      }
    }
  }

  func read<Value>(_ work: (DatabaseConnection) throws -> Value) throws(StudyError) -> Value {
    do { return try database.read(work) } catch { throw Self.problem(error, path: path) }
  }

  func write(_ work: (DatabaseConnection) throws -> Void) throws(StudyError) {
    do { try database.write(work) } catch { throw Self.problem(error, path: path) }
  }

  private static func problem(_ error: any Error, path: String) -> StudyError {
    guard let error = error as? DatabaseError else { return .store(path: path, reason: "\(error)") }
    return switch error.kind {
    case .busy: .storeBusy(path: path)
    case .unwritable: .storeUnwritable(path: path, reason: error.message)
    case .damaged: .store(path: path, reason: error.message)
    }
  }
}

/// A folder that is removed with the value.
private final class ScratchFolder: Sendable {
  let url: URL

  init() throws(StudyError) {
    url = FileManager.default.temporaryDirectory.appending(path: "truce-index-\(UUID().uuidString)")
    do { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) } catch {
      throw .storeUnwritable(path: url.path, reason: "\(error.localizedDescription)")
    }
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}

/// The tables of the index.
enum StoreSchema {
  /// Makes the tables that are not there; those of an older index stay as they are.
  static let tables = """
    CREATE TABLE IF NOT EXISTS study (name TEXT PRIMARY KEY, question TEXT, definition TEXT NOT NULL, file TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS cell (
      id TEXT PRIMARY KEY, position INTEGER NOT NULL, baseline_task TEXT, method TEXT NOT NULL,
      optimizer TEXT NOT NULL, learning_rate REAL NOT NULL, definition TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS run (
      cell TEXT NOT NULL REFERENCES cell ON DELETE CASCADE, seed INTEGER NOT NULL, state TEXT NOT NULL,
      reason TEXT, attempts INTEGER NOT NULL, epochs INTEGER NOT NULL, steps INTEGER NOT NULL,
      seconds REAL NOT NULL, seconds_per_step REAL, conflict_share REAL, environment TEXT, beginning TEXT,
      PRIMARY KEY (cell, seed)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS metric (
      cell TEXT NOT NULL, seed INTEGER NOT NULL, position INTEGER NOT NULL, split TEXT NOT NULL,
      task TEXT NOT NULL, name TEXT NOT NULL, value REAL, higher_is_better INTEGER NOT NULL,
      PRIMARY KEY (cell, seed, position),
      FOREIGN KEY (cell, seed) REFERENCES run ON DELETE CASCADE) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS curve (
      cell TEXT NOT NULL, seed INTEGER NOT NULL, level TEXT NOT NULL, key TEXT NOT NULL,
      step INTEGER NOT NULL, epoch INTEGER NOT NULL, seconds REAL NOT NULL, value REAL,
      PRIMARY KEY (cell, seed, level, key, step),
      FOREIGN KEY (cell, seed) REFERENCES run ON DELETE CASCADE) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS artifact (
      cell TEXT NOT NULL, seed INTEGER NOT NULL, path TEXT NOT NULL, bytes INTEGER NOT NULL,
      PRIMARY KEY (cell, seed, path),
      FOREIGN KEY (cell, seed) REFERENCES run ON DELETE CASCADE) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS earlier (position INTEGER PRIMARY KEY, definition TEXT NOT NULL);
    """
}
