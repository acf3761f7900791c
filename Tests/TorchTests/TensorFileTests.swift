import Foundation
import Testing
import Torch

/// A folder of its own for one test, removed at the end.
private final class Folder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("truce-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func file(_ name: String, _ contents: Data? = nil) throws -> URL {
    let file = url.appendingPathComponent(name)
    if let contents { try contents.write(to: file) }
    return file
  }

  var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? [] }
}

/// A damaged file and what is said about it.
struct BadFile: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let contents: Data
  let kind: TensorFileError.Kind
  let text: String

  init(_ name: String, _ contents: Data, _ text: String, _ kind: TensorFileError.Kind = .malformed) {
    testDescription = name
    self.contents = contents
    self.kind = kind
    self.text = text
  }
}

/// A safetensors file with the given header and elements.
private func container(_ json: String, elements: Int = 8) -> Data {
  let header = Data(json.utf8)
  return Data((0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }) + header
    + Data(repeating: 2, count: elements)
}

private func item(_ name: String, _ dtype: String, _ shape: String, _ offsets: String) -> String {
  "\"\(name)\":{\"dtype\":\"\(dtype)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
}

private let badContainers: [BadFile] = [
  .init("empty", Data(), "0 bytes are too few"),
  .init("text", Data("hello, this is no tensor file".utf8), "is too long"),
  .init("header cut", TensorFileFixtures.safetensors.prefix(40), "is cut short: the header takes"),
  .init("elements cut", TensorFileFixtures.safetensors.dropLast(), "is cut short: the tensors take"),
  .init(
    "bytes after the end", TensorFileFixtures.safetensors + Data([0]), "1 bytes that belong to no tensor"),
  .init("not JSON", container("{\"a\":"), "its header is not JSON"),
  .init("JSON of another shape", container("{\"a\":[1,2]}"), "its header is not JSON"),
  .init("an array", container("[]"), "its header is not JSON"),
  .init("unknown type", container("{\(item("a", "F7", "[2]", "[0,8]"))}"), "element type F7", .unsupported),
  .init("gap", container("{\(item("a", "F32", "[1]", "[4,8]"))}"), "starts at byte 4, not 0"),
  .init(
    "overlap", container("{\(item("a", "F32", "[2]", "[0,8]")),\(item("b", "F32", "[1]", "[4,8]"))}"),
    "starts at byte 4, not 8"),
  .init(
    "offsets out of range", container("{\(item("a", "F32", "[4]", "[0,16]"))}"), "the tensors take 16 bytes"),
  .init("offsets reversed", container("{\(item("a", "F32", "[2]", "[8,0]"))}"), "has offsets [8, 0]"),
  .init("offsets negative", container("{\(item("a", "F32", "[2]", "[-8,0]"))}"), "has offsets [-8, 0]"),
  .init(
    "shape against offsets", container("{\(item("a", "F32", "[3]", "[0,8]"))}"), "does not fit offsets [0, 8]"
  ),
  .init("shape negative", container("{\(item("a", "F32", "[-1,-2]", "[0,8]"))}"), "does not fit"),
  .init(
    "shape beyond counting",
    container("{\(item("a", "F32", "[4611686018427387904,4]", "[0,0]"))}", elements: 0),
    "does not fit"),
  .init(
    "a name twice",
    container("{\(item("a", "F32", "[1]", "[0,4]")),\(item("a", "F32", "[1]", "[4,8]"))}"),
    "names 'a' twice in its header"),
  .init(
    "a key twice", container(#"{"a":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}}"#),
    "names 'shape' twice in its header"),
  .init("truth values", container("{\(item("a", "BOOL", "[8]", "[0,8]"))}"), "neither 0 nor 1"),
]

@Suite("Safetensors files")
struct SafetensorsTests {
  @Test("are read as the reference implementation wrote them")
  func readsReference() throws {
    let folder = try Folder()
    let file = try Safetensors(contentsOf: folder.file("a.safetensors", TensorFileFixtures.safetensors))
    #expect(file.tensors.keys.sorted() == ["bias", "mask", "weight"])
    #expect(file.tensors["weight"]?.shape == [2, 3])
    #expect(file.tensors["weight"]?.toArray() == [Float(0), 1, 2, 3, 4, 5])
    #expect(file.tensors["bias"]?.toArray() == [1, 2])
    #expect(file.tensors["mask"]?.toArray() == [true, false])
    #expect(file.metadata == ["note": "a \"quoted\" line"])
  }

  @Test("are written byte for byte as the reference implementation writes them")
  func writesReference() throws {
    let folder = try Folder()
    let url = try folder.file("a.safetensors")
    let weight = Tensor([Float(0), 3, 1, 4, 2, 5], shape: [3, 2]).transposed()
    try Safetensors(
      tensors: ["weight": weight, "bias": Tensor([1, 2]), "mask": Tensor([true, false])],
      metadata: ["note": "a \"quoted\" line"]
    ).write(to: url)
    #expect(try Data(contentsOf: url) == TensorFileFixtures.safetensors)
    #expect(folder.names == ["a.safetensors"])
  }

  @Test("keep every element type, odd names and empty tensors", arguments: DType.allCases)
  func roundTrip(_ dtype: DType) throws {
    let folder = try Folder()
    let url = try folder.file("a")
    let name = "weird \"name\" \\ with\nlines and ü"
    let tensors = [
      name: Tensor([Float(0), 1, 1, 0, 1, 0], shape: [2, 3], dtype: dtype),
      "empty": Tensor.zeros([0, 3], dtype: dtype), "scalar": Tensor.ones([], dtype: dtype),
    ]
    try Safetensors(tensors: tensors, metadata: [name: name]).write(to: url)
    let back = try Safetensors(contentsOf: url)
    #expect(back.metadata == [name: name])
    for (name, tensor) in tensors {
      let read = try #require(back.tensors[name])
      #expect(read.dtype == dtype && read.shape == tensor.shape)
      #expect(read.toArray(as: Float.self) == tensor.toArray(as: Float.self))
    }
    let summary = try Safetensors.summary(of: url)
    #expect(summary.tensors[name]?.shape == [2, 3] && summary.tensors["empty"]?.dtype == dtype)
  }

  @Test("that are damaged or foreign are refused with file and reason", arguments: badContainers)
  func badFiles(_ bad: BadFile) throws {
    let folder = try Folder()
    let url = try folder.file("bad.safetensors", bad.contents)
    let error = #expect(throws: TensorFileError.self) { _ = try Safetensors(contentsOf: url) }
    let text = try #require(error).description
    #expect(error?.kind == bad.kind)
    #expect(text.hasPrefix(url.path + ": ") && text.contains(bad.text) && text.contains("\nhelp: "))
    #expect(text.split(separator: "\n").count == 2)
  }

  @Test("cut anywhere never crash the reader")
  func everyCut() throws {
    let folder = try Folder()
    for length in 0..<TensorFileFixtures.safetensors.count {
      let url = try folder.file("cut", TensorFileFixtures.safetensors.prefix(length))
      #expect(throws: TensorFileError.self) { _ = try Safetensors(contentsOf: url) }
    }
  }

  @Test("are not written over, nor left behind half, where that is not wanted")
  func writing() throws {
    let folder = try Folder()
    let file = Safetensors(tensors: ["a": Tensor([1.0])])
    let url = try folder.file("a")
    try file.write(to: url)
    let before = try Data(contentsOf: url)
    let exists = #expect(throws: TensorFileError.self) {
      try Safetensors(tensors: [:]).write(to: url, overwrites: false)
    }
    #expect(exists?.kind == .exists)
    #expect(try Data(contentsOf: url) == before)
    let noFolder = #expect(throws: TensorFileError.self) {
      try file.write(to: folder.url.appendingPathComponent("missing/a"))
    }
    #expect(noFolder?.kind == .unwritable && noFolder?.reason.contains("no such file") == true)
    #expect(folder.names == ["a"])
    try Safetensors(tensors: [:]).write(to: url)
    #expect(try Safetensors(contentsOf: url).tensors.isEmpty)
  }

  @Test(
    "on a full disk fail and leave nothing", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"))
  )
  func fullDisk() throws {
    let folder = try Folder()
    let url = try folder.file("a")
    // The partial file's name leads to a device that is always full.
    try FileManager.default.createSymbolicLink(
      atPath: folder.url.path + "/.a.\(ProcessInfo.processInfo.processIdentifier).part",
      withDestinationPath: "/dev/full")
    let error = #expect(throws: TensorFileError.self) {
      try Safetensors(tensors: ["a": Tensor([1.0])]).write(to: url)
    }
    #expect(error?.kind == .full && error?.reason.contains("no space left") == true)
    #expect(folder.names.isEmpty)
  }

  @Test("that are missing or folders are told apart from damaged ones")
  func missing() throws {
    let folder = try Folder()
    let gone = #expect(throws: TensorFileError.self) {
      _ = try Safetensors(contentsOf: folder.url.appendingPathComponent("gone"))
    }
    #expect(gone?.kind == .missing)
    let isFolder = #expect(throws: TensorFileError.self) { _ = try Safetensors(contentsOf: folder.url) }
    #expect(isFolder?.kind == .unreadable)
  }
}

