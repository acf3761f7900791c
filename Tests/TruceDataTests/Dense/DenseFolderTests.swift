import Foundation
import Testing
import Torch
import Truce
import TruceFiles

@testable import TruceData

/// The numbers of 24 pixels with three channels each, channel by channel.
private func channelsFirst(_ numbers: [Float]) -> [Float] {
  (0..<3).flatMap { channel in (0..<24).map { numbers[3 * $0 + channel] } }
}

@Suite("Folders of maps")
struct DenseFolderTests {
  @Test("are read as a network takes them")
  func reading() throws {
    let small = try SmallDenseFolder()
    let folder = try DenseFolder(small.path, .nyuv2)
    let train = folder.samples(of: .train)
    #expect(train.count == 2 && folder.samples(of: .val).count == 1)
    #expect(train.name(ofSample: 1) == small.path + "/train/image/1.npy")
    let sample = try train.sample(at: 1)
    let example = SmallDenseFolder.example(1, .nyuv2)
    let image = try #require(sample[input: "image"])
    #expect(image.shape == [3, 4, 6])
    let pixels = image.elements(as: Float.self)
    #expect(pixels == channelsFirst(example.image))
    #expect(sample.targets.map(\.task) == ["segmentation", "depth", "normal"])
    #expect(sample.targets.map(\.values.shape) == [[4, 6], [1, 4, 6], [3, 4, 6]])
    #expect(sample.targets[0].values.elements(as: Int64.self) == example.maps[0].map { Int64($0) })
    #expect(sample.targets[1].values.elements(as: Float.self) == example.maps[1])
    let normals = sample.targets[2].values.elements(as: Float.self)
    #expect(normals == channelsFirst(example.maps[2]))
  }

  @Test("may have other element types, and Fortran's order")
  func elementTypes() throws {
    let small = try SmallDenseFolder()
    let train = try DenseFolder(small.path, .nyuv2).samples(of: .train)
    let before = try train.sample(at: 0)
    let example = SmallDenseFolder.example(0, .nyuv2)
    let labels = Tensor(example.maps[0], shape: [4, 6]).to(.int64)
    try NPY.write(labels, to: URL(filePath: small.path + "/train/label/0.npy"))
    try NPY.write(
      Tensor(example.maps[1], shape: [4, 6]).to(.float64),
      to: URL(filePath: small.path + "/train/depth/0.npy"))
    #expect(try train.sample(at: 0) == before)
    var fortran = NPYLayout.header(type: "<f4", shape: [4, 6])
    let text = try #require(fortran.range(of: Data("False, ".utf8)))
    fortran.replaceSubrange(text, with: Data("True,  ".utf8))
    for column in 0..<6 {
      for row in 0..<4 {
        withUnsafeBytes(of: example.maps[0][row * 6 + column]) { fortran.append(contentsOf: $0) }
      }
    }
    try fortran.write(to: URL(filePath: small.path + "/train/label/0.npy"))
    #expect(try train.sample(at: 0) == before)
  }

  @Test("of Cityscapes may call the labels by either name, and have no normals")
  func cityscapes() throws {
    let small = try SmallDenseFolder(.cityscapes)
    #expect(FileManager.default.fileExists(atPath: small.path + "/train/label_7"))
    #expect(try DenseFolder(small.path, .cityscapes).samples(of: .val).sample(at: 0).targets.count == 2)
    for part in ["train", "val"] {
      try FileManager.default.moveItem(
        atPath: "\(small.path)/\(part)/label_7", toPath: "\(small.path)/\(part)/label")
    }
    #expect(small.fault() == nil)
    #expect(DenseFolder.likelyLayout(of: small.path) == .cityscapes)
    // Nor does the name that LibMTL gives the labels make it NYUv2 where no record tells.
    try small.remove("provenance.json")
    #expect(DenseFolder.likelyLayout(of: small.path) == .cityscapes)
    #expect(DenseCheck(of: small.path).contents?.maps.map(\.task) == ["segmentation", "depth"])
    let indoor = try SmallDenseFolder()
    try indoor.remove("provenance.json")
    #expect(DenseFolder.likelyLayout(of: indoor.path) == .nyuv2)
    try indoor.remove("train/normal")
    #expect(DenseFolder.likelyLayout(of: indoor.path) == .nyuv2)
    #expect(DenseFolder.likelyLayout(of: "nowhere") == .nyuv2)
    for part in ["train", "val"] { try small.remove("\(part)/label") }
    #expect(
      small.fault() == "train/label_7: there is no such folder, nor one called label (and 1 more)")
  }

  @Test("need only the maps of the tasks that take part")
  func tasks() throws {
    let small = try SmallDenseFolder()
    for part in ["train", "val"] { try small.remove("\(part)/normal") }
    #expect(small.fault() == "train/normal: there is no such folder (and 1 more)")
    let layout = DenseLayout.nyuv2.keeping(["depth", "segmentation"])
    #expect(try DenseFolder(small.path, layout).samples(of: .train).sample(at: 0).targets.count == 2)
  }
}

