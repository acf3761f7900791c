import Foundation
import Testing
import Truce
import TruceRun

@testable import TruceAgents

@Suite("The file of a replay")
struct ReplayLogTests {
  private let folder: TemporaryFolder
  private static let shape = ReplayMemory.Shape(taskCount: 2, observationSize: 3, actionSize: 1)

  init() throws { folder = try TemporaryFolder() }

  /// Adds rows of numbers that tell which row it is.
  private func add(_ count: Int, to memory: ReplayMemory) {
    for _ in 0..<count {
      let row = Float(memory.rowCount)
      memory.begin([row, 1, 2, row, 3, 4])
      memory.complete(actions: [row, -row], rewards: [0.5, row], marks: [.transition, .terminal])
    }
  }

  private func rows(_ memory: ReplayMemory) -> [UInt8] {
    memory.bytes(of: memory.rows.lowerBound..<(memory.rowCount - 1))
  }

  /// What a checkpoint of this extent gives back, in a memory of that size.
  private func loaded(_ log: ReplayLog, _ extent: ReplayLog.Extent, capacity: Int) throws -> ReplayMemory {
    let memory = ReplayMemory(Self.shape, capacity: capacity)
    try log.load(extent, into: memory)
    return memory
  }

  private func size(_ log: ReplayLog) throws -> Int {
    try #require(try FileManager.default.attributesOfItem(atPath: log.file.path)[.size] as? Int)
  }

  @Test("gives back the rows that the ring still holds", arguments: [2, 7, 20, 1000])
  func rounds(capacity: Int) throws {
    let memory = ReplayMemory(Self.shape, capacity: capacity)
    var log = ReplayLog(in: folder.url)
    for count in [1, 5, 3, 12, 1, 30] {
      add(count, to: memory)
      try log.save(memory)
      let again = try loaded(log, log.extent, capacity: capacity)
      #expect(again.rowCount == memory.rowCount - 1)
      let kept = again.rows
      #expect(kept.lowerBound == max(0, memory.rowCount - capacity))
      #expect(again.bytes(of: kept) == rows(memory))
      again.begin([Float](repeating: 0, count: 6))
      #expect(again.transitionCounts[0] == memory.transitionCounts[0] - 1)
    }
  }

  @Test("is appended to: a save writes what is new, and nothing where nothing is")
  func appending() throws {
    let memory = ReplayMemory(Self.shape, capacity: 50)
    var log = ReplayLog(in: folder.url)
    add(10, to: memory)
    try log.save(memory)
    let (first, before) = (try size(log), try Data(contentsOf: log.file))
    try log.save(memory)
    #expect(try size(log) == first)
    add(4, to: memory)
    try log.save(memory)
    #expect(try size(log) == first + 20 + 4 * Self.shape.rowBytes)
    #expect(try Data(contentsOf: log.file).prefix(first) == before)
  }

  @Test("goes on from an earlier checkpoint, and cuts off what lay beyond it")
  func goingBack() throws {
    let memory = ReplayMemory(Self.shape, capacity: 50)
    var log = ReplayLog(in: folder.url)
    add(10, to: memory)
    try log.save(memory)
    let extent = log.extent
    add(20, to: memory)
    try log.save(memory)
    let longer = try size(log)

    let other = try loaded(log, extent, capacity: 50)
    let unchanged = try size(log)
    #expect(other.rowCount == 9 && unchanged == longer)
    var resumed = ReplayLog(in: folder.url)
    resumed.resume(at: extent)
    add(3, to: other)
    try resumed.save(other)
    #expect(try size(resumed) < longer)
    #expect(try loaded(resumed, resumed.extent, capacity: 50).rowCount == 11)
    #expect(try loaded(resumed, extent, capacity: 50).rowCount == 9)
    let lost = #expect(throws: RunError.self) { try loaded(resumed, log.extent, capacity: 50) }
    #expect(lost?.exitStatus == .badData)
  }