/// An npy file of version 1 with the given dictionary and elements.
private func array(_ dictionary: String, elements: Int = 8) -> Data {
  let header = Data((dictionary + "\n").utf8)
  return Data([0x93]) + Data("NUMPY".utf8)
    + Data([1, 0, UInt8(truncatingIfNeeded: header.count), UInt8(header.count >> 8)]) + header
    + Data(repeating: 2, count: elements)
}

private func dictionary(_ type: String, _ shape: String) -> String {
  "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
}

private let badArrays: [BadFile] = [
  .init("empty", Data(), "not a NumPy file: it does not begin as one"),
  .init("text", Data("hello, this is no array".utf8), "not a NumPy file: it does not begin as one"),
  .init("magic only", TensorFileFixtures.matrix.prefix(7), "its header is cut off"),
  .init("header cut", TensorFileFixtures.matrix.prefix(40), "its header is cut off"),
  .init(
    "elements cut", TensorFileFixtures.matrix.dropLast(), "promises 2×3 elements of 4 bytes, 23 bytes follow"),
  .init("bytes after the end", TensorFileFixtures.matrix + Data([0]), "4 bytes, 25 bytes follow"),
  .init("unsigned", array(dictionary("<u2", "(4,)")), "an element type of 2 bytes that is not", .unsupported),
  .init("text elements", array(dictionary("<U4", "(1,)")), "elements of type '<U4'", .unsupported),
  .init(
    "records", array("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}"),
    "elements of type 'record'", .unsupported),
  .init("no shape", array("{'descr': '<f4', 'fortran_order': False}"), "does not have the keys"),
  .init("no order", array("{'descr': '<f4', 'shape': (2,)}"), "does not have the keys"),
  .init("shape negative", array(dictionary("<f4", "(-1, -2)")), "no Python dictionary"),
  .init("shape not numbers", array(dictionary("<f4", "(a, b)")), "no Python dictionary"),
  .init("shape beyond counting", array(dictionary("<f4", "(9223372036854775807, 9)")), "beyond counting"),
  .init("shape beyond Int", array(dictionary("<f4", "(92233720368547758070,)")), "no Python dictionary"),
  .init("truth values", array(dictionary("|b1", "(8,)")), "neither 0 nor 1"),
  .init("version", Data([0x93]) + Data("NUMPY".utf8) + Data([9, 0, 0, 0, 0, 0]), "version 9", .unsupported),
  .init(
    "not UTF-8", array("{'descr': '<f4'").dropLast(9) + Data([0xFF]) + Data(repeating: 0, count: 8),
    "no Python dictionary"),
]

