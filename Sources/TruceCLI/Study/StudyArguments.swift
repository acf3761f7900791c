import ArgumentParser
import Foundation
import TruceRun
import TruceShell
import TruceStudy

/// Names a study that has a folder.
struct StudyLocation: ParsableArguments {
  @Argument(
    help: ArgumentHelp("The study's folder, or its file.", valueName: "study"),
    completion: StudyNames.completion)
  var study: String

  /// The folder: the one that is named, or `runs/<name>` for a file.
  func folder() throws -> StudyFolder { try StudyFolder(named: study) }
}

/// How workers are started and shared out.
struct WorkerArguments: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Workers at once. (default: 1; on Slurm, as many as it allows)", valueName: "count"))
  var jobs: Int?

  @Option(help: ArgumentHelp("CPU threads to share out. (default: all)", valueName: "count"))
  var threads: Int?

  @Option(
    help: ArgumentHelp("The program that trains. (default: truce-engine beside this one)", valueName: "path"),
    completion: .file())
  var worker: String?

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1, got \(jobs)") }
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1, got \(threads)") }
  }

  var options: RunnerOptions {
    RunnerOptions(jobs: jobs ?? 1, threads: threads ?? ProcessorShare.count())
  }

  /// The toy needs no engine: this program does its runs itself.
  func launcher(of program: Program) -> ProcessLauncher {
    let engine = worker.map { URL(filePath: $0) } ?? program.trainer
    let toy = WorkerCommand(
      executable: ProgramLocation.program, leadingArguments: ["study", StudyToyWorkerCommand.name])
    let trainer = WorkerCommand(executable: engine)
    return ProcessLauncher { $0.problem == ToyWorker.problem ? toy : trainer }
  }

  /// What the cells can name; nil where another program trains, which alone knows.
  func vocabulary(of program: Program) -> ConfigurationVocabulary? {
    worker == nil ? program.vocabulary : nil
  }

  /// Throws where a plan needs an engine that is not there.
  func checkWorker(for plan: StudyPlan, of program: Program) throws {
    let launcher = launcher(of: program)
    for cell in plan.cells {
      let executable = launcher.command(cell.configuration).executable
      guard FileManager.default.isExecutableFile(atPath: executable.path) else {
        throw StudyError.noWorker(path: executable.relativePath)
      }
    }
  }
}
