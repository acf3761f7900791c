public import ArgumentParser
import Foundation
import TruceEnvironments
import TruceOptions
import TruceRun
import TruceShell
public import TruceTraining

/// `truce rl evaluate`: plays episodes with what a run learned, with scripted policies, or at random.
struct EvaluateCommand: CatalogueCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Play episodes and count the successes of each task.",
    discussion: """
      Episodes are played on the evaluation goals, one after the other, with the most likely action of what a run learned,
      with the environments' scripted policies, or with random actions. An interval is Wilson's, at 95 %. Examples:
        truce rl evaluate runs/points --episodes 20
        truce rl evaluate runs/points --policy expert
        truce rl evaluate --problem point-tasks --policy random --horizon 100
      """)

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
  @Option(help: ArgumentHelp("Episodes of each task.", valueName: "count"))
  var episodes = 10
  @Option(help: ArgumentHelp("Steps of an episode; the run's by default.", valueName: "count"))
  var horizon: Int?
  @Option(help: ArgumentHelp("The seed of the goals; the run's by default.", valueName: "number"))
  var seed: Int?
  @Option(
    help: ArgumentHelp(
      "Processes in which environments step; one on each core but one by default.", valueName: "count"))
  var workers: Int?
  @Option(help: "How to write it: text or json.")
  var format: EvaluationFormat = .text

  func validate() throws {
    if run == nil, problem == nil { throw ValidationError("give the folder of a run, or --problem") }
    if run != nil, problem != nil || !problemOptions.isEmpty {
      throw ValidationError("a run brings its own problem: leave --problem out")
    }
    if run == nil, policy == .learned {
      throw ValidationError("nothing is learned without a run: give --policy expert or --policy random")
    }
    for (name, value) in [("episodes", episodes), ("horizon", horizon), ("workers", workers)] {
      if let value, value < 1 { throw ValidationError("--\(name) must be a whole number, at least 1") }
    }
  }

  func run(with catalogues: Catalogues) throws {
    let trial = AgentTrial(
      try configuration(catalogues), catalogues: catalogues,
      directory: run.map { RunDirectory(URL(filePath: $0, directoryHint: .isDirectory)) })
    let result = try TensorFailure.explaining {
      try trial.play(
        policy, episodes: episodes, horizon: horizon, checkpoint: CheckpointChoice(checkpoint))
    }
    switch format {
    case .text: print(TrialText(result).text(on: .current), terminator: "")
    case .json: print(try Output.json(result))
    }
  }

  private func configuration(_ catalogues: Catalogues) throws -> RunConfiguration {
    let changes: [String?] = [
      seed.map { "seed=\($0)" }, workers.map { "workers=\($0)" }, tasks.map { "tasks=[\($0)]" },
    ]
    let overrides = changes.compactMap(\.self)
    if let run {
      let directory = RunDirectory(URL(filePath: run, directoryHint: .isDirectory))
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

/// How an evaluation is written.
enum EvaluationFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

extension ActingPolicy: ExpressibleByArgument {}
