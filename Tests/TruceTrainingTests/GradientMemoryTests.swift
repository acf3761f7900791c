import Foundation
import Testing
import Truce
import TruceRun

@testable import TruceTraining

@Suite("How a run holds its task gradients")
struct GradientMemoryTests {
  /// What a short run says and records.
  private func run(
    _ memory: MemoryShare, _ overrides: String...
  ) throws -> (notes: [String], recorded: String?, log: String) {
    let folder = try TemporaryFolder()
    let directory = RunDirectory(folder.url.appending(path: "run"))
    var text = ""
    let settings = [
      "problem=two-units", "method=cagrad", "batch_size=64", "epochs=1", "device=cpu", "threads=1",
    ]
    let run = try TrainingRun(
      configuration: try RunConfiguration(overrides: settings + overrides), catalogues: .truce(),
      directory: directory, memory: memory,
      console: Console(isTerminal: false, log: RunLog(in: directory)) { text += $0 })
    _ = try run.run(.new)
    let notes = text.split(separator: "\n").map(String.init).filter { $0.contains("gradient_memory") }
    return (
      notes, try directory.environment()?.gradientMemory,
      try String(contentsOf: directory.logFile, encoding: .utf8)
    )
  }

  // Two layers of 20 numbers: 1 · 20 + 20 + 20 · 20 + 20 shared parameters.
  private let bytes = 2 * 460 * 4

  @Test("is chosen by the memory there is, said and recorded")
  func choice() throws {
    let tight = try run(MemoryShare(bytes: 4 * bytes - 1))
    #expect(
      tight.notes == [
        "holds the task gradients of one layer at a time (gradient_memory: auto): all of them, "
          + "2 rows of 460 numbers, would take 3.7 kB of the 15 kB there are"
      ])
    #expect(tight.recorded == "stream" && tight.log.contains(tight.notes.joined()))
    let wide = try run(MemoryShare(bytes: 4 * bytes))
    #expect(wide.notes.isEmpty && wide.recorded == "rows")
  }

  @Test("is chosen by a worker's share of it")
  func sharing() throws {
    let shared = try run(MemoryShare(bytes: 4 * bytes, processes: 3))
    #expect(shared.recorded == "stream")
    #expect(shared.notes.first?.hasSuffix("of the 15 kB there are, which 3 workers share") == true)
  }

  @Test("is what the configuration says where it says something")
  func configured() throws {
    let rows = try run(MemoryShare(bytes: 1), "gradient_memory=rows")
    #expect(rows.notes.isEmpty && rows.recorded == "rows")
    let stream = try run(MemoryShare(bytes: 1 << 40), "gradient_memory=stream")
    #expect(stream.recorded == "stream" && stream.notes.count == 1)
    #expect(try run(MemoryShare(bytes: 1), "method=ew").recorded == nil)
  }
}
