import Foundation

/// A SQLite file that the threads of a process use one after the other, while other processes may use it too.
///
/// - Note: `@unchecked Sendable`, since the connection is used within `lock` only.
final class Database: @unchecked Sendable {
  private let connection: DatabaseConnection
  private let lock = NSLock()

  /// Opens a file, creating it where there is none, and makes its tables where they are missing.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - schema: Statements that change nothing where they ran before.
  ///   - patience: For how many seconds to wait while another process writes.
  /// - Throws: ``DatabaseError``.
  init(path: String, schema: String, patience: Double = 30) throws {
    connection = try DatabaseConnection(path: path, patience: patience)
    try connection.execute("PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
    try write { try $0.execute(schema) }
  }

  /// Reads one state of the file, whatever others write meanwhile.
  ///
  /// - Throws: ``DatabaseError``, and what the work throws.
  func read<Value>(_ work: (DatabaseConnection) throws -> Value) throws -> Value {
    try transaction("BEGIN", work)
  }

  /// Writes all of it, or nothing where the work throws.
  ///
  /// - Throws: ``DatabaseError``, and what the work throws.
  func write<Value>(_ work: (DatabaseConnection) throws -> Value) throws -> Value {
    try transaction("BEGIN IMMEDIATE", work)
  }

  private func transaction<Value>(
    _ beginning: String, _ work: (DatabaseConnection) throws -> Value
  ) throws -> Value {
    lock.lock()
    defer { lock.unlock() }
    try connection.execute(beginning)
    do {
      let value = try work(connection)
      try connection.execute("COMMIT")
      return value
    } catch {
      // SQLite may have rolled back by itself, on a full disk for one; then there is nothing left to undo.
      try? connection.execute("ROLLBACK")
      throw error
    }
  }
}

/// What SQLite says went wrong.
struct DatabaseError: Error {
  /// What the reader can do about it.
  enum Kind {
    /// Another process writes for longer than one waits.
    case busy
    /// The file or its folder cannot be written: its permissions, or a full disk.
    case unwritable
    /// The file is damaged or holds something else.
    case damaged
  }

  /// The kind.
  let kind: Kind
  /// SQLite's own words.
  let message: String
}
