import Foundation
import Testing
import Torch

@testable import TruceData

@Suite("Preparing NYUv2")
struct NYUv2PreparationTests {
  /// Originals of three pictures of 6 × 8 pixels, unpacked.
  private struct SmallOriginals {
    let folder: TemporaryFolder
    var path: String { folder.path }

    /// - Parameter learned: The pictures to learn from, beside number 2, which is measured.
    init(learned: [Int] = [3, 1]) throws {
      folder = try TemporaryFolder()
      for number in learned + [2] {
        try picture("rgb", number, channels: 3) { Float(($0 + number) % 256) / 255 }
        try picture("depth", number, channels: 1) { Float(100 + number + $0) / 255 }
        try picture("label40", number, channels: 1) { Float($0 % 41) / 255 }
      }
      try folder.write("split_train_795.txt", Array(learned.map { "000\($0)\n" }.joined().utf8))
      try folder.write("split_test_654.txt", Array("2\n".utf8))
      let map = (1...40).map { "\"\($0)\": \(($0 - 1) % 13 + 1)" }.joined(separator: ", ")
      try folder.write("map40to13.json", Array("{\"map\": {\(map)}}".utf8))
    }

    private func picture(_ kind: String, _ number: Int, channels: Int, _ value: (Int) -> Float) throws {
      let values = Tensor((0..<(channels * 48)).map(value), shape: [channels, 6, 8])
      let data = try #require(PNG.data(of: values))
      try folder.write("\(kind)/000\(number).png", [UInt8](data))
    }

    func preparation(for output: String) throws -> NYUv2Preparation {
      let originals = try NYUv2Originals(in: path, unpackingInto: output + "/.unpacked")
      return NYUv2Preparation(originals, height: 3, width: 4)
    }

    func prepare(
      to output: String, replacing: Bool = false,
      note: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> [DenseFolder.Part: Int] {
      try preparation(for: output).run(into: output, replacing: replacing, note: note)
    }
  }

  @Test("writes the official split with classes, metres and a record")
  func whole() throws {
    let originals = try SmallOriginals()
    let output = originals.path + "/out"
    #expect(try originals.prepare(to: output) == [.train: 2, .val: 1])
    let folder = try DenseFolder(output, .nyuv2)
    let sample = try folder.samples(of: .train).sample(at: 0)
    // Picture 3; the pixels under the new ones' centres are rows 1, 3, 5 and columns 1, 3, 5, 7.
    let places = [1, 3, 5].flatMap { row in [1, 3, 5, 7].map { row * 8 + $0 } }
    let labels = sample.targets[0].values.elements(as: Int64.self)
    #expect(labels == places.map { $0 % 41 == 0 ? -1 : Int64(($0 % 41 - 1) % 13) })
    let depths = sample.targets[1].values.elements(as: Float.self)
    #expect(depths == places.map { Float(Double(103 + $0) * 10 / 255) })
    #expect(sample[input: "image"]?.shape == [3, 3, 4])
    let record = try #require(try PreparationRecord.read(from: output))
    #expect(record.isComplete && record.dataset == "nyuv2" && record.size == [3, 4])
    #expect(record.sources.map(\.file) == ["split_train_795.txt", "split_test_654.txt", "map40to13.json"])
    #expect(FileManager.default.fileExists(atPath: output + "/camera.json"))
    #expect(!FileManager.default.fileExists(atPath: output + "/.unpacked"))
  }

  /// The counts that were told.
  ///
  /// `@unchecked Sendable`, since every access holds the lock.
  private final class Counts: @unchecked Sendable {
    private let lock = NSLock()
    private var counts: [[Int]] = []

    var all: [[Int]] { lock.withLock { counts } }
    func add(_ done: Int, _ total: Int) { lock.withLock { counts.append([done, total]) } }
  }

  @Test("makes on all cores, byte by byte, what it makes one by one, and counts upwards")
  func concurrency() throws {
    let learned = [9, 1, 8, 3, 7, 4, 6, 5]
    let originals = try SmallOriginals(learned: learned)
    let (whole, single) = (originals.path + "/whole", originals.path + "/single")
    let counts = Counts()
    #expect(try originals.prepare(to: whole) { counts.add($0, $1) } == [.train: 8, .val: 1])
    #expect(counts.all == (1...9).map { [$0, 9] })
    let (preparation, record) = (
      try originals.preparation(for: single), try #require(try PreparationRecord.read(from: whole))
    )
    let camera = Camera.nyuv2.scaled(toHeight: 3, width: 4)
    let writer = try DensePreparation(into: single, .nyuv2, record, camera: camera, replacing: false)
    for (place, number) in learned.enumerated() {
      try writer.write(preparation.example(number), .train, place)
    }
    for place in learned.indices {
      for name in ["image", "label", "depth", "normal"].map({ "/train/\($0)/\(place).npy" }) {
        let (first, second) = (URL(filePath: whole + name), URL(filePath: single + name))
        #expect(try Data(contentsOf: first) == Data(contentsOf: second), "\(name)")
      }
    }
  }

