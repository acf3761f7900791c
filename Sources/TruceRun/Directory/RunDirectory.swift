public import Foundation
import TruceFiles

/// The folder of one run: what was asked for, where it ran, what happened and how it ended.
///
///     config.yaml  environment.json  metrics.jsonl  checkpoints/  log.txt  summary.json
///
/// Every file is written before or as things happen, and replaced as a whole, so a killed run leaves
/// nothing half-written and can be resumed.
public struct RunDirectory: Sendable, Equatable {
  /// The folder.
  public let url: URL

  /// Names a folder; nothing is created.
  public init(_ url: URL) {
    self.url = url
  }

  /// The resolved configuration.
  public var configurationFile: URL { url.appending(path: "config.yaml") }
  /// Versions, device and host.
  public var environmentFile: URL { url.appending(path: "environment.json") }
  /// What happened, one JSON object a line.
  public var metricsFile: URL { url.appending(path: "metrics.jsonl") }
  /// The folder of checkpoints.
  public var checkpoints: URL { url.appending(path: "checkpoints", directoryHint: .isDirectory) }
  /// What the run printed.
  public var logFile: URL { url.appending(path: "log.txt") }
  /// How the parameters moved, where that is recorded.
  public var updatesFile: URL { url.appending(path: "updates.bin") }
  /// What the trained network says about a few samples, where that can be put into words.
  public var predictionsFile: URL { url.appending(path: "predictions.json") }
  /// How the data became numbers, where a problem says so: `encoding.json`.
  public var encodingFile: URL { url.appending(path: "encoding.json") }
  /// The environments of an agent, with their goals and versions: `environments.json`.
  public var environmentsFile: URL { url.appending(path: "environments.json") }
  /// The folder in which an agent keeps what it has met.
  public var experience: URL { url.appending(path: "experience", directoryHint: .isDirectory) }
  /// How the run ended.
  public var summaryFile: URL { url.appending(path: "summary.json") }

  /// The folder of event files for TensorBoard, where the run was asked for them.
  public var tensorBoard: URL { url.appending(path: "tensorboard", directoryHint: .isDirectory) }

  /// The tries of a study's runner at the run, one JSON object a line.
  public var attemptsFile: URL { url.appending(path: "attempts.jsonl") }
  /// What the workers of a study's runner printed.
  public var workerLog: URL { url.appending(path: "worker.log") }

  private var lockFile: URL { url.appending(path: ".lock") }
}

// MARK: Opening

extension RunDirectory {
  /// How to treat what is already in the folder.
  public enum Opening: Sendable {
    /// Refuse a folder in which a run has begun.
    case new
    /// Continue the run in the folder, or start it where none has begun.
    case resume
    /// Throw the run in the folder away.
    case force
  }

  /// Creates the folder, or checks it and clears it as asked.
  ///
  /// Only the files of a run are ever removed.
  ///
  /// - Throws: What ``check(_:)`` throws, ``RunError/unwritable(path:reason:)`` or ``RunError/diskFull(path:)``.
  public func open(_ opening: Opening) throws(RunError) {
    try check(opening)
    if case .force = opening { try removeRun() }
    WholeFile.removeRemains(in: url.path)
    WholeFile.removeRemains(in: checkpoints.path)
    try DurableFile.createFolder(url)
    try DurableFile.createFolder(checkpoints)
  }

  /// Throws where the folder could not be opened this way; nothing is changed.
  ///
  /// - Throws: ``RunError/exists(path:isFinished:)`` where a run is in the way,
  ///   ``RunError/occupied(path:example:)`` where the folder holds something else.
  public func check(_ opening: Opening) throws(RunError) {
    switch opening {
    case .force: return
    case .new where hasBegun: throw .exists(path: url.relativePath, isFinished: isFinished)
    case .resume where hasBegun: return
    case .new, .resume:
      guard let example = foreignFile else { return }
      throw .occupied(path: url.relativePath, example: example)
    }
  }

  /// The name of a file in the folder that no run leaves there; nil where there is none.
  private var foreignFile: String? {
    let own = Set(runFiles.map(\.lastPathComponent) + [configurationFile.lastPathComponent])
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return names.sorted().first {
      !own.contains($0) && !WholeFile.isRemain($0) && $0 != lockFile.lastPathComponent
    }
  }

  /// Whether a run has begun here: there is a record, an end or a checkpoint of one.
  public var hasBegun: Bool {
    let files = FileManager.default
    if [metricsFile, summaryFile].contains(where: { files.fileExists(atPath: $0.path) }) { return true }
    return ((try? files.contentsOfDirectory(atPath: checkpoints.path)) ?? []).contains { !$0.hasPrefix(".") }
  }

