import Foundation
import Testing

@testable import TruceStudy

@Suite("The file under the index")
struct DatabaseTests {
  private static let schema = """
    CREATE TABLE IF NOT EXISTS thing (name TEXT, size INTEGER, weight REAL, is_odd INTEGER)
    """

  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "database-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appending(path: "things.sqlite").path)
  }

  private func insert(_ arguments: DatabaseArguments, into database: Database) throws {
    try database.write { try $0.execute("INSERT INTO thing VALUES (?, ?, ?, ?)", arguments) }
  }

  private func rows(_ database: Database) throws -> [DatabaseRow] {
    try database.read { try $0.rows("SELECT * FROM thing ORDER BY rowid") }
  }

  @Test(
    "What is stored is read back, to the last bit",
    arguments: [
      ("", 0, 0.1), ("line\nand \"quotes\" and 'more'", Int.max, Double.infinity),
      ("a\u{0}b", Int.min, -1e-300),
      ("Zürich 🏔", -1, Double.leastNonzeroMagnitude),
    ])
  func roundTrip(name: String, size: Int, weight: Double) throws {
    try inFolder { path in
      let database = try Database(path: path, schema: Self.schema)
      try insert([name, size, weight, true], into: database)
      let row = try #require(try rows(Database(path: path, schema: Self.schema)).first)
      let read: (String, Int, Double, Bool) = try (row["name"], row["size"], row["weight"], row["is_odd"])
      #expect(read == (name, size, weight, true))
    }
  }

  @Test("Nothing and a value that is no number are read as nothing")
  func nothing() throws {
    try inFolder { path in
      let database = try Database(path: path, schema: Self.schema)
      try insert([nil, nil, Double.nan, false], into: database)
      let row = try #require(try rows(database).first)
      let name: String? = try row["name"]
      let weight: Double? = try row["weight"]
      #expect(name == nil && weight == nil)
      #expect(throws: DatabaseError.self) { let _: String = try row["name"] }
      #expect(throws: DatabaseError.self) { let _: Int = try row["colour"] }
    }
  }

  @Test("A value of another type is damage with its column's name")
  func otherType() throws {
    try inFolder { path in
      let database = try Database(path: path, schema: Self.schema)
      try insert(["a", nil, nil, nil], into: database)
      let row = try #require(try rows(database).first)
      let error = #expect(throws: DatabaseError.self) { let _: Int = try row["name"] }
      #expect(error?.message == "the column name holds no Int")
    }
  }

  @Test("What throws within a write leaves nothing behind, and the next write goes through")
  func rollback() throws {
    struct Stop: Error {}
    try inFolder { path in
      let database = try Database(path: path, schema: Self.schema)
      #expect(throws: Stop.self) {
        try database.write { connection in
          try connection.execute("INSERT INTO thing VALUES ('a', 1, 1, 1)")
          throw Stop()
        }
      }
      #expect(try rows(database).isEmpty)
      try insert(["b", 1, 1.5, true], into: database)
      #expect(try rows(database).count == 1)
    }
  }

  @Test("A reader sees the state before a write that has not ended; a second writer waits, then is told")
  func twoConnections() throws {
    try inFolder { path in
      let first = try Database(path: path, schema: Self.schema)
      let second = try Database(path: path, schema: Self.schema, patience: 0.05)
      try first.write { connection in
        try connection.execute("INSERT INTO thing VALUES ('a', 1, 1, 1)")
        #expect(try rows(second).isEmpty)
        let error = #expect(throws: DatabaseError.self) { try insert(["b", 1, 1.5, true], into: second) }
        #expect(error?.kind == .busy)
      }
      #expect(try rows(second).count == 1)
    }
  }

  @Test("Threads take turns")
  func threads() throws {
    try inFolder { path in
      let database = try Database(path: path, schema: Self.schema)
      DispatchQueue.concurrentPerform(iterations: 40) { turn in
        try? insert(["\(turn)", turn, 0.5, false], into: database)
      }
      #expect(try Set(rows(database).map { try $0["size"] as Int }) == Set(0..<40))
    }
  }

  @Test("A file that holds something else is damaged; one that is nowhere is unwritable")
  func wrongFiles() throws {
    try inFolder { path in
      try Data(repeating: 7, count: 5000).write(to: URL(filePath: path))
      let damaged = #expect(throws: DatabaseError.self) { try Database(path: path, schema: Self.schema) }
      #expect(damaged?.kind == .damaged)
      #expect(damaged?.message == "file is not a database")
      let nowhere = #expect(throws: DatabaseError.self) {
        try Database(path: path + ".d/things.sqlite", schema: Self.schema)
      }
      #expect(nowhere?.kind == .unwritable)
      #expect(nowhere?.message == "unable to open database file")
    }
  }

  @Test("An index made by an earlier version, with its own table of migrations, is read on")
  func earlierVersion() throws {
    try inFolder { path in
      let old = """
        CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
        CREATE TABLE study (name TEXT PRIMARY KEY, question TEXT, definition TEXT NOT NULL, file TEXT NOT NULL);
        INSERT INTO study VALUES ('demo', NULL, '{}', 'name: demo')
        """
      _ = try Database(path: path, schema: old)
      #expect(try StudyStore(at: URL(filePath: path)).fileText() == "name: demo")
    }
  }
}
