import ArgumentParser
import Foundation
import TruceRun
import TruceShell
import TruceTorch
import TruceTraining

/// `truce-engine benchmark train`: what a run takes beside its steps.
struct BenchmarkTrainCommand: CatalogueCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Time a whole run: its start, its steps, its loader, its handlers and its evaluation.")

  @Option(help: "The problem. (default: scaled-tanh with 25600 examples, which needs no data)")
  var problem: String?
  @Option(help: "The method.")
  var method = "cagrad"
  @Option(help: "Steps.")
  var steps = 300
  @Option(help: "Threads.")
  var threads = 2
  @Argument(help: "Changes to the configuration, as for `truce train`.")
  var overrides: [String] = []

  /// Refuses numbers that make no run.
  func validate() throws { try PositiveNumbers.check([("steps", steps), ("threads", threads)]) }

  /// Trains in a folder that is removed, with the handlers and checkpoints of any run, and prints one JSON object.
  func run(with catalogues: Catalogues) throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "truce-benchmark-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let configuration = try RunConfiguration(overrides: settings, vocabulary: catalogues.vocabulary)
    let run = try TrainingRun(
      configuration: configuration, catalogues: catalogues, directory: RunDirectory(folder),
      console: Console(isTerminal: false) { _ in })
    let times = try run.timedRun(.new).times
    print(try Output.json(OverheadReport(configuration, times)))
  }

  /// The configuration: an epoch has a step at least, so that the steps end the run.
  private var settings: [String] {
    let usual = ["problem=scaled-tanh", "problem_options.samples=25600"]
    return (problem.map { ["problem=\($0)"] } ?? usual)
      + ["method=\(method)", "max_steps=\(steps)", "epochs=\(steps)", "threads=\(threads)"] + overrides
  }
}

/// What the command prints: seconds, and shares of the loop's time.
struct OverheadReport: Encodable, Equatable {
  let problem: String
  let method: String
  let steps: Int
  /// From the process's start to the end of the first step; nil where the system does not tell when that was.
  let firstStepSeconds: Double?
  /// The loop, from before the first step to behind the last epoch.
  let loopSeconds: Double
  /// Means of a step.
  let stepSeconds: Double
  /// The waiting for batches that had to be read, as a share of the steps.
  let loaderShare: Double
  /// Handlers, among them the log and the checkpoints, as a share of the loop.
  let handlerShare: Double
  /// The measuring of splits, as a share of the loop.
  let evaluationShare: Double

  init(
    _ configuration: RunConfiguration, _ times: LoopTimes, now: Double = StepClock.system.seconds(),
    age: Double? = ProcessAge.seconds
  ) {
    problem = configuration.problem
    method = configuration.method
    steps = times.stepCount
    firstStepSeconds = times.firstStepEnd.flatMap { end in age.map { $0 - (now - end) } }
    loopSeconds = times.whole
    stepSeconds = times.steps / Double(times.stepCount)
    loaderShare = times.loader / times.steps
    handlerShare = times.handlers / times.whole
    evaluationShare = times.evaluation / times.whole
  }
}
