public import Foundation
import GRDB
import TruceRun

/// The index of a study: its runs, metrics, curves and files in one SQLite database.
///
/// The runs' folders are the truth. Whatever the index holds can be rebuilt from them, so it may be deleted
/// at any time.
public final class StudyStore: Sendable {
  private let database: DatabasePool
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
    var configuration = Configuration()
    configuration.busyMode = .timeout(30)
    do {
      database = try DatabasePool(path: url.path, configuration: configuration)
      try StoreSchema.migrator.migrate(database)
    } catch {
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

  func read<Value>(_ work: (Database) throws -> Value) throws(StudyError) -> Value {
    do { return try database.read(work) } catch { throw Self.problem(error, path: path) }
  }

  func write(_ work: (Database) throws -> Void) throws(StudyError) {
    do { try database.write(work) } catch { throw Self.problem(error, path: path) }
  }

  private static func problem(_ error: any Error, path: String) -> StudyError {
    guard let error = error as? DatabaseError else { return .store(path: path, reason: "\(error)") }
    let reason = error.message ?? "\(error.resultCode)"
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: return .storeBusy(path: path)
    case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
      return .storeUnwritable(path: path, reason: reason)
    default: return .store(path: path, reason: reason)
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

/// The tables of the index and how they came about.
enum StoreSchema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: studies, cells, runs, metrics, curves, artifacts") { database in
      try database.execute(sql: first)
    }
    migrator.registerMigration("2: runs of earlier study files") { database in
      try database.execute(
        sql: "CREATE TABLE earlier (position INTEGER PRIMARY KEY, definition TEXT NOT NULL)")
    }
    return migrator
  }

  private static let first = """
    CREATE TABLE study (name TEXT PRIMARY KEY, question TEXT, definition TEXT NOT NULL, file TEXT NOT NULL);
    CREATE TABLE cell (
      id TEXT PRIMARY KEY, position INTEGER NOT NULL, baseline_task TEXT, method TEXT NOT NULL,
      optimizer TEXT NOT NULL, learning_rate REAL NOT NULL, definition TEXT NOT NULL);
    CREATE TABLE run (
      cell TEXT NOT NULL REFERENCES cell ON DELETE CASCADE, seed INTEGER NOT NULL, state TEXT NOT NULL,
      reason TEXT, attempts INTEGER NOT NULL, epochs INTEGER NOT NULL, steps INTEGER NOT NULL,
      seconds REAL NOT NULL, seconds_per_step REAL, conflict_share REAL, environment TEXT, beginning TEXT,
      PRIMARY KEY (cell, seed)) WITHOUT ROWID;
    CREATE TABLE metric (
      cell TEXT NOT NULL, seed INTEGER NOT NULL, position INTEGER NOT NULL, split TEXT NOT NULL,
      task TEXT NOT NULL, name TEXT NOT NULL, value REAL, higher_is_better INTEGER NOT NULL,
      PRIMARY KEY (cell, seed, position),
      FOREIGN KEY (cell, seed) REFERENCES run ON DELETE CASCADE) WITHOUT ROWID;
    CREATE TABLE curve (
      cell TEXT NOT NULL, seed INTEGER NOT NULL, level TEXT NOT NULL, key TEXT NOT NULL,
      step INTEGER NOT NULL, epoch INTEGER NOT NULL, seconds REAL NOT NULL, value REAL,
      PRIMARY KEY (cell, seed, level, key, step),
      FOREIGN KEY (cell, seed) REFERENCES run ON DELETE CASCADE) WITHOUT ROWID;
    CREATE TABLE artifact (
      cell TEXT NOT NULL, seed INTEGER NOT NULL, path TEXT NOT NULL, bytes INTEGER NOT NULL,
      PRIMARY KEY (cell, seed, path),
      FOREIGN KEY (cell, seed) REFERENCES run ON DELETE CASCADE) WITHOUT ROWID;
    """
}
