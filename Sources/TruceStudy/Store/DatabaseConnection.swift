import CSQLite
import Foundation

/// A connection to a SQLite file, for one thread at a time.
final class DatabaseConnection {
  /// SQLite's connection: opened by the initialiser, closed when this object goes.
  private let handle: OpaquePointer

  /// Opens a file for reading and writing, creating it where there is none.
  ///
  /// - Throws: ``DatabaseError``.
  init(path: String, patience: Double) throws(DatabaseError) {
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nil)
    guard code == SQLITE_OK, let opened else {
      defer { sqlite3_close_v2(opened) }
      throw Self.error(code, on: opened)
    }
    handle = opened
    sqlite3_busy_timeout(handle, Int32(patience * 1000))
    // Where the file may not be written SQLite opens it for reading alone, and says so only when asked.
    guard sqlite3_db_readonly(handle, nil) != 1 else { throw Self.error(SQLITE_READONLY, on: nil) }
  }

  deinit { sqlite3_close_v2(handle) }

  /// Runs statements without arguments, one after the other.
  ///
  /// - Throws: ``DatabaseError``.
  func execute(_ statements: String) throws(DatabaseError) {
    try check(sqlite3_exec(handle, statements, nil, nil, nil))
  }

  /// Runs a statement.
  ///
  /// - Throws: ``DatabaseError``.
  func execute(_ sql: String, _ arguments: DatabaseArguments) throws(DatabaseError) {
    try statement(sql).execute(arguments)
  }

  /// The rows that a query finds.
  ///
  /// - Throws: ``DatabaseError``.
  func rows(_ sql: String, _ arguments: DatabaseArguments = []) throws(DatabaseError) -> [DatabaseRow] {
    try statement(sql).rows(arguments)
  }

  /// The first columns of the rows that a query finds.
  ///
  /// - Throws: ``DatabaseError``.
  func texts(_ sql: String, _ arguments: DatabaseArguments = []) throws(DatabaseError) -> [String] {
    try rows(sql, arguments).compactMap(\.first)
  }

  /// A statement to run several times.
  ///
  /// - Throws: ``DatabaseError``.
  func statement(_ sql: String) throws(DatabaseError) -> DatabaseStatement {
    var prepared: OpaquePointer?
    try check(sqlite3_prepare_v2(handle, sql, -1, &prepared, nil))
    guard let prepared else { throw DatabaseError(kind: .damaged, message: "an empty statement") }
    return DatabaseStatement(prepared, of: self)
  }

  // MARK: Errors

  func check(_ code: Int32) throws(DatabaseError) {
    guard code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW else {
      throw Self.error(code, on: handle)
    }
  }

  private static func error(_ code: Int32, on handle: OpaquePointer?) -> DatabaseError {
    let words = handle.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(code)
    return DatabaseError(kind: kind(of: code), message: words.map { String(cString: $0) } ?? "code \(code)")
  }

  private static func kind(of code: Int32) -> DatabaseError.Kind {
    // The lower byte is the kind, the rest says more about it.
    switch code & 0xff {
    case SQLITE_BUSY, SQLITE_LOCKED: .busy
    case SQLITE_FULL, SQLITE_IOERR, SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH: .unwritable
    default: .damaged
    }
  }
}
