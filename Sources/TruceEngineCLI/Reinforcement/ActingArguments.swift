public import ArgumentParser
import Foundation
import TruceRun
import TruceShell
public import TruceTraining

/// Who acts in which environments: what `truce rl evaluate` and `truce rl watch` have in common.
struct ActingArguments: ParsableArguments {
  @Argument(help: ArgumentHelp("The folder of a run.", valueName: "run"), completion: .directory)
  var run: String?
  @Option(help: ArgumentHelp("The problem, where there is no run.", valueName: "name"))
  var problem: String?
  @Option(
    name: .customLong("problem-option"),
    help: ArgumentHelp("An option of the problem, where there is no run.", valueName: "key=value"))
  var problemOptions: [String] = []
  @Option(help: ArgumentHelp("The tasks, separated by commas; all by default.", valueName: "names"))
  var tasks: String?
  @Option(help: "Who acts: learned, expert or random.")
  var policy: ActingPolicy = .learned
  @Option(help: ArgumentHelp("The run's checkpoint: last, previous, best or its name.", valueName: "name"))
  var checkpoint = "last"
  @Option(help: ArgumentHelp("Steps of an episode; the run's by default.", valueName: "count"))
  var horizon: Int?
  @Option(
    help: ArgumentHelp(
      "Draw the goals anew from this seed; by default a run's as it recorded them, else those of seed 0.",
      valueName: "number"))
  var seed: Int?
  @Option(
    help: ArgumentHelp(
      "Processes in which environments step; one on each core but one by default.", valueName: "count"))
  var workers: Int?
  @Option(
    help: ArgumentHelp(
      "Seconds such a process may take until its environments stand; the run's, or 180.", valueName: "count"))
  var workerStartSeconds: Int?
  @Option(
    help: ArgumentHelp(
      "Seconds such a process may take for a step or to begin an episode; the run's, or 30.",
      valueName: "count"))
  var workerStepSeconds: Int?

  func validate() throws {
    if run == nil, problem == nil { throw ValidationError("give the folder of a run, or --problem") }
    if run != nil, problem != nil || !problemOptions.isEmpty {
      throw ValidationError("a run brings its own problem: leave --problem out")
    }
    if run == nil, policy == .learned {
      throw ValidationError("nothing is learned without a run: give --policy expert or --policy random")
    }
    try PositiveNumbers.check([
      ("horizon", horizon), ("workers", workers), ("worker-start-seconds", workerStartSeconds),
      ("worker-step-seconds", workerStepSeconds),
    ])
  }

  /// What is to be played.
  ///
  /// - Parameter playsAll: Whether all tasks are played, whichever are named: an agent that learned several acts for all.
  /// - Throws: `RunError` where there is no run or a value is wrong.
  func trial(with catalogues: Catalogues, playsAll: Bool = false) throws -> AgentTrial {
    AgentTrial(
      try configuration(catalogues, playsAll: playsAll), catalogues: catalogues, directory: directory,
      drawsGoals: seed != nil)
  }

  /// The tasks that are named; nil where none are.
  var taskNames: [String]? {
    tasks?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private var directory: RunDirectory? {
    run.map { RunDirectory(URL(filePath: $0, directoryHint: .isDirectory)) }
  }

  private func configuration(_ catalogues: Catalogues, playsAll: Bool) throws -> RunConfiguration {
    let changes: [String?] = [
      seed.map { "seed=\($0)" }, workers.map { "workers=\($0)" },
      workerStartSeconds.map { "worker_start_seconds=\($0)" },
      workerStepSeconds.map { "worker_step_seconds=\($0)" },
      playsAll ? nil : tasks.map { "tasks=[\($0)]" },
    ]
    let overrides = changes.compactMap(\.self)
    if let directory {
      guard FileManager.default.fileExists(atPath: directory.configurationFile.path) else {
        throw RunError.missing(path: directory.url.relativePath, what: "run")
      }
      return try RunConfiguration(
        contentsOf: directory.configurationFile, overrides: overrides, vocabulary: catalogues.vocabulary)
    }
    let named = problem.map { ["problem=\($0)"] } ?? []
    return try RunConfiguration(
      overrides: named + problemOptions.map { "problem_options.\($0)" } + overrides,
      vocabulary: catalogues.vocabulary)
  }
}

extension ActingPolicy: ExpressibleByArgument {}
