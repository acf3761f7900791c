import Foundation
import Testing
import TruceRun

@testable import TruceTraining

@Suite("Event files for TensorBoard")
struct TensorBoardTests {
  // MARK: Bytes

  @Test(
    "Checksums are those of RFC 3720",
    arguments: [
      (Array("123456789".utf8), 0xE306_9283), ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
      ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43), ([], 0),
    ] as [([UInt8], UInt32)])
  func checksums(bytes: [UInt8], expected: UInt32) {
    #expect(CRC32C.checksum(of: bytes) == expected)
  }

  /// Written by `tensorboard.summary.writer.record_writer.RecordWriter` of tensorboard 2.21.0 from `event_pb2.Event`s
  /// with the wall time 1750000000.25.
  @Test(
    "Records are tensorboard's own to the byte",
    arguments: [
      (0, "version", "1800000000000000a37f4b220900001060b813da411a0d627261696e2e4576656e743a32150f8ae4"),
      (301, "start", "100000000000000095fbfe180900001060b813da4110ad023a0208015909db98"),
      (
        300, "scalars",
        """
        3a000000000000001295eae20900001060b813da4110ac022a2c0a160a0f747261696e2f6c6566742f6c6f737315cdcccc3d0a120a0b7765\
        696768742f6c65667415000000004ca48abd
        """
      ),
    ])
  func records(step: Int, kind: String, expected: String) {
    let content: EventRecord.Content =
      switch kind {
      case "version": .fileVersion
      case "start": .start
      default: .scalars(["weight/left": 0, "train/left/loss": 0.1])
      }
    let record = EventRecord(
      date: Date(timeIntervalSince1970: 1_750_000_000.25), step: step, content: content)
    #expect(record.data.map { String(format: "%02x", $0) }.joined() == expected)
  }

  // MARK: Files

  @Test("Each part of a run has a file behind those before it, even within one second")
  func names() throws {
    let folder = try TemporaryFolder()
    let date = Date(timeIntervalSince1970: 1_750_000_000.9)
    for _ in 1...3 { _ = try EventFile(in: folder.url, from: 0) { date } }
    let seconds = try folder.names.map { $0.split(separator: ".")[3] }
    #expect(seconds == ["1750000000", "1750000001", "1750000002"])
    #expect(try folder.names.allSatisfy { $0.hasPrefix("events.out.tfevents.") })
  }

  @Test("A folder that cannot be written is an error")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "taken")
    try Data().write(to: file)
    #expect(throws: RunError.self) {
      try TensorBoardLog(in: file, from: TrainingPosition(), stepInterval: 1)
    }
  }

  // MARK: Read by TensorBoard

  /// A run that is killed some steps after its checkpoint, and goes on from there.
  private func killedAndResumed(at checkpoint: Int, killedAt kill: Int, in folder: URL) throws -> EventMemory
  {
    var run = TinyRun()
    run.conflictEvery = 4
    let store = CheckpointStore(folder.appending(path: "checkpoints"))
    let seen = EventMemory()
    let killing = InterruptionWatch(isRequested: { seen.steps.count == kill }, beforeEnding: { _ in })
    let log = try TensorBoardLog(in: folder, from: TrainingPosition(), stepInterval: 1)
    let first = try run.makeLoop { learner in
      [
        seen, log, Checkpointing(store: store, of: learner, epochInterval: 100, stepInterval: checkpoint),
        killing,
      ]
    }
    #expect(throws: TrainingInterruption.self) { try first.run() }
    let rest = try run.makeLoop()
    #expect(try rest.restore(from: store))
    #expect(rest.progress.position.step == checkpoint)
    rest.handlers = [try TensorBoardLog(in: folder, from: rest.progress.position, stepInterval: 1)]
    _ = try rest.run()
    let whole = EventMemory()
    _ = try run.makeLoop([whole]).run()
    return whole
  }

  @Test(
    "TensorBoard reads every value of a killed and resumed run once",
    .enabled(
      if: TensorBoard.isThere, "needs the tensorboard package that `Scripts/install-test-tools` installs"),
    arguments: [(4, 5), (5, 9), (6, 7), (9, 17)])
  func readBack(checkpoint: Int, kill: Int) throws {
    let folder = try TemporaryFolder()
    let whole = try killedAndResumed(at: checkpoint, killedAt: kill, in: folder.url)
    let steps = try TensorBoard.scalars(in: folder.url.appending(path: "steps"))
    for (tag, points) in steps { #expect(points.map(\.step) == points.map(\.step).sorted(), "\(tag)") }
    for step in whole.steps {
      for (tag, value) in step.event.finiteValues where tag != "seconds/step" {
        let found = (steps[tag] ?? []).filter { $0.step == step.position.step }.map(\.value)
        #expect(found == [Double(Float(value))], "\(tag) at step \(step.position.step)")
      }
    }
    let epochs = try TensorBoard.scalars(in: folder.url.appending(path: "epochs"))
    for (index, values) in whole.epochs.enumerated() {
      for (tag, value) in values where value.isFinite {
        let found = (epochs[tag] ?? []).filter { $0.step == 6 * (index + 1) }.map(\.value)
        #expect(found == [Double(Float(value))], "\(tag) after epoch \(index + 1)")
      }
    }
    #expect(epochs.values.allSatisfy { $0.count == 3 })
  }
}

/// The real TensorBoard, in the environment that the test tools' script makes.
enum TensorBoard {
  struct Point: Decodable {
    let step: Int
    let value: Double
  }

  private static let python: URL = {
    let root = (0..<3).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
    return root.appending(path: ".truce/test-venv/bin/python")
  }()

  static var isThere: Bool {
    let packages = python.deletingLastPathComponent().appending(path: "tensorboard")
    return [python, packages].allSatisfy { FileManager.default.isExecutableFile(atPath: $0.path) }
  }

  private static let reader = """
    import json, sys
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    events = EventAccumulator(sys.argv[1], size_guidance={"tensors": 0, "scalars": 0})
    events.Reload()
    print(json.dumps({
        tag: [{"step": e.step, "value": e.value} for e in events.Scalars(tag)]
        for tag in events.Tags()["scalars"]}))
    """

  /// The scalars of a folder of event files, by tag.
  static func scalars(in folder: URL) throws -> [String: [Point]] {
    let process = Process()
    process.executableURL = python
    process.arguments = ["-c", reader, folder.path]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try JSONDecoder().decode([String: [Point]].self, from: data)
  }
}
