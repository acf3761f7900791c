import Foundation
import TruceTestSupport

/// A study file in a temporary folder, and the stand-in for the engine that the runner's own tests use.
final class StudyBench {
  let folder: TemporaryFolder
  let file: String
  let output: String
  let ledger: String
  /// Further variables of the environment.
  var further: [String: String] = [:]

  static let worker = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "TruceStudyTests/Fixtures/worker.py").path

  /// Whether the stand-in can run.
  static var hasPython: Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/python3")
    }
  }

  init(_ options: String = "", learningRates: [Double] = [0.1, 0.2], seeds: [Int] = [0]) throws {
    folder = try TemporaryFolder()
    file = try folder.file(
      "bench.yaml",
      """
      name: bench
      question: Does it hold?
      problem: nothing
      problem_options: {\(options)}
      epochs: 2
      methods: [ew]
      learning_rates: \(learningRates)
      seeds: \(seeds)
      """)
    output = folder.path("runs")
    ledger = folder.path("ledger")
  }

  var environment: [String: String] { further.merging(["WORKER_LEDGER": ledger]) { $1 } }

  /// Runs `truce study …` to its end.
  func study(_ arguments: String...) throws -> BuiltCommand.Result { try study(arguments) }

  /// Runs `truce study …` to its end.
  func study(_ arguments: [String]) throws -> BuiltCommand.Result {
    try BuiltCommand("truce").run(["study"] + arguments, environment: environment, in: folder.location)
  }

  /// Starts `truce study …` and returns at once.
  func start(_ arguments: String...) throws -> Process {
    let process = Process()
    process.executableURL = try BuiltCommand("truce").location
    process.arguments = ["study"] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// The lines of the ledger that begin with a word.
  func notes(_ word: String) -> [Substring] {
    let text = (try? String(contentsOfFile: ledger, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").filter { $0.split(separator: " ").first == word[...] }
  }

  /// The processes of the workers that have ever run.
  var workers: [Int32] {
    let files = FileManager.default.enumerator(atPath: output)?.compactMap { $0 as? String } ?? []
    return files.filter { $0.hasSuffix("/pid") }.compactMap {
      (try? String(contentsOfFile: "\(output)/\($0)", encoding: .utf8)).flatMap { Int32($0) }
    }
  }
}
