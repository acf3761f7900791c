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
    groupedSubcommands: [
      CommandGroup(
        name: "Mathematics",
        subcommands: [MethodsCommand.self, AggregateCommand.self, ToyCommand.self]),
      CommandGroup(
        name: "Training",
        subcommands: [
          TrainCommand.self, CompareCommand.self, DiagnoseCommand.self, DataCommand.self, VerifyCommand.self,
        ]),
      CommandGroup(
        name: "Catalogues",
        subcommands: [
          ProblemsCommand.self, TrunksCommand.self, ArchitecturesCommand.self, MetricsCommand.self,
          OptimizersCommand.self, SchedulesCommand.self,
        ]),
      CommandGroup(name: "Studies", subcommands: [StudyCommand.self]),
      CommandGroup(name: "Set-up", subcommands: [DoctorCommand.self, VerifyCommand.self]),
    ])

  /// Creates the command.
  public init() {}
}
