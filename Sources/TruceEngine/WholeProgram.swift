import ArgumentParser
import Foundation
import TruceCLI
import TruceEngineCLI
import TruceRun

/// All commands in one program, under the program's own name.
struct WholeProgram: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Program.running.lastPathComponent,
    abstract: "Multi-task learning with conflict-aware gradient methods, made with Truce.",
    discussion: TruceCommand.configuration.discussion,
    version: "truce \(Release.version)",
    groupedSubcommands: [
      CommandGroup(
        name: "Mathematics",
        subcommands: [MethodsCommand.self, AggregateCommand.self, ToyCommand.self]),
      CommandGroup(
        name: "Training",
        subcommands: [
          TruceEngineCLI.TrainCommand.self, CompareCommand.self, TruceEngineCLI.DiagnoseCommand.self,
          TruceEngineCLI.DataCommand.self, TruceEngineCLI.VerifyCommand.self,
        ]),
      CommandGroup(
        name: "Catalogues",

        subcommands: [
          ProblemsCommand.self, TrunksCommand.self, ArchitecturesCommand.self, MetricsCommand.self,
          OptimizersCommand.self, SchedulesCommand.self,
        ]),
      CommandGroup(name: "Studies", subcommands: [StudyCommand.self]),
      CommandGroup(name: "Set-up", subcommands: [TruceCLI.DoctorCommand.self]),
    ])
}
