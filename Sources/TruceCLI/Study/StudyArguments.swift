import ArgumentParser
import Foundation
import TruceRun
import TruceStudy

/// Names a study that has a folder.
struct StudyLocation: ParsableArguments {
  @Argument(help: ArgumentHelp("The study's folder, or its file.", valueName: "study"))
  var study: String

  /// The folder: the one that is named, or `runs/<name>` for a file.
  func folder() throws -> StudyFolder { try Self.folder(of: study) }

  /// The folder of a study that is named by its folder or its file.
  static func folder(of study: String) throws -> StudyFolder {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: study, isDirectory: &isFolder)
    guard exists, !isFolder.boolValue else { return StudyFolder(URL(filePath: study)) }
    return .standard(for: try StudyPlan(contentsOf: URL(filePath: study)))
  }
}

extension StudyFolder {
  /// Where a study lives unless it is told otherwise.
  static func standard(for plan: StudyPlan) -> StudyFolder {
    StudyFolder(URL(filePath: "runs").appending(path: plan.file.name))
  }
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
    help: ArgumentHelp("The program that trains. (default: truce-engine beside this one)", valueName: "path"))
  var worker: String?

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1, got \(jobs)") }
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1, got \(threads)") }
  }

  var options: RunnerOptions {
    RunnerOptions(jobs: jobs ?? 1, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
  }

  /// The toy needs no engine: this program does its runs itself.
  var launcher: ProcessLauncher {
    let engine = worker.map { URL(filePath: $0) } ?? Engine.folder.appending(path: Engine.name)
    let toy = WorkerCommand(
      executable: Engine.program, leadingArguments: ["study", StudyToyWorkerCommand.name])
    let trainer = WorkerCommand(executable: engine)
    return ProcessLauncher { $0.problem == ToyWorker.problem ? toy : trainer }
  }

  /// Throws where a plan needs an engine that is not there.
  func checkWorker(for plan: StudyPlan) throws {
    for cell in plan.cells {
      let executable = launcher.command(cell.configuration).executable
      guard FileManager.default.isExecutableFile(atPath: executable.path) else {
        throw StudyError.noWorker(path: executable.relativePath)
      }
    }
  }
}
