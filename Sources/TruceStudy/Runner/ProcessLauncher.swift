import Foundation
public import TruceRun

/// Starts workers as child processes of this one.
///
/// A worker's output goes to a file, not through this process, and it holds the claim on its run's folder
/// itself: where the runner is killed its workers carry on, and a second runner leaves their runs alone.
public struct ProcessLauncher: WorkerLauncher {
  /// The program for a problem.
  public let command: @Sendable (RunConfiguration) -> WorkerCommand

  /// Creates a launcher.
  ///
  /// - Parameter command: Chooses the program by what a run is asked to do.
  public init(command: @escaping @Sendable (RunConfiguration) -> WorkerCommand) {
    self.command = command
  }

  /// Creates a launcher that starts one program for every run.
  public init(_ command: WorkerCommand) {
    self.command = { _ in command }
  }

  /// Starts the program for a run.
  ///
  /// - Throws: ``StudyError/noWorker(path:)`` where it is not there, or `RunError`.
  public func launch(_ order: WorkerOrder) throws -> any Worker {
    let command = command(order.configuration)
    guard FileManager.default.isExecutableFile(atPath: command.executable.path) else {
      throw StudyError.noWorker(path: command.executable.relativePath)
    }
    let log = try DurableFile(appendingTo: order.directory.workerLog)
    let process = Process()
    process.executableURL = command.executable
    process.arguments = command.arguments(for: order.directory, resuming: order.isResuming)
    process.environment = WorkerCommand.environment(threads: order.threads, jobs: order.jobs)
    process.standardInput = order.claim.handle
    process.standardOutput = log.handle
    process.standardError = log.handle
    do {
      try withExtendedLifetime(log) { try Interruption.withSignalsUnblocked { try process.run() } }
    } catch {
      throw RunError.unreadable(path: command.executable.relativePath, reason: "it cannot be started")
    }
    return ProcessWorker(process)
  }
}

/// A child process at work on a run.
private final class ProcessWorker: Worker {
  private let process: Process

  init(_ process: Process) {
    self.process = process
  }

  var exit: WorkerExit? {
    guard !process.isRunning else { return nil }
    let status = process.terminationStatus
    return process.terminationReason == .exit ? .code(status) : .signal(status)
  }

  func stop() { process.terminate() }

  func kill() {
    if process.isRunning { sendKill(to: process.processIdentifier) }
  }
}

private func sendKill(to process: Int32) { kill(process, SIGKILL) }