  @Test("begins anew with a new run")
  func newRun() throws {
    let memory = ReplayMemory(Self.shape, capacity: 50)
    var log = ReplayLog(in: folder.url)
    add(30, to: memory)
    try log.save(memory)
    let young = ReplayMemory(Self.shape, capacity: 50)
    var fresh = ReplayLog(in: folder.url)
    add(2, to: young)
    try fresh.save(young)
    #expect(try size(fresh) == 24 + 20 + Self.shape.rowBytes)
  }

  @Test("survives rows that were overwritten before they were saved")
  func gaps() throws {
    let memory = ReplayMemory(Self.shape, capacity: 8)
    var log = ReplayLog(in: folder.url)
    for count in [5, 40, 3] {
      add(count, to: memory)
      try log.save(memory)
    }
    let again = try loaded(log, log.extent, capacity: 8)
    #expect(again.bytes(of: again.rows) == rows(memory))
  }

  // MARK: Files

  /// All bytes of the log, and its files.
  private func files() throws -> [String: Int] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    return try names.reduce(into: [:]) { sizes, name in
      let path = folder.url.appending(path: name).path
      sizes[name] = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    }
  }

  @Test("stays about as large as the memory, however long the run, and every checkpoint there is can be read")
  func bound() throws {
    let capacity = 40
    let memory = ReplayMemory(Self.shape, capacity: capacity)
    var log = ReplayLog(in: folder.url)
    var (extents, images): ([ReplayLog.Extent], [[UInt8]]) = ([], [])
    var largest = 0
    for count in 0..<200 {
      add(1 + count % 7, to: memory)
      try log.save(memory)
      extents.append(log.extent)
      images.append(rows(memory))
      // The last checkpoint, the one before, and a best one that stays for long.
      let kept = [count / 50 * 50, max(count - 1, 0), count]
      log.removeFiles { kept.map { extents[$0] } }
      largest = max(largest, try files().values.reduce(0, +))
      for place in kept {
        let again = try loaded(log, extents[place], capacity: capacity)
        #expect(again.bytes(of: again.rows) == images[place])
      }
    }
    // A memory and a full file and a block for the best, and for the others.
    let most = 2 * (capacity + capacity / 4 + 2 * 7) * (Self.shape.rowBytes + 20)
    #expect(largest < most && memory.rowCount > 18 * capacity)
    log.removeFiles { [log.extent] }
    #expect(try files().keys.sorted() == log.extent.segments.map(\.name).sorted())
  }

  @Test("begins a file where one has a quarter of the memory's rows, and names it by its first row")
  func segments() throws {
    let memory = ReplayMemory(Self.shape, capacity: 40)
    var log = ReplayLog(in: folder.url)
    for _ in 0..<4 {
      add(6, to: memory)
      try log.save(memory)
    }
    #expect(log.extent.segments.map(\.name) == ["replay.bin", "replay-11.bin"])
    #expect(log.extent.segments.map(\.rows) == [11, 23])
    #expect(try Set(files().keys) == ["replay.bin", "replay-11.bin"])
  }

  @Test("keeps all files where a checkpoint cannot be read, and asks for none where there is no other file")
  func unreadable() throws {
    struct Unreadable: Error {}
    let memory = ReplayMemory(Self.shape, capacity: 8)
    var log = ReplayLog(in: folder.url)
    add(2, to: memory)
    try log.save(memory)
    try log.removeFiles { throw Unreadable() }
    for _ in 0..<5 {
      add(4, to: memory)
      try log.save(memory)
    }
    let before = try files()
    #expect(before.count > log.extent.segments.count)
    #expect(throws: Unreadable.self) { try log.removeFiles { throw Unreadable() } }
    #expect(try files() == before)
  }

  @Test("is cleared of what a killed process or another run left behind, and of nothing else")
  func remains() throws {
    let memory = ReplayMemory(Self.shape, capacity: 8)
    var log = ReplayLog(in: folder.url)
    for name in ["replay-77.bin", "notes.txt"] {
      try Data("x".utf8).write(to: folder.url.appending(path: name))
    }
    add(2, to: memory)
    try log.save(memory)
    log.removeFiles { [] }
    #expect(try Set(files().keys) == ["replay.bin", "notes.txt"])
  }

  @Test("goes back over the beginning of a file to an earlier checkpoint")
  func goingBackOverFiles() throws {
    let memory = ReplayMemory(Self.shape, capacity: 20)
    var log = ReplayLog(in: folder.url)
    add(4, to: memory)
    try log.save(memory)
    let extent = log.extent
    for _ in 0..<3 {
      add(5, to: memory)
      try log.save(memory)
    }
    let other = try loaded(log, extent, capacity: 20)
    var resumed = ReplayLog(in: folder.url)
    resumed.resume(at: extent)
    for _ in 0..<6 {
      add(5, to: other)
      try resumed.save(other)
    }
    resumed.removeFiles { [] }
    let again = try loaded(resumed, resumed.extent, capacity: 20)
    #expect(again.bytes(of: again.rows) == rows(other))
    #expect(try files().count == resumed.extent.segments.count)
  }

  @Test("of a run that kept it in one file is read, and gone on with")
  func singleFile() throws {
    let memory = ReplayMemory(Self.shape, capacity: 400)
    var log = ReplayLog(in: folder.url)
    add(30, to: memory)
    try log.save(memory)
    let segment = try #require(log.extent.segments.first)
    let old = #"{"bytes":\#(segment.bytes),"rows":\#(segment.rows),"sum":\#(segment.sum)}"#
    let extent = try JSONDecoder().decode(ReplayLog.Extent.self, from: Data(old.utf8))
    #expect(extent == log.extent)
    let again = try JSONDecoder().decode(ReplayLog.Extent.self, from: JSONEncoder().encode(extent))
    #expect(again == extent)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(ReplayLog.Extent.self, from: Data("{}".utf8))
    }
  }

  // MARK: Damage

  /// A file of two saves, and the error that a change of its bytes leads to.
  private func error(_ change: (inout Data) -> Void) throws -> String? {
    let memory = ReplayMemory(Self.shape, capacity: 50)
    var log = ReplayLog(in: folder.url)
    for count in [6, 6] {
      add(count, to: memory)
      try log.save(memory)
    }
    var data = try Data(contentsOf: log.file)
    change(&data)
    try data.write(to: log.file)
    let error = #expect(throws: RunError.self) { try loaded(log, log.extent, capacity: 50) }
    return error?.description.replacing(log.file.relativePath + ": ", with: "")
  }

  @Test("that was cut short is named, with the place")
  func cutShort() throws {
    #expect(try error { $0.removeLast() } == "ends at byte 525, before what the checkpoint needs")
  }

  @Test("whose rows were changed is named")
  func changedRow() throws {
    #expect(
      try error { $0[60] ^= 4 } == "is not as it was written: rows 0 and on have another checksum")
  }

  @Test("whose blocks were changed is named")
  func changedBlock() throws {
    #expect(
      try error { $0[26] ^= 1 }
        == "is not as it was written: the block at byte 24 has another checksum")
  }

  @Test("of other tasks is named")
  func otherTasks() throws {
    #expect(
      try error { $0[12] = 3 } == "is not the replay of a run with these tasks, observations and actions")
  }

  @Test("that is not there is named")
  func missing() throws {
    let log = ReplayLog(in: folder.url)
    let error = #expect(throws: RunError.self) {
      try loaded(log, ReplayLog.Extent(segments: [.init(bytes: 10, rows: 1)]), capacity: 4)
    }
    #expect(error == .missing(path: log.file.relativePath, what: "replay"))
  }

  @Test(
    "on a full disk is named, and written once there is room",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"))
  func fullDisk() throws {
    let memory = ReplayMemory(Self.shape, capacity: 50)
    var log = ReplayLog(in: folder.url)
    add(5, to: memory)
    try FileManager.default.createSymbolicLink(at: log.file, withDestinationURL: URL(filePath: "/dev/full"))
    let error = #expect(throws: RunError.self) { try log.save(memory) }
    #expect(error == .diskFull(path: log.file.relativePath))
    #expect(error?.help == "free some space, then continue with --resume")
    try FileManager.default.removeItem(at: log.file)
    try log.save(memory)
    #expect(try loaded(log, log.extent, capacity: 50).rowCount == 4)
  }
}