@Suite("Faults in folders of maps")
struct DenseFaultTests {
  @Test("of whole folders are found before anything is read")
  func folders() throws {
    let small = try SmallDenseFolder()
    try small.remove("train/depth/1.npy")
    #expect(small.fault(readingAll: false) == "train/depth: it lacks 1.npy of the 2 files that image has")
    try small.remove("train/image/0.npy")
    let faults = FaultList()
    #expect(DenseFolder(small.path, .nyuv2, noting: faults) == nil)
    #expect(
      faults.faults.map { $0.reason } == [
        "it has 0.npy, which image lacks", "it lacks 1.npy of the 1 files that image has",
        "it has 0.npy, which image lacks", "it has 0.npy, which image lacks",
      ])
    try small.remove("val/image/0.npy")
    #expect(small.fault(readingAll: false)?.contains("(and 4 more)") == true)
    let nowhere = #expect(throws: DataError.self) { _ = try DenseFolder("nowhere", .nyuv2) }
    #expect(nowhere?.description == "nowhere: there is no such folder" && nowhere?.exitCode == 66)
    #expect(nowhere?.help.contains("truce data prepare nyuv2") == true)
  }

  @Test("of a preparation that was stopped are told apart from a whole folder")
  func unfinished() throws {
    let small = try SmallDenseFolder(finished: false)
    let error = #expect(throws: DataError.self) { _ = try DenseFolder(small.path, .nyuv2) }
    #expect(error?.description == "\(small.path): its preparation was not finished")
    #expect(error?.help == "run the command that prepared it once more: it goes on where it stopped")
    // A release has no record.
    try small.remove("provenance.json")
    #expect(small.fault() == nil)
  }

  @Test("of single files name the file and the pixel")
  func files() throws {
    let small = try SmallDenseFolder()
    let example = SmallDenseFolder.example(0, .nyuv2)
    func expect(_ name: String, _ values: [Float], _ shape: [Int], _ reason: String) throws {
      let path = "\(small.path)/train/\(name)"
      let old = try Data(contentsOf: URL(filePath: path))
      try small.write(values, shape, to: "train/\(name)")
      #expect(small.fault() == "train/\(name): \(reason)")
      try old.write(to: URL(filePath: path))
    }
    var labels = example.maps[0]
    labels[8] = 13
    try expect(
      "label/0.npy", labels, [4, 6],
      "the label 13.0 at row 1, column 2 is neither a class 0 … 12 nor -1 for none")
    labels[8] = 1.5
    try expect(
      "label/0.npy", labels, [4, 6],
      "the label 1.5 at row 1, column 2 is neither a class 0 … 12 nor -1 for none")
    var depth = example.maps[1]
    depth[23] = .nan
    try expect("depth/0.npy", depth, [4, 6, 1], "a depth with nan at row 3, column 5")
    depth[23] = -2
    try expect("depth/0.npy", depth, [4, 6, 1], "a depth of -2.0 at row 3, column 5")
    try expect(
      "depth/0.npy", depth, [6, 4, 1], "it has the shape 6 × 4 × 1, its picture 4 × 6 × 3")
    try expect(
      "image/1.npy", Array(example.image.prefix(24)), [4, 6],
      "a picture of shape 4 × 6, where height × width × 3 is expected")
    try expect(
      "normal/1.npy", Array(repeating: 0, count: 48), [4, 6, 2],
      "normals of shape 4 × 6 × 2, where height × width × 3 is expected")
    var normals = example.maps[2]
    normals[3] = .infinity
    try expect("normal/1.npy", normals, [4, 6, 3], "normals with inf at row 0, column 1")
    var image = example.image
    image[4] = 255
    try expect(
      "image/1.npy", image, [4, 6, 3], "a picture with 255.0 at row 0, column 1, where 0 … 1 is expected")
    image[4] = .nan
    try expect("image/1.npy", image, [4, 6, 3], "a picture with nan at row 0, column 1")
    normals[3] = 2
    try expect(
      "normal/1.npy", normals, [4, 6, 3],
      "a normal of length 2.1540658 at row 0, column 1, where 1 is expected")
    try expect(
      "normal/1.npy", example.maps[2].map { $0 / 2 }, [4, 6, 3],
      "a normal of length 0.5 at row 0, column 1, where 1 is expected")
    #expect(small.fault() == nil)
  }

  @Test("of normals spare those that a change of size made shorter")
  func shortNormals() throws {
    let small = try SmallDenseFolder()
    var normals = SmallDenseFolder.example(0, .nyuv2).maps[2]
    for place in 3..<9 { normals[place] /= 2 }
    try small.write(normals, [4, 6, 3], to: "train/normal/0.npy")
    #expect(small.fault() == nil)
  }

  @Test("of element types are found whatever the numbers are")
  func wholeNumbers() throws {
    for (name, what) in [("image", "a picture"), ("depth", "a depth"), ("normal", "normals")] {
      let small = try SmallDenseFolder()
      let channels = name == "depth" ? 1 : 3
      var bytes = NPYLayout.header(type: "|u1", shape: [4, 6, channels])
      bytes.append(contentsOf: [UInt8](repeating: 1, count: 24 * channels))
      try bytes.write(to: URL(filePath: "\(small.path)/train/\(name)/1.npy"))
      #expect(
        small.fault()
          == "train/\(name)/1.npy: \(what) of whole numbers, where real ones are expected")
    }
  }

  @Test("of counts and sizes are found by the record and by comparing the halves")
  func sizes() throws {
    let small = try SmallDenseFolder()
    for name in ["image", "label", "depth", "normal"] { try small.remove("train/\(name)/1.npy") }
    #expect(small.fault() == "train/image: the number of pictures is 1, and 2 in provenance.json")
    try small.remove("provenance.json")
    #expect(small.fault() == nil)
    try small.write([Float](repeating: 0.5, count: 30), [2, 5, 3], to: "val/image/0.npy")
    #expect(
      small.fault(readingAll: false)
        == "val/image/0.npy: a picture of 2 × 5, where \(small.path)/train/image/0.npy has 4 × 6"
        .replacingOccurrences(of: small.path + "/", with: ""))
    let whole = try SmallDenseFolder()
    try whole.write([Float](repeating: 0.5, count: 30), [2, 5, 3], to: "val/image/0.npy")
    #expect(
      whole.fault(readingAll: false)
        == "val/image/0.npy: a picture of 2 × 5, where provenance.json has 4 × 6")
  }

  @Test("of single pictures' sizes are found on a sheet")
  func sheet() throws {
    let small = try SmallDenseFolder()
    let channels = ["image": 3, "label": 1, "depth": 1, "normal": 3]
    for (name, count) in channels {
      try small.write(
        [Float](repeating: 0, count: 10 * count), [2, 5, count], to: "train/\(name)/1.npy")
    }
    let samples = try DenseFolder(small.path, .nyuv2).samples(of: .train)
    let error = #expect(throws: DataError.self) { _ = try ContactSheet(of: samples, .nyuv2, at: [0, 1]) }
    #expect(
      error?.description
        == "\(small.path)/train/image/1.npy: a picture of shape [3, 2, 5], the first on the sheet has [3, 4, 6]"
    )
    #expect(throws: Never.self) { _ = try ContactSheet(of: samples, .nyuv2, at: [1]).png() }
  }

  @Test("of files that were copied in part are found by their length")
  func truncated() throws {
    let small = try SmallDenseFolder()
    let path = URL(filePath: small.path + "/train/image/1.npy")
    try Data(contentsOf: path).dropLast(10).write(to: path)
    #expect(
      small.fault()
        == "train/image/1.npy: the header promises 4×6×3 elements of 4 bytes, 278 bytes follow")
    try Data("no array".utf8).write(to: path)
    #expect(small.fault() == "train/image/1.npy: not a NumPy file: it does not begin as one")
  }

  @Test("fail a loader's batch by name, or are left out and counted")
  func policies() throws {
    let small = try SmallDenseFolder()
    try small.write([1], [1], to: "train/depth/1.npy")
    let samples = try DenseFolder(small.path, .nyuv2).samples(of: .train)
    let loader = { (policy: BadSamplePolicy) in
      try StreamLoader(
        samples, batchSize: 2, order: .stored, options: LoadingOptions(workers: 2, badSamples: policy))
    }
    let failing = try loader(.fail).batches(epoch: 0)
    let error = #expect(throws: DataError.self) { _ = try failing.next() }
    #expect(
      error?.description == "\(small.path)/train/depth/1.npy: it has the shape 1, its picture 4 × 6 × 3")
    let skipping = try loader(.skip).batches(epoch: 0)
    #expect(try skipping.next()?.count == 1)
    #expect(skipping.statistics.skipped.map(\.position) == [1])
  }
}

