public import ArgumentParser

/// `truce-engine benchmark`: the time and memory of training steps on fixed random data, for `make bench-peers`.
public struct BenchmarkCommand: ParsableCommand {
  /// The command's help.
  public static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract:
      "Time training steps, updates of agents, products of single examples, the Gramian and the combination alone, or a run.",
    shouldDisplay: false,
    subcommands: [
      BenchmarkStepCommand.self, BenchmarkRowsCommand.self, BenchmarkUpdateCommand.self,
      BenchmarkSamplesCommand.self, BenchmarkTrainCommand.self,
    ])

  /// Creates the command.
  public init() {}
}