  @Test("makes no more after an error")
  func stopping() throws {
    let scratch = try TemporaryFolder()
    let preparation = try DensePreparation(
      into: scratch.path, .nyuv2,
      PreparationRecord(dataset: "nyuv2", size: [4, 6], examples: ["train": 500]), camera: .nyuv2,
      replacing: false)
    let made = Counts()
    let error = #expect(throws: DataError.self) {
      try preparation.write { (_, number) throws(DataError) in
        made.add(number, 500)
        guard number > 0 else { throw .missing(path: "0001.png", fix: "") }
        return SmallDenseFolder.example(number, .nyuv2)
      }
    }
    #expect(error == .missing(path: "0001.png", fix: "") && made.all.count < 500)
  }

  @Test("counts on from what is there after an error")
  func countingOn() throws {
    let originals = try SmallOriginals(learned: [9, 1, 8, 3, 7, 4, 6, 5])
    let (output, lost) = (originals.path + "/out", originals.path + "/depth/0009.png")
    let bytes = try Data(contentsOf: URL(filePath: lost))
    try FileManager.default.removeItem(atPath: lost)
    let error = #expect(throws: DataError.self) { _ = try originals.prepare(to: output) }
    #expect(error?.description == "\(lost): no such file or folder")
    #expect(try PreparationRecord.read(from: output)?.isComplete == false)
    try bytes.write(to: URL(filePath: lost))
    let counts = Counts()
    _ = try originals.prepare(to: output) { counts.add($0, $1) }
    #expect(counts.all.last == [9, 9] && counts.all.map { $0[0] } == Array(counts.all[0][0]...9))
  }

  /// Notes from which folder a program is run, and fails.
  private final class FailingTools: ToolRunner {
    private(set) var folders: [String] = []
    func run(_ command: [String], in folder: String) throws(OriginFailure) -> String {
      folders.append(folder)
      throw OriginFailure(reason: "no tar here")
    }
  }

