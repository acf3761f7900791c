import Foundation
import Testing
import TruceData
import TruceTestSupport

@Suite("truce data")
struct DataCommandTests {
  private let folder: Scratch

  init() throws { folder = try Scratch() }

  private func data(_ arguments: String...) throws -> BuiltCommand.Result {
    try BuiltCommand("truce-engine").run(["data"] + arguments)
  }

  // MARK: list

  @Test("lists collections and sets, and where it looked")
  func list() throws {
    let result = try data("list", "--data", folder.path, "--format", "json")
    #expect(result.status == 0 && result.errors.isEmpty)
    let listing = try JSONDecoder().decode(Listing.self, from: Data(result.output.utf8))
    #expect(listing.folders.first == folder.path)
    #expect(listing.collections.map(\.name) == ["mnist", "fashion-mnist", "qm9"])
    #expect(listing.datasets.map(\.name) == DatasetCatalogue.entries.map(\.name))
    let table = try data("list", "--data", folder.path).output
    #expect(table.hasPrefix("name"))
    #expect(table.contains("Looked in \(folder.path), "))
  }

  @Test("says what is wrong with the files it finds")
  func listProblems() throws {
    try folder.write("mnist/train-images-idx3-ubyte.gz", Data([1, 2, 3]))
    let result = try data("list", "--data", folder.path, "--format", "json")
    let listing = try JSONDecoder().decode(Listing.self, from: Data(result.output.utf8))
    if !Self.hasMNIST {
      #expect(listing.collections[0].status.hasPrefix("lacks train-labels-idx1-ubyte, t10k-images"))
    }
    for name in ["train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"] {
      try folder.write("mnist/\(name).gz", Data([1, 2, 3]))
    }
    let whole = try data("list", "--data", folder.path).output
    #expect(
      whole.contains("unusable: \(folder.path)/mnist/train-images-idx3-ubyte.gz: the contents have sha256"))
  }

  private struct Listing: Decodable {
    struct Entry: Decodable {
      let name: String
      let status: String
    }
    let collections: [Entry]
    let datasets: [Entry]
    let folders: [String]
  }

  // MARK: Bad input

  @Test("refuses a name it does not know with the closest one")
  func unknownName() throws {
    try data("fetch", "fashion-minst").expectFailure(
      64, "unknown data set 'fashion-minst'",
      help: "did you mean 'fashion-mnist'? `truce data list` lists them all")
    try data("prepare", "mutli-mnist").expectFailure(
      64, "unknown data set 'mutli-mnist'",
      help: "did you mean 'multi-mnist'? `truce data list` lists them all")
  }

  @Test("does not fetch over a file of other contents without --force")
  func fetchKeeps() throws {
    let file = try folder.write("mnist/train-images-idx3-ubyte", Data("mine".utf8))
    let sum = try Checksum.sha256(ofFile: file)
    try data("fetch", "mnist", "--data", folder.path).expectFailure(
      65,
      "\(file): the contents have sha256 \(sum), "
        + "expected ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
      help: "`truce data fetch mnist --force` replaces the file by the published one")
    #expect(folder.names("mnist") == ["train-images-idx3-ubyte"])
  }

  @Test("does not fetch what is ready elsewhere", .enabled(if: hasMNIST, noMNIST))
  func fetchReuses() throws {
    let real = try OriginalCollection.mnist.folder(in: Self.realFolders)
    let working = folder.path + "/working"
    for path in [working + "/data", folder.path + "/shared/data"] {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/shared/data/mnist", withDestinationPath: real)
    let result = try BuiltCommand("truce-engine").run(
      ["data", "fetch", "mnist"], environment: ["TRUCE_DATA": ""], in: URL(filePath: working))
    #expect(result.status == 0 && result.errors.isEmpty)
    #expect(result.output.hasPrefix("MNIST is in /") && result.output.hasSuffix("/mnist\n"))
    #expect(folder.names("working/data") == [])
  }

  @Test("names the file that is missing and the command that gets it")
  func missing() throws {
    try data("prepare", "multi-mnist", "--from", folder.path, "--output", folder.path + "/set.safetensors")
      .expectFailure(
        66, "\(folder.path)/mnist/train-images-idx3-ubyte.gz: no such file or folder",
        help: "run `truce data fetch mnist`, or name the folder that holds mnist/ with --data "
          + "(looked in \(folder.path))")
    #expect(folder.names() == [])
  }

  @Test("refuses files that are cut short or foreign, and writes nothing")
  func badFiles() throws {
    for name in ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte"] {
      try folder.write("mnist/\(name).gz", Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]))
    }
    try folder.write("mnist/t10k-labels-idx1-ubyte", Data("text".utf8))
    let path = "\(folder.path)/mnist/train-images-idx3-ubyte.gz"
    let arguments = ["multi-mnist", "--from", folder.path, "--output", folder.path + "/set.safetensors"]
    try BuiltCommand("truce-engine").run(["data", "prepare"] + arguments).expectFailure(
      65, "\(path): the file is truncated: the gzip data ends before its check sum",
      help: "get the file again; `truce data fetch` replaces it when given --force")
    try folder.write("mnist/train-images-idx3-ubyte.gz", Data("<html>".utf8))
    try BuiltCommand("truce-engine").run(["data", "prepare"] + arguments).expectFailure(
      65, "\(path): not an IDX file: it begins with the bytes 3c 68 74 6d",
      help: "give the original file; `truce data list` names the files and where they are looked for")
    #expect(folder.names() == ["mnist"])
  }

  @Test("refuses an output it cannot write before it computes")
  func unwritable() throws {
    let file = try folder.write("file", Data())
    try data("prepare", "multi-mnist", "--output", file + "/set.safetensors").expectFailure(
      74, "\(file): cannot be written: it is not a folder",
      help: "choose another folder, or free space and permissions there, and run the command again")
    try data("prepare", "multi-mnist", "--output", file).expectFailure(
      64, "\(file): already exists", help: "add --force to replace it, or choose another --output")
    #expect(folder.names() == ["file"])
  }

  // MARK: Real files

  private static let hasMNIST = (try? OriginalCollection.mnist.folder(in: realFolders)) != nil
  private static let noMNIST: Comment = "MNIST is not here: `truce data fetch mnist` gets it"

  /// The usual data folders, and `shared/data` two folders up.
  private static var realFolders: DataFolders {
    let package = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL.path
    let usual = DataFolders.usual(workingFolder: package).paths
    return DataFolders(paths: usual + [package + "/../../shared/data"])
  }

  @Test("prepares a set in one file, found by `list`", .enabled(if: hasMNIST, noMNIST))
  func prepare() throws {
    let from = try OriginalCollection.mnist.folder(in: Self.realFolders)
    let result = try data("prepare", "multi-mnist", "--from", from, "--data", folder.path, "--seed", "3")
    let path = "\(folder.path)/prepared/multi-mnist-seed3.safetensors"
    #expect(result.errors == "" && result.status == 0)
    #expect(result.output == "MultiMNIST: 120000 training and 20000 test examples in \(path)\n")
    #expect(folder.names("prepared") == ["multi-mnist-seed3.safetensors"])
    #expect(try data("list", "--data", folder.path).output.contains(path))
    let splits = try MultiDigit.mnist.load(from: DataFolders(paths: [folder.path]), seed: 3)
    #expect(splits.training.count == 120_000 && splits.test.count == 20_000)
  }

  @Test("leaves nothing behind where the disk is full", .enabled(if: hasMNIST, noMNIST))
  func fullDisk() throws {
    let from = try OriginalCollection.mnist.folder(in: Self.realFolders)
    let engine = try BuiltCommand("truce-engine").location.path
    // A limit on the size of files stands for the full disk: the write fails half-way in the same manner.
    let script = "trap '' XFSZ; ulimit -f 20000; exec \"$@\""
    let output = folder.path + "/set.safetensors"
    try BuiltCommand(at: URL(filePath: "/bin/bash")).run([
      "-c", script, "bash", engine, "data", "prepare", "multi-mnist", "--from", from, "--output", output,
    ]).expectFailure(
      74, "\(output): cannot be written (file too large)",
      help: "check that the folder exists, may be written to, and has space left")
    #expect(folder.names() == [])
  }
}

/// A folder that lives as long as the value.
private final class Scratch {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "truce-" + UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func write(_ name: String, _ bytes: Data) throws -> String {
    let file = URL(filePath: path + "/" + name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try bytes.write(to: file)
    return file.path
  }

  func names(_ folder: String = "") -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path + "/" + folder)) ?? []).sorted()
  }
}

extension BuiltCommand.Result {
  /// Checks that the run failed with this status, an error and a help line, and nothing on standard output.
  fileprivate func expectFailure(
    _ status: Int32, _ error: String, help: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(self.status == status, sourceLocation: sourceLocation)
    #expect(errors == "truce: error: \(error)\n  help: \(help)\n", sourceLocation: sourceLocation)
    #expect(output.isEmpty, sourceLocation: sourceLocation)
  }
}
