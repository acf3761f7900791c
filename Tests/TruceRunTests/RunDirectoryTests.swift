import Foundation
import Testing
import TruceRun

@Suite("Run directory")
struct RunDirectoryTests {
  let folder: TemporaryFolder
  let directory: RunDirectory
  static let summary = RunSummary(status: .finished, epochs: 3, steps: 30, seconds: 1.5)

  init() throws {
    folder = try TemporaryFolder()
    directory = RunDirectory(folder.url.appending(path: "runs/a"))
  }

  @Test func filesReadBack() throws {
    let configuration = RunConfiguration(problem: "multi-mnist", method: "ew")
    let environment = RunEnvironment(
      device: "cpu", threads: 2, libtorchVersion: nil, repository: nil,
      startedAt: Date(timeIntervalSince1970: 1_700_000_000))
    var summary = Self.summary
    summary.values = ["train/left/loss": .nan, "train/right/loss": .infinity, "conflict/share": 0.25]
    try directory.open(.new)
    try directory.write(configuration)
    try directory.write(environment)
    try directory.write(summary)
    #expect(try directory.configuration() == configuration)
    #expect(try directory.environment() == environment)
    let read = try #require(try directory.summary())
    #expect(read.values["train/left/loss"]?.isNaN == true)
    #expect(read.values["train/right/loss"] == .infinity)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: directory.url.path).sorted() == [
        "checkpoints", "config.yaml", "environment.json", "summary.json",
      ])
  }

  @Test func predictionsReadBackAlsoFromBeforeThereWereMaps() throws {
    try directory.open(.new)
    let legend = MapLegend(
      entries: [.init(color: "#000000", name: "none")],
      scale: .init(quantity: "depth in metres", colors: ["#ffffff", "#002680"], low: 0.5, high: 4))
    let record = PredictionRecord(
      samples: [
        .init(
          picture: "p", answers: ["left": .init(label: nil, prediction: "3")],
          maps: ["depth": .init(label: "t", prediction: "d")])
      ], legends: ["depth": legend], omissions: ["age": "it has nothing to show"])
    try directory.write(record)
    #expect(try directory.predictions() == record)
    let old = """
      {"samples": [{"answers": {"left": {"label": "3", "prediction": "5"}, "right": {"prediction": "1"}}, "picture": "p"}]}
      """
    try Data(old.utf8).write(to: directory.predictionsFile)
    #expect(
      try directory.predictions()
        == PredictionRecord(samples: [
          .init(
            picture: "p",
            answers: [
              "left": .init(label: "3", prediction: "5"), "right": .init(label: nil, prediction: "1"),
            ])
        ]))
  }

  @Test func refusesToOverwrite() throws {
    try directory.open(.new)
    try directory.open(.new)
    _ = try MetricLog(in: directory)
    let begun = #expect(throws: RunError.self) { try directory.open(.new) }
    #expect(begun == .exists(path: directory.url.relativePath, isFinished: false))
    try directory.write(Self.summary)
    let finished = #expect(throws: RunError.self) { try directory.open(.new) }
    #expect(finished?.description == "\(directory.url.relativePath): holds a finished run")
    #expect(finished?.help == "choose another folder, or give --force to throw the old run away")
    #expect(finished?.exitStatus == .usage)
    try directory.open(.resume)
    #expect(directory.isFinished)
  }

  @Test func forceRemovesTheRunAndNothingElse() throws {
    try directory.open(.new)
    try directory.write(Self.summary)
    try Data("mine".utf8).write(to: directory.url.appending(path: "notes.txt"))
    try directory.open(.force)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: directory.url.path).sorted() == [
        "checkpoints", "notes.txt",
      ])
  }

  @Test func unwritableFolderIsNamed() throws {
    let file = try folder.file("taken", "")
    let inside = RunDirectory(file.appending(path: "run"))
    let error = #expect(throws: RunError.self) { try inside.open(.new) }
    #expect(error?.description == "\(inside.url.relativePath): cannot be written: not a directory")
    #expect(error?.exitStatus == .inputOutput)
    let write = #expect(throws: RunError.self) { try inside.write(Self.summary) }
    #expect(write?.description.hasSuffix("summary.json: cannot be written: not a directory") == true)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"))
  func fullDiskIsNamed() throws {
    try directory.open(.new)
    try FileManager.default.createSymbolicLink(
      at: directory.metricsFile, withDestinationURL: URL(filePath: "/dev/full"))
    let log = try MetricLog(in: directory)
    let event = RunEvent.step(RunProgress(epoch: 0, step: 1, seconds: 1, values: [:]))
    let error = #expect(throws: RunError.self) { try log.append(event) }
    #expect(error == .diskFull(path: directory.metricsFile.relativePath))
    #expect(error?.exitStatus == .inputOutput)
  }

  @Test func damagedFileIsNamed() throws {
    try directory.open(.new)
    try Data("{".utf8).write(to: directory.summaryFile)
    let error = #expect(throws: RunError.self) { try directory.summary() }
    #expect(
      error?.description
        == "\(directory.summaryFile.relativePath): not a RunSummary as Truce writes it")
    #expect(error?.exitStatus == .badData)
  }

  @Test func onlyOneClaimAtATime() throws {
    var claim: RunClaim? = try directory.claim()
    let error = #expect(throws: RunError.self) { try directory.claim() }
    #expect(
      error?.description
        == "\(directory.url.relativePath): in use by process \(ProcessInfo.processInfo.processIdentifier)")
    withExtendedLifetime(claim) {}
    claim = nil
    _ = try directory.claim()
  }
}