@Suite("Selections of examples")
struct SampleSelectionTests {
  /// Counts what is read.
  private final class Counting: SampleSource, @unchecked Sendable {
    let count = 20
    private let lock = NSLock()
    private var reads = [Int](repeating: 0, count: 20)
    var readCounts: [Int] { lock.withLock { reads } }

    func name(ofSample position: Int) -> String { "sample \(position)" }

    func sample(at position: Int) throws(DataError) -> Sample {
      lock.withLock { reads[position] += 1 }
      return Sample(inputs: [Sample.Input("x", HostArray([Float(position)]))], targets: [])
    }
  }

  @Test("kept in memory are read once, and changed anew in each epoch")
  func caching() throws {
    let source = Counting()
    let cached = CachedSamples(source)
    let loader = try StreamLoader(
      cached, augmentation: Augmentation([Noise(input: "x")], seed: 1), batchSize: 20, order: .stored,
      options: LoadingOptions(workers: 2))
    let epochs = try (0..<3).map { try loader.batches(epoch: $0).next()?.input.toArray(as: Float.self) }
    #expect(source.readCounts.allSatisfy { $0 == 1 })
    #expect(epochs[0] != epochs[1] && epochs[1] != epochs[2])
    let plain = try StreamLoader(
      Counting(), augmentation: Augmentation([Noise(input: "x")], seed: 1), batchSize: 20, order: .stored)
    #expect(try plain.batches(epoch: 2).next()?.input.toArray(as: Float.self) == epochs[2])
    #expect(cached.name(ofSample: 3) == "sample 3")
  }

  @Test("held out are as many as asked for, by seed, and no other")
  func holdingOut() throws {
    func names(_ samples: SampleSubset) -> [String] { (0..<samples.count).map(samples.name(ofSample:)) }
    let (rest, heldOut) = try SampleSubset.holdingOut(6, of: Counting(), seed: 3)
    #expect(rest.count == 14 && heldOut.count == 6)
    #expect(Set(names(rest) + names(heldOut)).count == 20)
    #expect(try names(SampleSubset.holdingOut(6, of: Counting(), seed: 3).heldOut) == names(heldOut))
    #expect(try names(SampleSubset.holdingOut(6, of: Counting(), seed: 4).heldOut) != names(heldOut))
    for count in [0, 20] {
      #expect(throws: DataError.self) { _ = try SampleSubset.holdingOut(count, of: Counting(), seed: 3) }
    }
  }
}
