import Foundation
import Testing
import TruceFiles

@Suite("Rows of numbers in a text")
struct NumberTableTests {
  @Test("Lines, comments, quotes and spaces are passed over as they should")
  func layout() throws {
    let text = "# a header, 1\n\n 1, -2.5 ,\"3\"\r\n\"-4e1\",+5,\" .5 \"\r7\n   \n#\n8,9"
    #expect(try NumberTable.rows(of: Data(text.utf8)) == [[1, -2.5, 3], [-40, 5, 0.5], [7], [8, 9]])
    #expect(try NumberTable.rows(of: Data()).isEmpty)
    #expect(try NumberTable.rows(of: Data("\n#x".utf8)).isEmpty)
  }

  @Test("Every spelling is read to the nearest number")
  func spellings() throws {
    let spellings = [
      "0.1", "-0", "123456789012345", "1234567890123456", "0.30000000000000004", "1e308", "4.9e-324", "1e400",
      "9007199254740993", "0.000000000000001", "1E+3", "00012.50", "-1.7976931348623157e308", "inf",
      "-infinity",
    ]
    let rows = try NumberTable.rows(of: Data(spellings.joined(separator: ",").utf8))
    #expect(rows[0].map(\.bitPattern) == spellings.compactMap { Double($0)?.bitPattern })
    #expect(try NumberTable.rows(of: Data("nan".utf8))[0][0].isNaN)
  }

  @Test(
    "What is no number is named with its place",
    arguments: [
      ("1,2\n3,four\n", 2, 2, "four"), ("1,,2", 1, 2, ""), ("1,2,", 1, 3, ""), ("\"1,2\"", 1, 1, "1,2"),
      ("7,\"1\"2", 1, 2, "\"1\"2"),
      ("1\n\n# x\n2, 1.2.3 ", 4, 2, "1.2.3"), (".", 1, 1, "."), ("-", 1, 1, "-"), ("1;2", 1, 1, "1;2"),
    ])
  func faults(_ text: String, _ line: Int, _ column: Int, _ field: String) {
    let fault = #expect(throws: NumberTable.Fault.self) { try NumberTable.rows(of: Data(text.utf8)) }
    #expect(fault?.line == line && fault?.column == column && fault?.field == field)
  }

  @Test("Bytes that are no text are refused")
  func binary() {
    let fault = #expect(throws: NumberTable.Fault.self) {
      try NumberTable.rows(of: Data([0x31, 0x2C, 0xFF, 0xFE]))
    }
    #expect(fault?.field == nil)
  }
}
