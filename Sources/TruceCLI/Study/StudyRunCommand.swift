import ArgumentParser
import Foundation
import TruceRun
import TruceShell
import TruceStudy

/// `truce study run`: runs a study, or goes on with it.
struct StudyRunCommand: ProgramCommand, StopsWhenAsked {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a study's cells, several at a time.",
    discussion: """
      Runs that are finished are left alone, so that the command may be given again at any time, even by two \
      people at once. Runs that failed are tried again by `truce study resume`.

      With --launcher slurm the runs become a job array whose jobs work in the study's folder, which all nodes must \
      share. A job that nears its wall-clock limit writes a checkpoint and queues itself again.
      """)

  @Argument(help: "The study file.", completion: StudyNames.fileCompletion)
  var file: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The folder. (default: runs/<name>)", valueName: "folder"),
    completion: .directory)
  var output: String?

  @Flag(
    help:
      "Take over a changed study file whose old runs leave the study, or write among files of something else."
  )
  var force = false

  @OptionGroup var session: SessionArguments

  mutating func run(in program: Program) async throws {
    var plan = try StudyPlan(
      contentsOf: URL(filePath: file), vocabulary: session.workers.vocabulary(of: program))
    let folder = output.map { StudyFolder(URL(filePath: $0)) } ?? .standard(for: plan)
    try session.workers.checkWorker(for: plan, of: program)
    if !session.slurm.dryRun { plan = try folder.prepare(plan, replacing: force) }
    if folder.isCancelled { throw StudyError.cancelled(path: folder.url.relativePath) }
    try await session.work(on: plan, in: folder, of: program, retriesFailedRuns: false)
  }
}

/// `truce study resume`: goes on with a study, failed and cancelled runs included.
struct StudyResumeCommand: ProgramCommand, StopsWhenAsked {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Go on with a study, and try its failed runs again.")

  @OptionGroup var location: StudyLocation
  @OptionGroup var session: SessionArguments

  mutating func run(in program: Program) async throws {
    let folder = try location.folder()
    let plan = try folder.plan()
    try session.workers.checkWorker(for: plan, of: program)
    if !session.slurm.dryRun { try folder.withdrawCancellation() }
    try await session.work(on: plan, in: folder, of: program, retriesFailedRuns: true)
  }
}

/// How a runner goes about a study.
struct SessionArguments: ParsableArguments {
  @OptionGroup var workers: WorkerArguments
  @OptionGroup(title: "Slurm") var slurm: SlurmArguments

  @Option(help: ArgumentHelp("How often a crashed run is tried again. (default: as the file says)"))
  var retries: Int?

  @Flag(name: .shortAndLong, help: "Tell nothing but the result.")
  var quiet = false

  func validate() throws {
    if let retries, retries < 0 { throw ValidationError("--retries must be at least 0, got \(retries)") }
  }

  func options(retriesFailedRuns: Bool) -> RunnerOptions {
    var options = workers.options
    options.retriesFailedRuns = retriesFailedRuns
    options.retries = retries
    return options
  }

  /// Does the work here, or hands it over to Slurm.
  func work(
    on plan: StudyPlan, in folder: StudyFolder, of program: Program, retriesFailedRuns: Bool
  ) async throws {
    switch slurm.launcher {
    case .local:
      try await StudySession(
        plan, in: folder, self, launcher: workers.launcher(of: program), retriesFailedRuns: retriesFailedRuns
      ).run()
    case .slurm: try SlurmSession(plan, in: folder, self, retriesFailedRuns: retriesFailedRuns).submit()
    }
  }
}
