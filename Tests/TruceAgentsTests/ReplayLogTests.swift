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
      try loaded(log, ReplayLog.Extent(bytes: 10, rows: 1, sum: 0), capacity: 4)
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
