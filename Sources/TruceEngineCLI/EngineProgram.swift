public import ArgumentParser
import TruceRun
import TruceTraining

/// The command `truce-engine`: the parts of Truce that compute.
///
/// `truce` hands over to it.
public struct EngineProgram: AsyncParsableCommand {
  /// The name, the version and the list of subcommands.
  public static let configuration = CommandConfiguration(
    // Usage lines and hints say what a user types.
    commandName: "truce",
    abstract:
      "The computing part of truce, which starts it for `train`, `rl`, `diagnose`, `data` and `verify`.",
    version: "truce-engine \(Release.version)",
    subcommands: [
      TrainCommand.self, ReinforcementCommand.self, DiagnoseCommand.self, DataCommand.self,
      VerifyCommand.self, DoctorCommand.self,
      BenchmarkCommand.self, CataloguesCommand.self,
    ])

  /// Creates the command.
  public init() {}

  /// Runs a parsed command with the catalogues that Truce brings.
  public static func execute(_ parsed: any ParsableCommand) async throws {
    try await Catalogues.builtIn().execute(parsed)
  }
}
