import Foundation
import Testing
import TruceFiles

/// A NumPy file of version 1 with this text for a header.
private func file(_ header: String, elements: [UInt8] = [], version: UInt8 = 1) -> Data {
  let text = Data((header + "\n").utf8)
  let length =
    version == 1
    ? [UInt8(text.count & 255), UInt8(text.count >> 8)]
    : [UInt8(text.count & 255), UInt8(text.count >> 8), 0, 0]
  return Data([0x93] + Array("NUMPY".utf8) + [version, 0] + length) + text + Data(elements)
}

@Suite("The layout of NumPy's files")
struct NPYLayoutTests {
  @Test(
    "Headers that NumPy reads are read",
    arguments: [
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2L, 3L), }",
      "{\"descr\": \"<f8\", \"fortran_order\": False, \"shape\": (2, 3)}",
      "{u'descr': u'<f8', 'fortran_order': False, 'shape': (2,3,)}",
      "{'shape':(2,3),'fortran_order':False,'descr':'<f8'}",
      "  { 'descr' : '<f8' ,\n 'fortran_order' : False , 'shape' : ( 2 , 3 ) , }   ",
    ])
  func valid(_ header: String) throws {
    let layout = try NPYLayout(file(header, elements: [UInt8](repeating: 0, count: 48)))
    #expect(layout.shape == [2, 3] && layout.count == 6 && !layout.isFortranOrder)
    #expect(layout.element == NPYElement(descr: "<f8"))
  }

  @Test(
    "Headers that NumPy refuses are refused",
    arguments: [
      "", "{}", "{'descr': '<f8'", "'descr': '<f8', 'fortran_order': False, 'shape': (2, 3)",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3)} x",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), 'more': 1}",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), 'more': '1'}",
      "{'descr': '<f8', 'fortran_order': False}", "{'descr': '<f8', 'shape': (2, 3)}",
      "{'fortran_order': False, 'shape': (2, 3)}",
      "{'descr': '<f8', 'fortran_order': 0, 'shape': (2, 3)}",
      "{'descr': '<f8', 'fortran_order': 'False', 'shape': (2, 3)}",
      "{'descr': '<f8', 'fortran_order': false, 'shape': (2, 3)}",
      "{'descr': '<f8', 'fortran_order': False, 'shape': 6}",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (6)}",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2, -3)}",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3.0)}",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2 3)}",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (02, 3)}",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3}",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3),, }",
      "{'descr': '<f8' 'fortran_order': False, 'shape': (2, 3)}",
      "{,'descr': '<f8', 'fortran_order': False, 'shape': (2, 3)}",
      "{'descr': \"<f8', 'fortran_order': False, 'shape': (2, 3)}",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (,)}",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999, 3)}",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775807, 9223372036854775807)}",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2305843009213693952, 1)}",
      "['descr', '<f8', 'fortran_order', False, 'shape', (2, 3)]",
    ])
  func malformed(_ header: String) {
    #expect(throws: NPYFault.self) { try NPYLayout(file(header)) }
  }

  @Test("A shape without elements is no reason to count far")
  func empty() throws {
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775807, 0), }"
    let layout = try NPYLayout(file(header))
    #expect(try layout.count == 0 && layout.numbers(in: file(header)).isEmpty)
  }

  @Test("Files that are cut short, too long or of another kind are refused in words")
  func sizes() throws {
    let whole = NPYLayout.file([1, 2, 3])
    #expect(try NPYLayout(whole).numbers(in: whole) == [1, 2, 3])
    #expect(whole.count % 64 == 24)
    for other in [whole.dropLast(), whole + Data([0])] {
      let data = Data(other)
      #expect(throws: NPYFault.wrongSize(shape: [3], elementSize: 8, found: data.count - 64 * 2)) {
        try NPYLayout(data).numbers(in: data)
      }
    }
    for length in 0..<128 where length < whole.count - 24 {
      #expect(throws: NPYFault.self) { try NPYLayout(whole.prefix(length)) }
    }
    #expect(throws: NPYFault.version(4)) {
      try NPYLayout(file("{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}", version: 4))
    }
    #expect(throws: NPYFault.foreign) { try NPYLayout(Data("PK".utf8)) }
  }

  @Test(
    "Every plain element type is read",
    arguments: [
      ("<f2", [0x00, 0xC4], -4.0), (">f2", [0xC4, 0x00], -4), ("<f2", [0x01, 0x00], 0x1p-24),
      ("<V2", [0x80, 0xC0], -4), ("|V2", [0x80, 0xC0], -4), ("<f4", [0, 0, 0x80, 0xC0], -4),
      ("<u2", [0xFF, 0xFF], 65_535), (">u2", [0, 1], 1), ("<u4", [0xFF, 0xFF, 0xFF, 0xFF], 4_294_967_295),
      ("<u8", [2, 0, 0, 0, 0, 0, 0, 0], 2), ("|u1", [255], 255), ("|i1", [255], -1),
      ("<i2", [0xFE, 0xFF], -2),
      (">i8", [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE], -2), ("|b1", [1], 1), ("?", [0], 0),
      ("f8", [0, 0, 0, 0, 0, 0, 0x10, 0xC0], -4),
    ] as [(String, [UInt8], Double)])
  func elements(_ descr: String, _ bytes: [UInt8], _ expected: Double) throws {
    let data = file("{'descr': '\(descr)', 'fortran_order': False, 'shape': (1,), }", elements: bytes)
    #expect(try NPYLayout(data).numbers(in: data) == [expected])
  }

  @Test("Halves that are no numbers stay none")
  func specialHalves() throws {
    let half = try #require(NPYElement(descr: "<f2"))
    let numbers = ([0x00, 0x7C, 0x00, 0xFC, 0x01, 0x7C] as [UInt8]).withUnsafeBytes(half.numbers)
    #expect(numbers[0] == .infinity && numbers[1] == -.infinity && numbers[2].isNaN)
  }

  @Test(
    "Other types are refused by name",
    arguments: ["<c16", "O", "<U3", "f3", "<f16", "<f08", "", "V4", "b2", "?1"])
  func unsupported(_ descr: String) {
    #expect(throws: NPYFault.unsupported(type: descr)) {
      try NPYLayout(file("{'descr': '\(descr)', 'fortran_order': False, 'shape': (1,), }"))
    }
  }
}

@Suite("Keys of JSON objects")
struct JSONKeysTests {
  @Test(
    "A repeated key is found at any depth",
    arguments: [
      (#"{"a": 1, "a": 2}"#, "a"), (#"{"a": {"b": [1, {"c": 0, "d": 1, "c": 2}]}}"#, "c"),
      (#"{"a": 1, "\u0061": 2}"#, "a"), (#"[{"x": "y"}, {"x": 1, "q\"": 2, "q\"": 3}]"#, "q\""),
    ])
  func repeated(_ json: String, _ key: String) {
    #expect(JSONKeys.repeated(in: Data(json.utf8)) == key)
  }

  @Test(
    "Values and keys of other objects are no repetition",
    arguments: [#"{"a": "a", "b": ["a", "a"], "c": {"a": 1}}"#, "[]", #"["a", "a"]"#, "", #"{"a"#])
  func unique(_ json: String) {
    #expect(JSONKeys.repeated(in: Data(json.utf8)) == nil)
  }
}