@Suite("Metric log")
struct MetricLogTests {
  let folder: TemporaryFolder
  let directory: RunDirectory
  static let begin = RunEvent.begin(
    RunBeginning(
      tasks: [
        TaskRecord(name: "left", metrics: [MetricRecord(name: "accuracy", higherIsBetter: true)])
      ], sharedParameters: 10, totalParameters: 12, stepsPerEpoch: 2, epochs: 2))

  init() throws {
    folder = try TemporaryFolder()
    directory = RunDirectory(folder.url)
  }

  private func step(_ step: Int) -> RunEvent {
    .step(
      RunProgress(epoch: step / 2, step: step, seconds: Double(step), values: ["train/left/loss": 0.5]))
  }

  private func epoch(_ epoch: Int, _ accuracy: Double) -> RunEvent {
    .epoch(
      RunProgress(
        epoch: epoch, step: 2 * epoch, seconds: 2, values: ["test/left/accuracy": accuracy]))
  }

  @Test func linesAreAsDocumented() throws {
    try MetricLog(in: directory).append(step(1))
    #expect(
      try String(contentsOf: directory.metricsFile, encoding: .utf8) == """
        {"epoch":0,"event":"step","seconds":1,"step":1,"values":{"train/left/loss":0.5}}

        """)
  }

  @Test func resumingDropsWhatHappensAgain() throws {
    let log = try MetricLog(in: directory)
    let end = RunEvent.end(RunEnding(epoch: 1, step: 3, seconds: 3, status: .interrupted))
    for event in [Self.begin, step(1), step(2), epoch(1, 0.8), step(3), end] { try log.append(event) }
    let resumed = try MetricLog(in: directory, resumingAt: 2)
    try resumed.append(step(3))
    #expect(
      try MetricLog.events(in: directory) == [Self.begin, step(1), step(2), epoch(1, 0.8), step(3)])
  }

  @Test func tornLastLineIsPassedOver() throws {
    let log = try MetricLog(in: directory)
    try log.append(Self.begin)
    let text = try String(contentsOf: directory.metricsFile, encoding: .utf8)
    try Data((text + #"{"event":"st"#).utf8).write(to: directory.metricsFile)
    #expect(try MetricLog.events(in: directory) == [Self.begin])
    try MetricLog(in: directory, resumingAt: 0).append(step(1))
    #expect(try MetricLog.events(in: directory) == [Self.begin, step(1)])
  }

  @Test func damagedLineIsNamed() throws {
    try Data("nonsense\n".utf8).write(to: directory.metricsFile)
    let error = #expect(throws: RunError.self) { try MetricLog.events(in: directory) }
    #expect(error?.description == "\(directory.metricsFile.relativePath):1: not an event of a run")
  }

  @Test func recordHoldsTheCurves() throws {
    try directory.write(RunConfiguration(problem: "multi-mnist", method: "ew"))
    let log = try MetricLog(in: directory)
    for event in [Self.begin, step(1), step(2), epoch(1, 0.8), epoch(2, 0.9)] { try log.append(event) }
    let record = try RunRecord(directory)
    #expect(record.stepCurves["train/left/loss"]?.map(\.step) == [1, 2])
    #expect(record.epochCurves["test/left/accuracy"]?.map(\.value) == [0.8, 0.9])
    #expect(record.metrics(split: "test").map(\.value) == [0.9])
    #expect(record.metrics(split: "test", atEpoch: 1).map(\.value) == [0.8])
    #expect(record.summary == nil)
  }
}