@Suite("NPY files")
struct NPYTests {
  @Test(
    "are read as numpy wrote them",
    arguments: [TensorFileFixtures.matrix, TensorFileFixtures.fortranMatrix, TensorFileFixtures.versionTwo])
  func readsReference(_ contents: Data) throws {
    let folder = try Folder()
    let tensor = try NPY.read(folder.file("a.npy", contents))
    #expect(tensor.shape == [2, 3] && tensor.isContiguous && tensor.dtype == .float32)
    #expect(tensor.toArray() == [Float(0), 1, 2, 3, 4, 5])
  }

  @Test("are read in either order of bytes, and bfloat16 as NumPy writes it")
  func otherLayouts() throws {
    let folder = try Folder()
    let swapped = try NPY.read(folder.file("a.npy", TensorFileFixtures.bigEndian))
    #expect(swapped.dtype == .float32 && swapped.toArray() == [Float(0), 1, 2, 3, 4, 5])
    let brain = array("{\"descr\": \"<V2\", \"fortran_order\": False, \"shape\": (2L, 2L)}")
    let tensor = try NPY.read(folder.file("b.npy", brain))
    #expect(tensor.dtype == .bfloat16 && tensor.shape == [2, 2])
    #expect(tensor.toArray(as: Float.self) == [Float](repeating: Float(bitPattern: 0x0202_0000), count: 4))
  }

