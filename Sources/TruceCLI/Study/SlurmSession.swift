import ArgumentParser
import Foundation
import TruceRun
import TruceShell
import TruceStudy

/// Hands a study over to Slurm.
struct SlurmSession {
  private let plan: StudyPlan
  private let folder: StudyFolder
  private let arguments: SessionArguments
  private let retriesFailedRuns: Bool

  init(
    _ plan: StudyPlan, in folder: StudyFolder, _ arguments: SessionArguments, retriesFailedRuns: Bool
  ) {
    self.plan = plan
    self.folder = StudyFolder(URL(filePath: folder.url.path))
    self.arguments = arguments
    self.retriesFailedRuns = retriesFailedRuns
  }

  /// Submits the array, or prints its script.
  ///
  /// - Throws: ``StudyError/slurm(reason:)`` or ``RunError``.
  func submit() throws {
    let path = folder.url.path
    let place = SlurmQueue.nextFolder(in: folder)
    let batch = batch(place.appending(path: SlurmQueue.listName))
    guard !batch.runs.isEmpty else {
      print("\(plan.file.name) in \(path): nothing is left to do")
      return
    }
    if arguments.slurm.dryRun {
      print(batch.script(log: place.path), terminator: "")
      return
    }
    let job = try SlurmQueue().submit(batch, in: place)
    let word = path.shellWord
    print("job \(job): \(Counted.text(batch.runs.count, "run")), output in \(place.path)")
    Output.note("`truce study status \(word)` shows how it stands, `truce study report \(word)` gathers it")
  }

  private func batch(_ list: URL) -> SlurmBatch {
    let options = arguments.slurm.options(jobs: arguments.workers.jobs)
    var command = [
      ProgramLocation.program.path, "study", StudyElementCommand.name, folder.url.path, list.path,
    ]
    command += ["--threads", "\(options.processors)"]
    if let worker = arguments.workers.worker { command += ["--worker", URL(filePath: worker).path] }
    if let retries = arguments.retries { command += ["--retries", "\(retries)"] }
    if retriesFailedRuns { command.append("--failed") }
    return SlurmBatch(
      plan, in: folder, retriesFailedRuns: retriesFailedRuns, options: options, command: command)
  }
}

/// `truce study element …`: one element of a job array.
struct StudyElementCommand: ProgramCommand, StopsWhenAsked {
  static let name = "element"

  static let configuration = CommandConfiguration(
    commandName: name, abstract: "Work off one element's share of a study's runs.", shouldDisplay: false)

  @Argument var folder: String
  @Argument var list: String
  @Argument var element: Int
  @Argument var elements: Int
  @OptionGroup var workers: WorkerArguments
  @Option var retries: Int?
  @Flag var failed = false

  func validate() throws {
    guard elements >= 1, (0..<elements).contains(element) else {
      throw ValidationError("there is no element \(element) among \(elements)")
    }
  }

  mutating func run(in program: Program) async throws {
    let folder = StudyFolder(URL(filePath: folder))
    let plan = try folder.plan()
    let text = String(decoding: try InputFile.data(at: list), as: UTF8.self)
    let runs = SlurmBatch.share(of: element, among: elements, try SlurmBatch.runs(in: text, path: list))
    var options = workers.options
    options.retries = retries
    options.retriesFailedRuns = failed
    let runner = StudyRunner(
      plan: plan, runs: runs, folder: folder, store: nil, launcher: workers.launcher(of: program),
      options: options,
      clock: ContinuousClock(),
      observer: LineReporter(plan) { StandardStreams.writeOutput("\($0)\n") })
    let outcome = try await runner.run()
    try StudyEnding(plan, folder, outcome).check()
  }
}
