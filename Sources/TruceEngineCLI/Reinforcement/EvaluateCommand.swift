import ArgumentParser
import TruceShell
import TruceTraining

/// `truce rl evaluate`: plays episodes with what a run learned, with scripted policies, or at random.
struct EvaluateCommand: CatalogueCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Play episodes and count the successes of each task.",
    discussion: """
      Episodes are played on the evaluation goals, one after the other, with the most likely action of what a run learned,
      with the environments' scripted policies, or with random actions. An interval is Wilson's, at 95 %. With --tasks an agent
      that learned several tasks acts for all, and those named are told of. Examples:
        truce rl evaluate runs/points --episodes 20
        truce rl evaluate runs/points --policy expert
        truce rl evaluate --problem point-tasks --policy random --horizon 100
      """)

  @OptionGroup var acting: ActingArguments
  @Option(help: ArgumentHelp("Episodes of each task.", valueName: "count"))
  var episodes = 10
  @Option(help: "How to write it: text or json.")
  var format: EvaluationFormat = .text

  func validate() throws {
    try PositiveNumbers.check([("episodes", episodes)])
  }

  func run(with catalogues: Catalogues) throws {
    let trial = try acting.trial(with: catalogues, playsAll: acting.policy == .learned)
    let result = try TensorFailure.explaining {
      try trial.play(
        acting.policy, tasks: acting.taskNames, episodes: episodes, horizon: acting.horizon,
        checkpoint: CheckpointChoice(acting.checkpoint))
    }
    switch format {
    case .text: print(TrialText(result).text(on: .current), terminator: "")
    case .json: print(try Output.json(result))
    }
  }
}

/// How an evaluation is written.
enum EvaluationFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}
