public import ArgumentParser

/// `truce verify`: compares what Truce computes with reference values that were computed elsewhere.
public struct VerifyCommand: ParsableCommand {
  /// The name, the help text and the subcommands.
  public static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Compare what Truce computes with reference values from elsewhere.",
    subcommands: [VerifyNetworksCommand.self, VerifyMetricsCommand.self])

  /// Creates the command.
  public init() {}
}