  @Test("unpacks archives from the folder one works in, as their paths may start there")
  func workingFolder() throws {
    let originals = try SmallOriginals()
    try FileManager.default.removeItem(atPath: originals.path + "/rgb")
    try originals.folder.write("nyuv2_rgb_8x6.tar.xz", Array("packed".utf8))
    let tools = FailingTools()
    let error = #expect(throws: DataError.self) {
      _ = try NYUv2Originals(
        in: originals.path, unpackingInto: originals.path + "/.unpacked", tools: tools)
    }
    #expect(tools.folders == [FileManager.default.currentDirectoryPath])
    #expect(error?.description.contains("nyuv2_rgb_8x6.tar.xz") == true)
  }

  @Test("goes on where it was stopped, and leaves a finished folder alone")
  func resuming() throws {
    let originals = try SmallOriginals()
    let output = originals.path + "/out"
    _ = try originals.prepare(to: output)
    let error = #expect(throws: DataError.self) { _ = try originals.prepare(to: output) }
    #expect(error == .exists(path: output))
    var record = try #require(try PreparationRecord.read(from: output))
    record.isComplete = false
    try record.write(to: output)
    let (kept, lost) = (output + "/train/depth/0.npy", output + "/train/normal/1.npy")
    let before = try Data(contentsOf: URL(filePath: lost))
    try FileManager.default.removeItem(atPath: lost)
    let date = try FileManager.default.attributesOfItem(atPath: kept)[.modificationDate] as? Date
    _ = try originals.prepare(to: output)
    #expect(try Data(contentsOf: URL(filePath: lost)) == before)
    #expect(try FileManager.default.attributesOfItem(atPath: kept)[.modificationDate] as? Date == date)
    #expect(try originals.prepare(to: output, replacing: true)[.train] == 2)
  }

  @Test("names what is missing or of another form")
  func faults() throws {
    let originals = try SmallOriginals()
    let output = originals.path + "/out"
    func error() -> DataError? { #expect(throws: DataError.self) { _ = try originals.prepare(to: output) } }
    func text() -> String? { error()?.description.replacingOccurrences(of: originals.path + "/", with: "") }
    try FileManager.default.removeItem(atPath: originals.path + "/depth/0001.png")
    #expect(text() == "depth/0001.png: no such file or folder")
    try originals.folder.write("depth/0001.png", [1, 2, 3])
    #expect(text() == "depth/0001.png: it is neither a PNG nor a JPEG")
    try originals.folder.write("map40to13.json", Array("{\"map\": {\"1\": 14}}".utf8))
    #expect(
      text()
        == "map40to13.json: the file is damaged: its 'map' does not give each of 1 … 40 a class 1 … 13")
    try originals.folder.write("split_test_654.txt", Array("2 2".utf8))
    #expect(text()?.hasPrefix("split_test_654.txt: the file is damaged: it is no list of numbers") == true)
    try FileManager.default.removeItem(atPath: originals.path + "/split_test_654.txt")
    #expect(error()?.help == "copy it beside the archives")
    try FileManager.default.removeItem(atPath: originals.path + "/map40to13.json")
    try originals.folder.write("nyu_depth_v2_labeled.mat", [1])
    let hdf5 = "a MATLAB file of version 7.3 is HDF5, which Truce does not read"
    #expect(text() == "nyu_depth_v2_labeled.mat: \(hdf5)")
    #expect(
      error()?.help
        == "take it apart with `Tools/unpack-nyuv2.py` (Python with h5py) and give the folder that it makes after --from, "
        + "or get the release of MTAN, which needs no preparation")
    let file = #expect(throws: DataError.self) {
      _ = try NYUv2Originals(in: originals.path + "/nyu_depth_v2_labeled.mat", unpackingInto: output)
    }
    #expect(file?.description.hasSuffix("nyu_depth_v2_labeled.mat: \(hdf5)") == true)
  }

  @Test("says what cannot be unpacked")
  func archives() throws {
    let originals = try SmallOriginals()
    try FileManager.default.removeItem(atPath: originals.path + "/rgb")
    try originals.folder.write("nyuv2_rgb_6x8.tar.xz", Array("no archive".utf8))
    let error = #expect(throws: DataError.self) { _ = try originals.prepare(to: originals.path + "/out") }
    #expect(error?.description.contains("nyuv2_rgb_6x8.tar.xz: the file is damaged: tar cannot") == true)
  }
}

@Suite("NYUv2's files")
struct NYUv2FileTests {
  /// The folder with the archives, where this machine has them.
  private static let folder = RealData.folders.paths.map { $0 + "/nyuv2" }
    .first { isThere($0 + "/split_train_795.txt") }
  private static let missing: Comment = "NYUv2's archives are not in a data folder's nyuv2"

  @Test("give floors whose normals spread by 3 degrees at most", .enabled(if: folder != nil, missing))
  func floors() throws {
    let scratch = try TemporaryFolder()
    let originals = try NYUv2Originals(
      in: #require(Self.folder), unpackingInto: scratch.path + "/unpacked")
    #expect(originals.numbers[.train]?.count == 795 && originals.numbers[.val]?.count == 654)
    let preparation = NYUv2Preparation(originals, height: 96, width: 128)
    let floor = Float(DenseLayout.indoorClasses.firstIndex(of: "floor") ?? -1)
    var angles: [Double] = []
    for number in stride(from: 7, through: 1449, by: 48) {
      let example = try preparation.example(number)
      let places = example.maps[0].indices.filter { pixel in
        example.maps[0][pixel] == floor && (0..<3).contains { example.maps[2][3 * pixel + $0] != 0 }
      }
      if places.count >= 200 { angles += Self.spread(example.maps[2], places) }
    }
    angles.sort()
    #expect(angles.count > 5000)
    let median = angles[angles.count / 2]
    #expect(median <= 3, "the median spread is \(median) degrees over \(angles.count) pixels")
  }

  /// The angles between normals and their mean, in degrees.
  private static func spread(_ normals: [Float], _ places: [Int]) -> [Double] {
    let vectors = places.map { place in (0..<3).map { Double(normals[3 * place + $0]) } }
    let sum = vectors.reduce([0, 0, 0]) { [$0[0] + $1[0], $0[1] + $1[1], $0[2] + $1[2]] }
    let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return vectors.map { vector in
      let cosine = zip(vector, sum).reduce(0) { $0 + $1.0 * $1.1 } / length
      return acos(min(1, cosine)) * 180 / .pi
    }
  }
}
