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
    groupedSubcommands: .program(
      train: TruceEngineCLI.TrainCommand.self, diagnose: TruceEngineCLI.DiagnoseCommand.self,
      data: TruceEngineCLI.DataCommand.self,
      verify: TruceEngineCLI.VerifyCommand.self, reinforcement: TruceEngineCLI.ReinforcementCommand.self))
}
