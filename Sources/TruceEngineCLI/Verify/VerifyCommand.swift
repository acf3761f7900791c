public import ArgumentParser

/// `truce verify`: whether this program computes what others have recorded.
public struct VerifyCommand: ParsableCommand {
  /// The command's help.
  public static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Compare what Truce computes with recorded values.",
    subcommands: [VerifyNetworksCommand.self])

  /// Creates the command.
  public init() {}
}
