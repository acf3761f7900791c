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
    commandName: "truce study serve", abstract: "Show a study's report in a browser, live while it runs.",
    discussion: """
      The page is that of `truce study report`, with a strip that tells how the study stands. It follows the \
      study's folder, into which it writes nothing: figures and tables change when a run ends, without losing the \
      reader's place. Only this machine can open the page. Ctrl-C ends the page, not the study.

      Examples:
        truce study serve runs/demo
        truce study serve Studies/demo.yaml --port 0

      From another machine, open the printed address after:
        ssh -L 8765:127.0.0.1:8765 MACHINE
      """, version: "truce-serve \(Release.version)")

  @Argument(help: ArgumentHelp("The study's folder, or its file.", valueName: "study"))
  var study: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The port to listen on; 0 for any that is free.", valueName: "number"))
  var port = 8765

  /// Creates the command.
  public init() {}

  /// Refuses a number that is no port.
  public func validate() throws {
    guard (0...65_535).contains(port) else {
      throw ValidationError("--port must be from 0 to 65535, got \(port)")
    }
  }

  /// Serves until a signal ends it.
  public mutating func run() async throws {
    let study = try LiveStudy(StudyFolder(named: study))
    try await StudyServer(study, port: port).run { address in
      StandardStreams.writeOutput("\(address.absoluteString)\n")
      Output.note("the page is at this address until Ctrl-C")
    }
  }
}

extension ServeError: CommandLineError {}

extension StudyError: CommandLineError {}

extension ReportError: CommandLineError {}
