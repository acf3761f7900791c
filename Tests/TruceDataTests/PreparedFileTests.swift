import Foundation
import Testing
import Torch

@testable import TruceData

/// A set of counting examples that says which seed made it.
private struct CountingSource: DatasetSource {
  let name = "counting"
  let title = "Counting"
  let summary = "numbers"
  let tasks = [TaskSummary(name: "a", title: "ten times"), TaskSummary(name: "b", title: "twice")]
  let originals = [SmallCollection().collection()]

  func build(from dataFolders: DataFolders, seed: UInt64) throws(DataError) -> DatasetSplits {
    do {
      return DatasetSplits(
        training: try countingDataset(20), test: try countingDataset(5 + Int(seed)))
    } catch {
      throw .unreadable(path: "counting", reason: "\(error)")
    }
  }
}

@Suite("Prepared files")
struct PreparedFileTests {
  private let folder: TemporaryFolder
  private let source = CountingSource()
  private var folders: DataFolders { DataFolders(paths: [folder.path]) }
  private var path: String { PreparedFile.path(of: source, seed: 3, in: folder.path) }

  init() throws { folder = try TemporaryFolder() }

  private func write(replacing: Bool = false) throws {
    let splits = try source.build(from: folders, seed: 3)
    try PreparedFile.write(splits, of: source, seed: 3, to: path, replacing: replacing)
  }

  @Test("give back the set that was written")
  func roundTrip() throws {
    try write()
    #expect(try folder.names(in: "prepared") == ["counting-seed3.safetensors"])
    let splits = try source.load(from: folders, seed: 3)
    #expect(splits.training.count == 20 && splits.test.count == 8 && splits.validation == nil)
    let batch = splits.training.batch(at: [7, 8])
    let original = try countingDataset(20).batch(at: [7, 8])
    #expect(batch.input.toArray(as: Float.self) == original.input.toArray(as: Float.self))
    #expect(batch[task: "a"]?.values.dtype == .int64)
    #expect(batch[task: "a"]?.values.toArray(as: Int64.self) == [70, 80])
    #expect(batch[task: "b"]?.values.toArray(as: Float.self) == [14, 16])
    #expect(batch[task: "b"]?.mask?.toArray(as: Bool.self) == [false, true])
  }

  @Test("hold the examples of subsets and of held-out sets")
  func subsets() throws {
    let splits = try source.build(from: folders, seed: 3).holdingOut(6, seed: 0).limitingTraining(
      to: 4, seed: 0)
    try PreparedFile.write(splits, of: source, seed: 3, to: path)
    let again = try source.load(from: folders, seed: 3)
    #expect(again.training.count == 4 && again.validation?.count == 6)
    #expect(
      again.training.batch(at: [0, 3]).input.toArray(as: Float.self)
        == splits.training.batch(at: [0, 3]).input.toArray(as: Float.self))
  }

  @Test("are found by name and seed; without one the set is made")
  func found() throws {
    try write()
    #expect(PreparedFile.all(of: source, in: folders) == [path])
    #expect(PreparedFile.all(of: MultiDigit.mnist, in: folders).isEmpty)
    #expect(try source.load(from: folders, seed: 4).test.count == 9)
  }

  @Test("are replaced only when asked to")
  func exists() throws {
    try write()
    let error = #expect(throws: DataError.self) { try write() }
    #expect(error?.description == "\(path): already exists")
    #expect(error?.help == "add --force to replace it, or choose another --output")
    #expect(error?.exitCode == 64)
    try write(replacing: true)
    #expect(try folder.names(in: "prepared") == ["counting-seed3.safetensors"])
  }

  @Test("of another seed are refused")
  func otherSeed() throws {
    try write()
    let error = #expect(throws: DataError.self) { try PreparedFile.read(source, seed: 4, from: path) }
    #expect(
      error?.description == "\(path): not the prepared counting: its seed is 3, expected 4")
    #expect(error?.exitCode == 65)
  }

  @Test("that are cut short or of another kind are refused", arguments: [0, 7, 100, 500])
  func damaged(_ length: Int) throws {
    try write()
    try folder.write(
      "prepared/counting-seed3.safetensors",
      Array(folder.bytes("prepared/counting-seed3.safetensors").prefix(length)))
    let error = #expect(throws: DataError.self) { try source.load(from: folders, seed: 3) }
    #expect(error?.exitCode == 65)
    #expect(error?.description.hasPrefix(path) == true)
  }

  @Test("that lack a tensor are refused")
  func incomplete() throws {
    try write()
    var file = try Safetensors(contentsOf: URL(fileURLWithPath: path))
    file.tensors["test.b"] = nil
    try file.write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: DataError.self) { try source.load(from: folders, seed: 3) }
    #expect(error?.description == "\(path): the file is damaged: it has no tensor test.b")
  }

  @Test("need a folder that can be made, and leave nothing behind")
  func unwritable() throws {
    let file = try folder.write("file", [])
    let splits = try source.build(from: folders, seed: 3)
    let error = #expect(throws: DataError.self) {
      try PreparedFile.write(splits, of: source, seed: 3, to: file + "/sub/set.safetensors")
    }
    #expect(error?.description == "\(file): cannot be written: it is not a folder")
    #expect(error?.exitCode == 74)
    #expect(try folder.names() == ["file"])
  }
}
