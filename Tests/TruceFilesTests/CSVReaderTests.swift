import Foundation
import Testing

@testable import TruceFiles

/// What a reader made of a text.
private struct Reading: Equatable {
  var records: [[String]] = []
  var faults: [String] = []

  init(_ text: String, dialect: CSVDialect = CSVDialect()) throws {
    let reader = try CSVReader(MemoryInput(text.utf8, named: "a.csv"), dialect: dialect)
    var isReading = true
    while isReading {
      do throws(FileFault) {
        isReading = try reader.next()
        if isReading { records.append((0..<reader.count).map { reader.text($0) ?? "?" }) }
      } catch {
        faults.append(error.description)
      }
    }
  }
}

@Suite("Separated values")
struct CSVReaderTests {
  @Test(
    "fields are read as RFC 4180 says",
    arguments: [
      ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
      ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
      ("\u{FEFF}a,b\n", [["a", "b"]]),
      ("a,,\n,,\n", [["a", "", ""], ["", "", ""]]),
      ("\"a\",\"b,c\"\n\"d\"\"e\",\"\"\n", [["a", "b,c"], ["d\"e", ""]]),
      ("\"two\nlines\",x\ny,z\n", [["two\nlines", "x"], ["y", "z"]]),
      ("a\n\n\nb\n", [["a"], ["b"]]),
      ("\"\"\n", [[""]]),
      (" a , b \n", [[" a ", " b "]]),
      ("Größe,名\n", [["Größe", "名"]]),
      ("", []), ("\n\n", []),
      ("a,", [["a", ""]]),
    ] as [(String, [[String]])])
  func fields(text: String, expected: [[String]]) throws {
    let reading = try Reading(text)
    #expect(reading.records == expected)
    #expect(reading.faults.isEmpty)
  }

  @Test("a dialect may have comments, and lines that end with carriage returns")
  func commentsAndReturns() throws {
    let dialect = CSVDialect(trimsSpaces: true, comment: UInt8(ascii: "#"), endsLinesAtReturns: true)
    let reading = try Reading("# x, \"\n a,b # c\r  # d\r\n\re", dialect: dialect)
    #expect(reading.records == [["a", "b # c"], ["e"]] && reading.faults.isEmpty)
    #expect(try Reading("#a\rb\n").faults.count == 1)
  }