  /// Whether a run has ended here for good: finished, or diverged beyond repair.
  public var isFinished: Bool {
    guard let summary = try? summary() else { return false }
    return summary.status == .finished || summary.status == .diverged
  }

  /// All that a run leaves but its configuration.
  private var runFiles: [URL] {
    [
      summaryFile, metricsFile, updatesFile, predictionsFile, checkpoints, environmentFile, logFile,
      tensorBoard, attemptsFile, workerLog, encodingFile, environmentsFile, experience,
    ]
  }

  private func removeRun() throws(RunError) {
    for file in runFiles where ![attemptsFile, workerLog].contains(file) {
      guard FileManager.default.fileExists(atPath: file.path) else { continue }
      do { try FileManager.default.removeItem(at: file) } catch {
        throw .unwritable(path: file.relativePath, reason: "the old run cannot be removed")
      }
    }
  }

  /// Whether some process holds a claim on the folder.
  public var isClaimed: Bool { DurableFile.isLocked(lockFile) }

  /// Removes how an earlier attempt ended, before the next one begins.
  ///
  /// - Throws: ``RunError/unwritable(path:reason:)``.
  package func discardSummary() throws(RunError) {
    guard FileManager.default.fileExists(atPath: summaryFile.path) else { return }
    do { try FileManager.default.removeItem(at: summaryFile) } catch {
      throw .unwritable(path: summaryFile.relativePath, reason: "it cannot be removed")
    }
  }

  /// Claims the folder for this process until the claim is released or the process ends, however it ends.
  ///
  /// A worker shares the claim of the runner that started it.
  ///
  /// - Throws: ``RunError/busy(path:owner:)`` where another process holds it.
  public func claim() throws(RunError) -> RunClaim {
    try DurableFile.createFolder(url)
    if let inherited = DurableFile(inheriting: lockFile), inherited.lock() {
      return RunClaim(file: inherited)
    }
    let file = try DurableFile(appendingTo: lockFile)
    guard file.lock() else {
      let owner = (try? String(contentsOf: lockFile, encoding: .utf8)) ?? ""
      throw .busy(path: url.relativePath, owner: owner.isEmpty ? "another process" : owner)
    }
    try file.truncate(to: 0)
    try file.append(Data("process \(ProcessInfo.processInfo.processIdentifier)".utf8))
    return RunClaim(file: file)
  }
}

/// The right to work in a run's folder; it ends with the value or the process.
///
/// A worker that is given `handle` as its standard input shares the claim: it lasts until both have ended,
/// so no second worker starts while the first outlives a killed runner.
public final class RunClaim: Sendable {
  private let file: DurableFile

  init(file: DurableFile) {
    self.file = file
  }

  /// The locked file.
  package var handle: FileHandle { file.handle }

  /// Gives the claim up before the value ends.
  package func release() { file.unlock() }
}

// MARK: Files

extension RunDirectory {
  /// Saves what the run was asked to do.
  public func write(_ configuration: RunConfiguration) throws(RunError) {
    try AtomicFile.write(configuration.resolvedYAML, to: configurationFile)
  }

  /// Saves where the run takes place.
  public func write(_ environment: RunEnvironment) throws(RunError) {
    try AtomicFile.write(RecordCoding.file(environment), to: environmentFile)
  }

  /// Saves how the data became numbers: what whoever uses the network later must do to theirs.
  public func write(encoding: some Encodable) throws(RunError) {
    try AtomicFile.write(RecordCoding.file(encoding), to: encodingFile)
  }

  /// Saves the environments in which an agent acts.
  public func write(environments: some Encodable) throws(RunError) {
    try AtomicFile.write(RecordCoding.file(environments), to: environmentsFile)
  }

  /// Saves how the run ended.
  public func write(_ summary: RunSummary) throws(RunError) {
    try AtomicFile.write(RecordCoding.file(summary), to: summaryFile)
  }

  /// Reads what the run was asked to do.
  public func configuration() throws(RunError) -> RunConfiguration {
    try RunConfiguration(contentsOf: configurationFile)
  }

  /// Reads the environments in which the run's agent acts; nil where there are none.
  public func environments<Value: Decodable>(as type: Value.Type) throws(RunError) -> Value? {
    try RecordCoding.read(type, from: environmentsFile)
  }

  /// Reads how the run ended; nil while it has not.
  public func summary() throws(RunError) -> RunSummary? {
    try RecordCoding.read(RunSummary.self, from: summaryFile)
  }

  /// Reads where the run took place; nil before it has begun.
  public func environment() throws(RunError) -> RunEnvironment? {
    try RecordCoding.read(RunEnvironment.self, from: environmentFile)
  }
}
