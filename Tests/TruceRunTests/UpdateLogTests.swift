import Foundation
import Testing
import TruceRun

@Suite("Record of updates")
struct UpdateLogTests {
  private let layout = UpdateLayout(
    parts: [.init(task: nil, count: 2), .init(task: "left", count: 1)], interval: 5)

  private func directory(_ folder: TemporaryFolder) -> RunDirectory { RunDirectory(folder.url) }

  @Test("is read back to the bit")
  func reading() throws {
    let folder = try TemporaryFolder()
    let log = try UpdateLog(in: directory(folder), layout: layout)
    try log.append([1, -2, 1e-300])
    try log.append([0.1, .infinity, -0.0])
    let record = try #require(try UpdateRecord(of: directory(folder)))
    #expect(record.layout == layout && record.count == 2)
    #expect((record.step(ofRow: 0), record.step(ofRow: 1)) == (5, 10))
    #expect(record.update(ofPart: 0, row: 0) == [1, -2])
    #expect(record.update(ofPart: 1, row: 0) == [1e-300])
    #expect(record.update(ofPart: 0, row: 1) == [0.1, .infinity])
    #expect(record.update(ofPart: 1, row: 1).map(\.sign) == [.minus])
  }

  @Test("loses what lies beyond the checkpoint, and a torn row")
  func resuming() throws {
    let folder = try TemporaryFolder()
    do {
      let log = try UpdateLog(in: directory(folder), layout: layout)
      for value in 1...3 { try log.append([Double(value), 0, 0]) }
    }
    let file = directory(folder).updatesFile
    let bytes = try Data(contentsOf: file)
    try (bytes + [1, 2, 3]).write(to: file)
    #expect(try UpdateRecord(of: directory(folder))?.count == 3)
    let log = try UpdateLog(in: directory(folder), layout: layout, resumingAt: 12)
    try log.append([9, 9, 9])
    let record = try #require(try UpdateRecord(of: directory(folder)))
    #expect((0..<record.count).map { record.update(ofPart: 0, row: $0)[0] } == [1, 2, 9])
  }

  @Test("is refused where it ends before the checkpoint, however far that is", arguments: [20, Int.max])
  func shortRecord(step: Int) throws {
    let folder = try TemporaryFolder()
    try UpdateLog(in: directory(folder), layout: layout).append([1, 2, 3])
    let error = #expect(throws: RunError.self) {
      try UpdateLog(in: directory(folder), layout: layout, resumingAt: step)
    }
    #expect(error?.description.hasSuffix("updates.bin: it ends before the checkpoint") == true)
  }

  @Test("is nil where there is none, and refused where it is something else")
  func damage() throws {
    let folder = try TemporaryFolder()
    #expect(try UpdateRecord(of: directory(folder)) == nil)
    _ = try folder.file("updates.bin", "nothing of the kind\n")
    #expect(throws: RunError.self) { try UpdateRecord(of: directory(folder)) }
    let error = #expect(throws: RunError.self) {
      try UpdateLog(in: directory(folder), layout: layout, resumingAt: 5)
    }
    #expect(error?.description.hasSuffix("updates.bin:1: not a record of this network's updates") == true)
  }
}
