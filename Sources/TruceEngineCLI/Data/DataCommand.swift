public import ArgumentParser
import TruceData
import TruceRun
import TruceShell

/// `truce data`: fetches, prepares and lists data sets.
public struct DataCommand: ParsableCommand {
  /// The name, the help text and the subcommands.
  public static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Fetch, prepare, make, list, check and show data sets.",
    discussion: """
      Examples:
        truce data list
        truce data fetch multi-fashion-mnist
        truce data prepare multi-mnist --from downloads/mnist --seed 1
        truce data check people.yaml
        truce data make rooms --output data/rooms
        truce data show data/rooms --output rooms.png
      """,
    subcommands: [
      DataFetchCommand.self, DataPrepareCommand.self, DataMakeCommand.self, DataListCommand.self,
      DataCheckCommand.self, DataBaselinesCommand.self, DataShowCommand.self,
    ],
    defaultSubcommand: DataListCommand.self)

  /// Creates the command.
  public init() {}
}

/// The option every data command has.
struct DataFolderOption: ParsableArguments {
  @Option(name: .customLong("data"), help: "A folder with data sets, looked in first.")
  var folder: String?

  var folders: DataFolders { .usual(requested: folder) }
}

/// The number of bytes as people say it, in steps of 1000.
func sizeText(_ byteCount: Int) -> String {
  switch byteCount {
  case ..<1000: "\(byteCount) B"
  case ..<1_000_000: "\(NumberText.fixed(Double(byteCount) / 1e3, 1)) kB"
  default: "\(NumberText.fixed(Double(byteCount) / 1e6, 1)) MB"
  }
}
