import CSQLite

/// A prepared statement, used by one thread at a time.
final class DatabaseStatement {
  /// SQLite's statement: made by the connection, finalised when this object goes.
  private let handle: OpaquePointer
  private let connection: DatabaseConnection

  /// Takes over a statement.
  init(_ handle: OpaquePointer, of connection: DatabaseConnection) {
    self.handle = handle
    self.connection = connection
  }

  deinit { sqlite3_finalize(handle) }

  /// Runs the statement; rows it finds are left aside.
  ///
  /// - Throws: ``DatabaseError``.
  func execute(_ arguments: DatabaseArguments) throws(DatabaseError) {
    try bind(arguments)
    while try step() {}
  }

  /// The rows that the statement finds.
  ///
  /// - Throws: ``DatabaseError``.
  func rows(_ arguments: DatabaseArguments) throws(DatabaseError) -> [DatabaseRow] {
    try bind(arguments)
    let columns = DatabaseRow.Columns(names: (0..<sqlite3_column_count(handle)).map(name))
    var rows: [DatabaseRow] = []
    while try step() {
      rows.append(DatabaseRow(columns: columns, values: columns.names.indices.map { value(Int32($0)) }))
    }
    return rows
  }

  private func step() throws(DatabaseError) -> Bool {
    let code = sqlite3_step(handle)
    try connection.check(code)
    return code == SQLITE_ROW
  }

  // MARK: Values

  private func bind(_ arguments: DatabaseArguments) throws(DatabaseError) {
    sqlite3_reset(handle)
    for (position, argument) in arguments.enumerated() {
      try connection.check(bind(argument?.databaseValue ?? .null, at: Int32(position + 1)))
    }
  }

  private func bind(_ argument: DatabaseValue, at position: Int32) -> Int32 {
    switch argument {
    case .null: sqlite3_bind_null(handle, position)
    case .integer(let value): sqlite3_bind_int64(handle, position, value)
    case .real(let value): sqlite3_bind_double(handle, position, value)
    case .text(let value):
      // SQLite copies the text, which is gone when this call returns: its constant for that, SQLITE_TRANSIENT, is -1.
      sqlite3_bind_text(
        handle, position, value, Int32(value.utf8.count), unsafeBitCast(-1, to: sqlite3_destructor_type.self))
    }
  }

  private func name(_ column: Int32) -> String {
    sqlite3_column_name(handle, column).map { String(cString: $0) } ?? ""
  }

  private func value(_ column: Int32) -> DatabaseValue {
    switch sqlite3_column_type(handle, column) {
    case SQLITE_INTEGER: .integer(sqlite3_column_int64(handle, column))
    case SQLITE_FLOAT: .real(sqlite3_column_double(handle, column))
    case SQLITE_TEXT: .text(text(column))
    default: .null
    }
  }

  private func text(_ column: Int32) -> String {
    guard let bytes = sqlite3_column_text(handle, column) else { return "" }
    return String(
      decoding: UnsafeBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, column))),
      as: UTF8.self)
  }
}