  @Test("hold scalars and truth values")
  func others() throws {
    let folder = try Folder()
    let scalar = try NPY.read(folder.file("scalar.npy", TensorFileFixtures.scalar))
    #expect(scalar.shape == [] && scalar.item() == 1.5 && scalar.dtype == .float64)
    let truths = try NPY.read(folder.file("truths.npy", TensorFileFixtures.truths))
    #expect(truths.toArray() == [true, false, true])
  }

  @Test("are written byte for byte as numpy writes them")
  func writesReference() throws {
    let folder = try Folder()
    let url = try folder.file("a.npy")
    try NPY.write(Tensor([Float(0), 3, 1, 4, 2, 5], shape: [3, 2]).transposed(), to: url)
    #expect(try Data(contentsOf: url) == TensorFileFixtures.matrix)
    try NPY.write(Tensor.scalar(1.5, dtype: .float64), to: url)
    #expect(try Data(contentsOf: url) == TensorFileFixtures.scalar)
    try NPY.write(Tensor([true, false, true]), to: url)
    #expect(try Data(contentsOf: url) == TensorFileFixtures.truths)
  }

  @Test("keep every element type numpy has", arguments: DType.allCases)
  func roundTrip(_ dtype: DType) throws {
    let folder = try Folder()
    let url = try folder.file("a.npy")
    let tensor = Tensor([Float(1), 0, 1], dtype: dtype)
    guard dtype != .bfloat16 else {
      let error = #expect(throws: TensorFileError.self) { try NPY.write(tensor, to: url) }
      #expect(error?.kind == .unsupported)
      return
    }
    try NPY.write(tensor, to: url)
    let back = try NPY.read(url)
    #expect(back.dtype == dtype && back.toArray(as: Float.self) == [1, 0, 1])
    #expect(throws: TensorFileError.self) { try NPY.write(tensor, to: url, overwrites: false) }
  }

  @Test("that are damaged or foreign are refused with file and reason", arguments: badArrays)
  func badFiles(_ bad: BadFile) throws {
    let folder = try Folder()
    let url = try folder.file("bad.npy", bad.contents)
    let error = #expect(throws: TensorFileError.self) { _ = try NPY.read(url) }
    let text = try #require(error).description
    #expect(error?.kind == bad.kind)
    #expect(text.hasPrefix(url.path + ": ") && text.contains(bad.text) && text.contains("\nhelp: "))
  }

  @Test("cut anywhere never crash the reader")
  func everyCut() throws {
    let folder = try Folder()
    for length in 0..<TensorFileFixtures.matrix.count {
      let url = try folder.file("cut", TensorFileFixtures.matrix.prefix(length))
      #expect(throws: TensorFileError.self) { _ = try NPY.read(url) }
    }
  }
}