  @Test("a dialect has its own delimiter, and may trim spaces")
  func dialects() throws {
    #expect(
      try Reading("a;b,c\n", dialect: CSVDialect(delimiter: UInt8(ascii: ";"))).records == [["a", "b,c"]])
    #expect(
      try Reading("a\t b \n", dialect: CSVDialect(delimiter: UInt8(ascii: "\t"), trimsSpaces: true)).records
        == [["a", "b"]])
    #expect(
      try Reading(" 73, \"x\" , Not in universe\n", dialect: CSVDialect(trimsSpaces: true)).records
        == [["73", "x", "Not in universe"]])
  }

  @Test(
    "a broken record names line and column, and reading goes on after it",
    arguments: [
      ("a,b\n1,x\"y\n3,4\n", "a.csv:2:4: a quote inside a field without quotes", [["a", "b"], ["3", "4"]]),
      (
        "a,b\n\"1\"x,2\n3,4\n", "a.csv:2:4: text follows the closing quote of a field",
        [["a", "b"], ["3", "4"]]
      ),
      ("a,b\n1,\"2\n3,4\n", "a.csv:2:3: a quote is opened and never closed", [["a", "b"], ["3", "4"]]),
      ("a,b\r1,2\n3,4\n", "a.csv:1:4: a carriage return without a line feed", [["3", "4"]]),
    ] as [(String, String, [[String]])])
  func faults(text: String, fault: String, rest: [[String]]) throws {
    let reading = try Reading(text)
    #expect(reading.faults == [fault])
    #expect(reading.records == rest)
  }

  @Test("lines and columns count bytes from 1, also after quoted line ends")
  func places() throws {
    let reader = try CSVReader(MemoryInput("a,b\n\"x\ny\",äö,9\n".utf8, named: "a.csv"))
    #expect(try reader.next())
    #expect(reader.line == 1)
    #expect(try reader.next())
    #expect(reader.line == 2)
    #expect(reader.fault(at: 0, "r", help: "h").place == "a.csv:2:1")
    #expect(reader.fault(at: 1, "r", help: "h").place == "a.csv:3:4")
    #expect(reader.fault(at: 2, "r", help: "h").place == "a.csv:3:9")
  }

  @Test("the file's pieces do not show, wherever they end")
  func pieces() throws {
    // Longer than the reader's buffer, with quoted fields and line ends at ever new places.
    let rows = (0..<40_000).map { "\($0),\"q\"\"\($0 % 7)\n\",\(String(repeating: "x", count: $0 % 11))" }
    let reading = try Reading(rows.joined(separator: "\r\n"))
    #expect(reading.faults.isEmpty)
    #expect(reading.records.count == rows.count)
    let isRight = reading.records.enumerated().allSatisfy { index, record in
      record == ["\(index)", "q\"\(index % 7)\n", String(repeating: "x", count: index % 11)]
    }
    #expect(isRight)
  }

  @Test("a record above the limit is given up with its line")
  func longRecords() throws {
    let long = String(repeating: "y", count: 600_000)
    let reading = try Reading("a\n\(long)\nb\n", dialect: CSVDialect(recordLimit: 300_000))
    #expect(reading.faults == ["a.csv:2:1: a record of more than 300000 bytes"])
    #expect(reading.records == [["a"], ["b"]])
  }

  @Test("bytes that are no UTF-8 are no text, and crash nothing")
  func foreignBytes() throws {
    let reader = try CSVReader(MemoryInput([0xFF, 0xFE, 0x2C, 0x31, 0x0A], named: "a.csv"))
    #expect(try reader.next())
    #expect(reader.text(0) == nil)
    #expect(reader.number(1) == 1)
  }

  @Test("random bytes give records or faults and come to an end", arguments: 0..<40)
  func randomBytes(seed: Int) throws {
    var generator = SystemLikeGenerator(state: UInt64(seed) &+ 1)
    let alphabet = Array("a1,\"\"\n\r ;".utf8)
    let bytes = (0..<5000).map { _ in alphabet[Int(generator.next() % UInt64(alphabet.count))] }
    let reading = try Reading(String(decoding: bytes, as: UTF8.self))
    #expect(reading.records.count + reading.faults.count > 0)
  }

  @Test("a file that is missing or a folder says so")
  func files() throws {
    let missing = #expect(throws: FileFault.self) { try CSVReader(FileInput("/absent/a.csv")) }
    #expect(missing?.kind == .missing)
    #expect(missing?.description == "/absent/a.csv: there is no such file")
    let folder = #expect(throws: FileFault.self) { try CSVReader(FileInput("/")) }
    #expect(folder?.kind == .unreadable)
  }
}

/// A generator whose draws are the same everywhere.
private struct SystemLikeGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33
  }
}

@Suite("Numbers in files")
struct DecimalTextTests {
  private func number(_ text: String) -> Double? {
    Array(text.utf8).withUnsafeBufferPointer { DecimalText.number($0) }
  }

  @Test(
    "are those of the standard library",
    arguments: [
      "0", "-0", "1", "+7", "-12.5", ".5", "5.", "1e3", "1E-3", "-2.5e+10", "123456789012345", "0.1",
      "1234567890123456789", "0.30000000000000004", "9007199254740993", "1e308", "4.9e-324",
      "3.141592653589793238462643",
    ])
  func numbers(text: String) {
    let expected = Double(text.hasSuffix(".") ? text + "0" : text.hasPrefix(".") ? "0" + text : text)
    #expect(number(text) == expected)
    #expect(number(text)?.sign == expected?.sign)
  }

  @Test(
    "are nothing else",
    arguments: ["", "-", "+", ".", "abc", "1,5", "1e", "0x10", "nan", "inf", "1e999", "1 ", "--1"])
  func others(text: String) {
    #expect(number(text) == nil)
  }
}
