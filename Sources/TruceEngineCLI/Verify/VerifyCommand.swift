public import ArgumentParser
import TruceRun
import TruceShell

/// `truce verify`: compares what Truce computes with reference values that were computed elsewhere.
public struct VerifyCommand: ParsableCommand {
  /// The name, the help text and the subcommands.
  public static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Compare what Truce computes with reference values from elsewhere.",
    subcommands: [VerifyNetworksCommand.self, VerifyMetricsCommand.self])

  /// Creates the command.
  public init() {}
}

/// How many values a comparison looked at, and how many were not as expected.
struct VerifiedCount {
  var total = 0
  var failures = 0

  /// How many hold, in words.
  var summary: String { "\(total - failures) of \(Counted.text(total, "value")) as expected" }

  /// Throws unless all hold.
  func requireAll() throws(CommandFailure) {
    guard failures > 0 else { return }
    throw .badData(
      "\(failures) of \(Counted.text(total, "value")) not as expected",
      help: "look at the lines marked NO: either the file or Truce is wrong")
  }
}
