public import ArgumentParser
import TruceRun

/// The command `truce-engine`: the parts of Truce that compute.
///
/// `truce` hands over to it.
public struct TruceEngine: AsyncParsableCommand {
  /// The name, the version and the list of subcommands.
  public static let configuration = CommandConfiguration(
    // Usage lines and hints say what a user types.
    commandName: "truce",
    abstract: "The computing part of truce; `truce train`, `truce diagnose` and `truce data` start it.",
    version: "truce-engine \(Release.version)",
    subcommands: [
      TrainCommand.self, DiagnoseCommand.self, DataCommand.self, DoctorCommand.self, BenchmarkCommand.self,
    ])

  /// Creates the command.
  public init() {}
}
