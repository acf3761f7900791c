import Foundation
import Testing
import TruceRun
import TruceTestSupport

/// The built `truce-engine`, on the real MNIST files.
enum Engine {
  /// The data folder that holds MNIST; nil where this machine has none.
  static let dataFolder: String? = {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    let environment = ProcessInfo.processInfo.environment["TRUCE_DATA"].map { [$0] } ?? []
    let places = [".truce/data", "../shared/data", "../../shared/data"].map { "\(package)/\($0)" }
    return (environment + places).first { folder in
      FileManager.default.fileExists(atPath: folder + "/mnist/train-images-idx3-ubyte.gz")
    }
  }()

  /// Whether commands that read data can be tested.
  static let hasData = dataFolder != nil
  /// What a skipped test says.
  static let noData: Comment = "the MNIST files are in neither .truce/data nor shared/data: run Scripts/setup"

  private static var usualEnvironment: [String: String] {
    ["OMP_NUM_THREADS": "1", "TRUCE_DATA": dataFolder ?? ""]
  }

  /// Runs a command to its end.
  static func run(
    _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:]
  ) throws -> BuiltCommand.Result {
    try BuiltCommand("truce-engine").run(
      arguments, environment: usualEnvironment.merging(environment) { $1 }, in: folder.location)
  }

  /// Runs a command that may write no file of more than some kilobytes, which is how a full disk looks.
  static func run(
    _ arguments: [String], limitedTo kilobytes: Int, in folder: TemporaryFolder
  ) throws -> BuiltCommand.Result {
    let engine = try BuiltCommand("truce-engine").location.path(percentEncoded: false)
    let script = "trap '' XFSZ; ulimit -f \(kilobytes); exec \"$0\" \"$@\""
    return try BuiltCommand(at: URL(filePath: "/bin/bash"))
      .run(["-c", script, engine] + arguments, environment: usualEnvironment, in: folder.location)
  }

  /// Starts a command and sends it a signal as soon as the log of its run has so many steps.
  ///
  /// - Returns: How the process ended.
  static func run(
    _ arguments: [String], in folder: TemporaryFolder, sending signal: Int32, to run: RunDirectory,
    atStep step: Int, afterMicroseconds delay: UInt32 = 0
  ) throws -> (status: Int32, errors: String) {
    let strike = Strike(step: step) { process in
      usleep(delay)
      kill(process, signal)
    }
    return try Self.run(arguments, in: folder, striking: run, [strike])
  }

  /// What is done to a process as soon as the log of its run has so many steps.
  struct Strike {
    let step: Int
    let act: (pid_t) throws -> Void
  }

  /// Starts a command and does what a test does to it, one after the other.
  ///
  /// - Returns: How the process ended.
  static func run(
    _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:],
    striking run: RunDirectory, _ strikes: [Strike]
  ) throws -> (status: Int32, errors: String) {
    let process = Process()
    process.executableURL = try BuiltCommand("truce-engine").location
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(usualEnvironment) { $1 }
      .merging(environment) { $1 }
    process.currentDirectoryURL = folder.location
    let errors = URL(filePath: folder.path("errors"))
    try Data().write(to: errors)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    for strike in strikes {
      while process.isRunning, (try? lastStep(of: run)) ?? 0 < strike.step {
        // A sleeping task would wait for a thread that other tests keep busy, and the run would be over.
        usleep(2000)
      }
      if process.isRunning { try strike.act(process.processIdentifier) }
    }
    process.waitUntilExit()
    return (process.terminationStatus, try String(contentsOf: errors, encoding: .utf8))
  }

  private static func lastStep(of run: RunDirectory) throws -> Int {
    try MetricLog.events(in: run).last?.step ?? 0
  }
}

/// A folder that lives as long as the value.
final class TemporaryFolder: Sendable {
  let location: URL

  init() throws {
    location = FileManager.default.temporaryDirectory.appending(path: "truce-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: location, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: location) }

  /// The path of a file in the folder.
  func path(_ name: String) -> String { location.appending(path: name).path(percentEncoded: false) }

  /// Writes a text file.
  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: location.appending(path: name))
  }

  /// A run's folder in this one.
  func run(_ name: String) -> RunDirectory {
    RunDirectory(location.appending(path: name, directoryHint: .isDirectory))
  }

  /// The names of the files in the folder, hidden ones too.
  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path(""))) ?? []).sorted()
  }
}

extension BuiltCommand.Result {
  /// Checks that the command failed with this status, an error and a help line, and nothing else.
  func expectFailure(
    _ status: TruceRun.ExitStatus, _ error: String, help: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(self.status == status.rawValue, sourceLocation: sourceLocation)
    #expect(errors == "truce: error: \(error)\n  help: \(help)\n", sourceLocation: sourceLocation)
    #expect(output.isEmpty, sourceLocation: sourceLocation)
  }
}

extension RunDirectory {
  /// The tensors of the last checkpoint: weights, optimizer and method.
  func lastTensors() throws -> Data {
    let pointer = try String(contentsOf: checkpoints.appending(path: "last.txt"), encoding: .utf8)
    let name = pointer.trimmingCharacters(in: .newlines)
    return try Data(contentsOf: checkpoints.appending(path: "\(name)/tensors.safetensors"))
  }

  /// What was logged, less what a clock said.
  func eventsWithoutTimes() throws -> [RunEvent] {
    try MetricLog.events(in: self).map { event in
      switch event {
      case .begin: event
      case .step(let progress): .step(progress.withoutTimes)
      case .epoch(let progress): .epoch(progress.withoutTimes)
      case .end(let ending):
        .end(RunEnding(epoch: ending.epoch, step: ending.step, seconds: 0, status: ending.status))
      }
    }
  }
}

extension RunProgress {
  fileprivate var withoutTimes: RunProgress {
    RunProgress(
      epoch: epoch, step: step, seconds: 0, values: values.filter { $0.key != "seconds/step" })
  }
}
