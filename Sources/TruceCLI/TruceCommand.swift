public import ArgumentParser
import TruceRun

/// The command `truce`: the parts of Truce that need no engine, and the door to those that do.
public struct TruceCommand: AsyncParsableCommand {
  /// The name, the version and the list of subcommands.
  public static let configuration = CommandConfiguration(
    commandName: "truce",
    abstract: "Multi-task learning with conflict-aware gradient methods.",
    discussion:
      "Exit codes: 0 done, 64 usage, 65 bad data, 66 missing input, 70 internal, 74 I/O, 130 interrupted.",
    version: "truce \(Release.version)",
    groupedSubcommands: .program(
      train: TrainCommand.self, diagnose: DiagnoseCommand.self, data: DataCommand.self,
      verify: VerifyCommand.self, reinforcement: ReinforcementCommand.self))

  /// Creates the command.
  public init() {}
}
