public import ArgumentParser
import Foundation
import Torch
import Truce
import TruceProblems
import TruceRun
public import TruceShell
import TruceTasks
public import TruceTraining

/// `truce train`: one run, from a configuration file, from flags, or from both.
public struct TrainCommand: CatalogueCommand, StopsWhenAsked {
  /// The command's help.
  public static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a network on several tasks with one method.",
    discussion: """
      The configuration is read from --config, then changed by the flags, then by key=value overrides such as
      options.c=0.4 or problem_options.train_samples=24000. It is saved in the run's folder before the first step.

        truce train --problem multi-fashion-mnist --method cagrad --option c=0.4 \\
          --optimizer adam --learning-rate 1e-3 --epochs 3 --seed 0 --output runs/cagrad
      """)

  @Option(
    help: ArgumentHelp("Read the configuration from a YAML file.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var config: String?
  @Option(
    help: ArgumentHelp("The problem, as `truce problems` lists them.", valueName: "name"),
    completion: .list(ProblemCatalogue.entries.map(\.about.name)))
  var problem: String?
  @Option(
    name: .customLong("problem-option"),
    help: ArgumentHelp("An option of the problem.", valueName: "key=value"))
  var problemOptions: [String] = []
  @Option(
    help: ArgumentHelp(
      "The trunk, as `truce trunks` lists them; the problem's usual one by default.", valueName: "name"))
  var trunk: String?
  @Option(
    name: .customLong("trunk-option"), help: ArgumentHelp("An option of the trunk.", valueName: "key=value"))
  var trunkOptions: [String] = []
  @Option(
    help: ArgumentHelp(
      "How the tasks share, as `truce architectures` lists it; the problem's usual way by default.",
      valueName: "name"))
  var architecture: String?
  @Option(
    name: .customLong("architecture-option"),
    help: ArgumentHelp("An option of the architecture.", valueName: "key=value"))
  var architectureOptions: [String] = []
  @Option(
    name: .customLong("agent-option"),
    help: ArgumentHelp("An option of the agent that learns in environments.", valueName: "key=value"))
  var agentOptions: [String] = []
  @Option(
    help: ArgumentHelp(
      "Processes in which environments step; one on each core but one by default.", valueName: "count"))
  var workers: String?
  @Option(help: ArgumentHelp("The tasks to train, separated by commas; all by default.", valueName: "names"))
  var tasks: String?
  @Option(
    help: ArgumentHelp(
      "Metrics beside the tasks' own, as `truce metrics` lists them, separated by commas.", valueName: "names"
    ))
  var metrics: String?
  @Option(
    help: ArgumentHelp("The method, as `truce methods` lists them.", valueName: "name"),
    completion: .list(Catalogue.entries.map(\.about.name)))
  var method: String?
  @Option(name: .customLong("option"), help: ArgumentHelp("An option of the method.", valueName: "key=value"))
  var options: [String] = []
  @Option(help: ArgumentHelp("A loss weighting in front of a gradient method.", valueName: "name"))
  var weighting: String?
  @Option(
    help: ArgumentHelp(
      "cagrad-repo, famo-repo, libmtl or torchjd: that repository's scales.", valueName: "name"))
  var preset: String?
  @Option(
    help: ArgumentHelp("adam, adamw, sgd, signsgd, rmsprop or adagrad.", valueName: "name"),
    completion: .list(OptimizerName.allCases.map(\.rawValue)))
  var optimizer: String?
  @Option(
    name: .customLong("optimizer-option"),
    help: ArgumentHelp("An option of the optimizer.", valueName: "key=value"))
  var optimizerOptions: [String] = []
  @Option(
    parsing: .unconditional, help: ArgumentHelp("The learning rate at the start.", valueName: "number"))
  var learningRate: String?
  @Option(help: ArgumentHelp("How often the training data are gone through.", valueName: "count"))
  var epochs: String?
  @Option(help: ArgumentHelp("Samples a step.", valueName: "count"))
  var batchSize: String?
  @Option(help: ArgumentHelp("The seed of weights, order and methods.", valueName: "number"))
  var seed: String?
  @Option(help: ArgumentHelp("cpu, cuda, cuda:<index>, mps or auto.", valueName: "name"))
  var device: String?
  @Option(
    help: ArgumentHelp("The folder the run leaves its files in.", valueName: "folder"), completion: .directory
  )
  var output: String?
  @Option(
    help: ArgumentHelp(
      "Begin with the network of another run or of a checkpoint; the schedule begins anew.",
      valueName: "folder"))
  var from: String?
  @Flag(help: "Continue the run in the folder from its last checkpoint.")
  var resume = false
  @Option(
    help: ArgumentHelp(
      "With --resume, the checkpoint to continue from: last, previous, best or its name.", valueName: "name"))
  var checkpoint: String?
  @Flag(help: "Throw away the run in the folder.")
  var force = false
  @Flag(help: "Also write the values for TensorBoard, to tensorboard/ in the run's folder.")
  var tensorboard = false
  @Flag(help: "Show no progress.")
  var quiet = false
  @Flag(help: "Print the resolved configuration and stop.")
  var printConfig = false
  @Argument(help: ArgumentHelp("Changes to the configuration.", valueName: "key=value"))
  var overrides: [String] = []

  /// Creates the command.
  public init() {}

  /// Refuses options that contradict each other.
  public func validate() throws {
    if resume, force {
      throw ValidationError(
        "--resume continues the run in the folder, --force throws it away: give one of them")
    }
    if checkpoint != nil, !resume {
      throw ValidationError("--checkpoint says where --resume continues from: give --resume as well")
    }
  }

  /// Trains and prints the metrics.
  public func run(with catalogues: Catalogues) throws {
    let configuration = try resolvedConfiguration(catalogues.vocabulary)
    let directory = RunDirectory(outputFolder(configuration))
    let log = RunLog(in: directory)
    let console: Console = quiet ? Console(isTerminal: false, log: log) { _ in } : .standardError(log: log)
    let run = try TensorFailure.explaining {
      try TrainingRun(
        configuration: configuration, catalogues: catalogues, directory: directory,
        checkpoint: checkpoint.map { CheckpointChoice($0) } ?? .last, console: console,
        isInterrupted: { Interruption.requests > 0 })
    }
    if printConfig { return print(configuration.resolvedYAML, terminator: "") }
    let opening: RunDirectory.Opening = resume ? .resume : force ? .force : .new
    try directory.check(opening)
    let summary: RunSummary
    do {
      summary = try run.run(opening)
    } catch {
      // A run that cannot even begin leaves the folder as it was.
      if (try? directory.summary())?.reason == "\(error)" { log.append("error: \(error)") }
      throw (error as? TorchError).map(TensorFailure.init) ?? error
    }
    log.append(SummaryText.text(of: summary, folder: directory.url.relativePath))
    if summary.status == .interrupted {
      throw InterruptedRun(folder: directory.url.relativePath)
    }
    print(SummaryText.text(of: summary, folder: directory.url.relativePath), terminator: "")
  }

  private func outputFolder(_ configuration: RunConfiguration) -> URL {
    if let output { return URL(filePath: output, directoryHint: .isDirectory) }
    let name = "\(configuration.problem)-\(configuration.method)-seed\(configuration.seed)"
    return URL(filePath: "runs/\(name)", directoryHint: .isDirectory)
  }

  private func resolvedConfiguration(_ vocabulary: ConfigurationVocabulary) throws -> RunConfiguration {
    let changes = flagOverrides + overrides
    guard let config else {
      return try RunConfiguration(overrides: changes, vocabulary: vocabulary)
    }
    return try RunConfiguration(contentsOf: URL(filePath: config), overrides: changes, vocabulary: vocabulary)
  }

  /// The flags as the overrides they stand for.
  private var flagOverrides: [String] {
    let single: [(String, String?)] = [
      ("problem", problem), ("trunk", trunk), ("architecture", architecture), ("method", method),
      ("weighting", weighting), ("preset", preset),
      ("optimizer", optimizer),
      ("learning_rate", learningRate), ("epochs", epochs), ("batch_size", batchSize), ("seed", seed),
      ("device", device), ("from", from), ("workers", workers), ("tasks", tasks.map { "[\($0)]" }),
      ("metrics", metrics.map { "[\($0)]" }),
      ("tensorboard", tensorboard ? "true" : nil),
    ]
    let nested = [
      ("problem_options", problemOptions), ("trunk_options", trunkOptions),
      ("architecture_options", architectureOptions), ("agent_options", agentOptions), ("options", options),
      ("optimizer_options", optimizerOptions),
    ]
    return single.compactMap { key, value in value.map { "\(key)=\($0)" } }
      + nested.flatMap { key, values in values.map { "\(key).\($0)" } }
  }
}

/// A run that was asked to stop has stopped, after a checkpoint.
public struct InterruptedRun: Error, CustomStringConvertible {
  let folder: String
  /// What happened, in one line.
  public var description: String { "stopped after a checkpoint in \(folder)" }
  /// What the reader can do about it.
  public var help: String {
    "continue with: truce train --config \("\(folder)/config.yaml".shellWord) --output \(folder.shellWord) --resume"
  }
}
