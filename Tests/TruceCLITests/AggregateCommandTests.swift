import Foundation
import Testing
import TruceTestSupport

@Suite("truce aggregate")
struct AggregateCommandTests {
  private static let rows = [[-4.0, 1, 1], [6, 1, 1]]

  private func matrix(_ folder: TemporaryFolder) throws -> String {
    try folder.file("g.json", "[[-4, 1, 1], [6, 1, 1]]")
  }

  private func numbers(_ value: Any?) throws -> [Double] {
    try #require(value as? [NSNumber]).map(\.doubleValue)
  }

  /// The average of the rows, and the direction of MGDA on the same matrix (TorchJD's published example).
  @Test("The JSON object holds weights, direction, Gramian and conflict")
  func json() throws {
    let folder = try TemporaryFolder()
    let result = try truce("aggregate", "--method", "mgda", try matrix(folder), "--format", "json")
    #expect(result.status == 0)
    let object = try result.object()
    let weights = try numbers(object["weights"])
    #expect((weights[0] - 0.6).magnitude < 1e-12 && (weights[1] - 0.4).magnitude < 1e-12)
    let direction = try numbers(object["direction"])
    for (value, expected) in zip(direction, [0.0, 1, 1]) { #expect((value - expected).magnitude < 1e-12) }
    let gramian = try #require(object["gramian"] as? [[NSNumber]]).map { $0.map(\.doubleValue) }
    #expect(gramian == [[18, -22], [-22, 38]])
    let conflict = try #require(object["conflict"] as? [String: Any])
    let cosine = try #require(conflict["cosine"] as? [[Double]])
    #expect((cosine[0][1] + 22 / (18.0 * 38).squareRoot()).magnitude < 1e-12)
    let signs = try #require(conflict["sign_conflict"] as? [[Double]])
    #expect((signs[0][1] - 1.0 / 3).magnitude < 1e-12)
    let similarity = try #require(conflict["magnitude_similarity"] as? [[Double]])
    #expect((similarity[0][1] - 2 * (18.0 * 38).squareRoot() / 56).magnitude < 1e-12)
    #expect(conflict["conflicting_share"] as? Double == 1)
  }

  @Test("A method that works on coordinates has no weights")
  func matrixMethod() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("g.csv", "1,2\n3,4\n5,9\n")
    let object = try truce(
      "aggregate", "--method", "trimmed-mean", "--option", "trim=1", file, "--format", "json"
    ).object()
    #expect(object["weights"] is NSNull)
    #expect(try numbers(object["direction"]) == [3, 4])
  }

  @Test("A bare word and JSON text mean the same", arguments: ["rescale=squared", "rescale=\"squared\""])
  func bareWords(option: String) throws {
    let folder = try TemporaryFolder()
    let result = try truce("aggregate", "-m", "cagrad", "-p", "c=0.4", "-p", option, try matrix(folder))
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("CAGrad on "))
  }

  @Test("The seed decides what is drawn")
  func seed() throws {
    let folder = try TemporaryFolder()
    let file = try matrix(folder)
    let outputs = try ["7", "7", "8"].map {
      try truce("aggregate", "--method", "rlw", "--losses", "1,2", "--seed", $0, file).output
    }
    #expect(outputs[0] == outputs[1])
    #expect(outputs[0] != outputs[2])
  }

  @Test("The direction goes to a file, and back in", arguments: ["npy", "csv", "json"])
  func output(ending: String) throws {
    let folder = try TemporaryFolder()
    let target = folder.path("d.\(ending)")
    let file = try matrix(folder)
    #expect(try truce("aggregate", "--method", "mgda", file, "--output", target).status == 0)
    let object = try truce("aggregate", "--method", "mgda", target, "--format", "json").object()
    for (value, expected) in zip(try numbers(object["direction"]), [0.0, 1, 1]) {
      #expect((value - expected).magnitude < 1e-12)
    }
    #expect(folder.names == ["d.\(ending)", "g.json"])
    try truce("aggregate", "--method", "mgda", file, "--output", target).expectFailure(
      64, "\(target) exists", help: "add --force to replace it, or choose another name")
    #expect(try truce("aggregate", "--method", "mgda", file, "--output", target, "--force").status == 0)
  }

  @Test(
    "NumPy's files are read in every layout",
    arguments: [
      ("<f8", false), ("<f8", true), (">f8", false), ("<f4", false), ("<f4", true), ("<i4", false),
      ("|i1", true),
    ])
  func npy(descr: String, isFortran: Bool) throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("g.npy", NPY.data(Self.rows, descr: descr, isFortran: isFortran))
    let object = try truce("aggregate", "--method", "mgda", file, "--format", "json").object()
    let gramian = try #require(object["gramian"] as? [[NSNumber]]).map { $0.map(\.doubleValue) }
    #expect(gramian == [[18, -22], [-22, 38]])
  }
}

/// Writes NumPy's format, independently of the reader under test.
enum NPY {
  static func data(_ rows: [[Double]], descr: String = "<f8", isFortran: Bool = false) -> Data {
    let (k, p) = (rows.count, rows[0].count)
    let order = isFortran ? (0..<p).flatMap { c in rows.map { $0[c] } } : rows.flatMap(\.self)
    var header =
      "{'descr': '\(descr)', 'fortran_order': \(isFortran ? "True" : "False"), 'shape': (\(k), \(p)), }"
    header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0]) + Data(header.utf8)
    for value in order { data += element(value, descr: descr) }
    return data
  }

  private static func element(_ value: Double, descr: String) -> Data {
    switch descr {
    case ">f8": withUnsafeBytes(of: value.bitPattern.bigEndian) { Data($0) }
    case "<f4": withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { Data($0) }
    case "<i4": withUnsafeBytes(of: Int32(value).littleEndian) { Data($0) }
    case "|i1": withUnsafeBytes(of: Int8(value)) { Data($0) }
    default: withUnsafeBytes(of: value.bitPattern.littleEndian) { Data($0) }
    }
  }
}
