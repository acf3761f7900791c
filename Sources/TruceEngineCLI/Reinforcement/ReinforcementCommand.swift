public import ArgumentParser

/// `truce rl`: trains agents in environments, evaluates them and watches them.
public struct ReinforcementCommand: ParsableCommand {
  /// The name, the help text and the subcommands.
  public static let configuration = CommandConfiguration(
    commandName: "rl", abstract: "Train agents in environments, evaluate them and watch them.",
    discussion: """
      `truce rl train` is `truce train`: a run in environments is a run like any other. Examples:
        truce rl train --problem point-tasks --method cagrad --epochs 10 --output runs/points
        truce rl evaluate runs/points --episodes 20
        truce rl evaluate runs/points --policy expert
        truce rl watch runs/points --output points.png
      """,
    subcommands: [TrainCommand.self, EvaluateCommand.self, WatchCommand.self])

  /// Creates the command.
  public init() {}
}
