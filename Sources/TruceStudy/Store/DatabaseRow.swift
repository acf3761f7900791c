/// A row that a query found.
struct DatabaseRow {
  /// The columns of all rows of one query.
  final class Columns: Sendable {
    /// Their names, in order.
    let names: [String]
    private let positions: [String: Int]

    /// Creates the columns.
    init(names: [String]) {
      self.names = names
      positions = Dictionary(zip(names, names.indices)) { first, _ in first }
    }

    func position(of name: String) throws(DatabaseError) -> Int {
      guard let position = positions[name] else {
        throw DatabaseError(kind: .damaged, message: "there is no column \(name)")
      }
      return position
    }
  }

  /// The columns.
  let columns: Columns
  /// Their values.
  let values: [DatabaseValue]

  /// The first column, where it holds text.
  var first: String? { values.first.flatMap(String.init(databaseValue:)) }

  /// A column's value.
  ///
  /// - Throws: ``DatabaseError`` where there is none, or one of another type.
  subscript<Value: DatabaseColumn>(name: String) -> Value {
    get throws(DatabaseError) {
      guard let value: Value = try self[name] else {
        throw DatabaseError(kind: .damaged, message: "the column \(name) holds no \(Value.self)")
      }
      return value
    }
  }

  /// A column's value, nil where there is none.
  ///
  /// - Throws: ``DatabaseError`` where there is one of another type.
  subscript<Value: DatabaseColumn>(name: String) -> Value? {
    get throws(DatabaseError) {
      let value = values[try columns.position(of: name)]
      if value == .null { return nil }
      guard let converted = Value(databaseValue: value) else {
        throw DatabaseError(kind: .damaged, message: "the column \(name) holds no \(Value.self)")
      }
      return converted
    }
  }
}

/// A value in a table.
enum DatabaseValue: Hashable, Sendable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
}

/// What takes the places of a statement's question marks, in order; nil is stored as nothing.
typealias DatabaseArguments = [(any DatabaseColumn)?]

/// A type that a column may hold.
protocol DatabaseColumn {
  /// The value as SQLite stores it.
  var databaseValue: DatabaseValue { get }
  /// Reads a stored value; nil where it is of another type.
  init?(databaseValue: DatabaseValue)
}

extension String: DatabaseColumn {
  var databaseValue: DatabaseValue { .text(self) }
  init?(databaseValue: DatabaseValue) {
    guard case .text(let value) = databaseValue else { return nil }
    self = value
  }
}

extension Int: DatabaseColumn {
  var databaseValue: DatabaseValue { .integer(Int64(self)) }
  init?(databaseValue: DatabaseValue) {
    guard case .integer(let value) = databaseValue else { return nil }
    self.init(exactly: value)
  }
}

extension Bool: DatabaseColumn {
  var databaseValue: DatabaseValue { .integer(self ? 1 : 0) }
  init?(databaseValue: DatabaseValue) {
    guard case .integer(let value) = databaseValue else { return nil }
    self = value != 0
  }
}

extension Double: DatabaseColumn {
  /// A value that is not a number is stored as none: SQLite has no such thing.
  var databaseValue: DatabaseValue { isNaN ? .null : .real(self) }
  init?(databaseValue: DatabaseValue) {
    switch databaseValue {
    case .real(let value): self = value
    case .integer(let value): self = Double(value)
    default: return nil
    }
  }
}
