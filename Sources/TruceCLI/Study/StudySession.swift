import Foundation
import TruceRun
import TruceShell
import TruceStudy

/// One runner's work on a study, told on standard error.
struct StudySession {
  private let plan: StudyPlan
  private let folder: StudyFolder
  private let arguments: SessionArguments
  private let launcher: ProcessLauncher
  private let options: RunnerOptions

  init(
    _ plan: StudyPlan, in folder: StudyFolder, _ arguments: SessionArguments, launcher: ProcessLauncher,
    retriesFailedRuns: Bool
  ) {
    self.plan = plan
    self.folder = folder
    self.arguments = arguments
    self.launcher = launcher
    self.options = arguments.options(retriesFailedRuns: retriesFailedRuns)
  }

  /// Runs until every run is settled or there is a reason to stop.
  ///
  /// - Throws: ``StudyError`` where runs failed, ``CommandFailure`` where the work was interrupted.
  func run() async throws {
    let store = try StudyStore.indexed(folder)
    var options = options
    options.restarts = Set(try store.damagedRuns())
    let runner = StudyRunner(
      plan: plan, folder: folder, store: store, launcher: launcher, options: options,
      clock: ContinuousClock(), observer: observer)
    let outcome = try await runner.run()
    try conclude(outcome)
  }

  private var observer: (any RunnerObserver)? {
    if arguments.quiet { return nil }
    let terminal = Terminal.current
    guard isatty(STDERR_FILENO) == 1, ProcessInfo.processInfo.environment["TERM"] != "dumb" else {
      return LineReporter(plan) { Self.write($0 + "\n") }
    }
    return TerminalReporter(plan, width: terminal.width) { Self.write($0) }
  }

  private static func write(_ text: String) { StandardStreams.writeError(text) }

  private func conclude(_ outcome: RunnerOutcome) throws {
    let path = folder.url.relativePath
    let word = path.shellWord
    print(try StudyStatusText(StudyStatus(of: folder), path: path).headline)
    try StudyEnding(plan, folder, outcome).check()
    switch outcome.stopReason {
    case .budget: Output.note("the time budget is used up; `truce study resume \(word)` goes on")
    default: Output.note("`truce study report \(word)` writes the report")
    }
  }
}

/// What the end of a runner's work means for the process.
struct StudyEnding {
  private let plan: StudyPlan
  private let folder: StudyFolder
  private let outcome: RunnerOutcome

  init(_ plan: StudyPlan, _ folder: StudyFolder, _ outcome: RunnerOutcome) {
    self.plan = plan
    self.folder = folder
    self.outcome = outcome
  }

  /// Throws where the work was interrupted, called off or blocked, or where runs failed.
  func check() throws {
    let path = folder.url.relativePath
    switch outcome.stopReason {
    case .failure(let error): throw error
    case .interrupted:
      throw CommandFailure(
        "interrupted", help: "`truce study resume \(path.shellWord)` goes on", exitStatus: .interrupted)
    case .cancelled: throw StudyError.cancelled(path: path)
    case .budget, nil: break
    }
    if let failure { throw failure }
  }

  private var failure: StudyError? {
    let failed = plan.runs.filter { if case .failed = outcome.states[$0] { true } else { false } }
    guard let first = failed.first, let state = outcome.states[first] else { return nil }
    let title = plan.cell(first.cell)?.title ?? first.cell
    let code = folder.directory(of: first).attempts.last?.exitCode
    return .failedRuns(
      count: failed.count, first: "\(title), seed \(first.seed): \(state.reason ?? "no reason is known")",
      exitStatus: code.flatMap(ExitStatus.init).flatMap { $0 == .success ? nil : $0 } ?? .internalError)
  }
}
