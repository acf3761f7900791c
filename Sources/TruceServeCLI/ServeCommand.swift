public import ArgumentParser
import Foundation
public import TruceReport
import TruceRun
public import TruceServe
public import TruceShell
public import TruceStudy

/// `truce study serve`: the report of a study in a browser, while it runs.
public struct ServeCommand: AsyncParsableCommand {
  /// The name and the help text.
  public static let configuration = CommandConfiguration(
    commandName: "truce study serve", abstract: ServeArguments.abstract,
    discussion: ServeArguments.discussion, version: "truce-serve \(Release.version)")

  @OptionGroup var arguments: ServeArguments

  /// Creates the command.
  public init() {}

  /// Serves until a signal ends it.
  public mutating func run() async throws {
    let study = try LiveStudy(StudyFolder(named: arguments.study))
    try await StudyServer(study, port: arguments.port).run { address in
      StandardStreams.writeOutput("\(address.absoluteString)\n")
      Output.note("the page is at this address until Ctrl-C")
    }
  }
}

extension ServeError: CommandLineError {}

extension StudyError: CommandLineError {}

extension ReportError: CommandLineError {}
