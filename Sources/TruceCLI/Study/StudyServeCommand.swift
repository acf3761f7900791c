import ArgumentParser
import Foundation
public import TruceServe
public import TruceShell

/// `truce study serve`: the report of a study in a browser, while it runs.
struct StudyServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Show a study's report in a browser, live while it runs.",
    discussion: """
      The page is that of `truce study report`, with a strip that tells how the study stands. It follows the \
      study's folder, into which it writes nothing: figures and tables change when a run ends, without losing the \
      reader's place. Only this machine can open the page. Ctrl-C ends the page, not the study.

      Examples:
        truce study serve runs/demo
        truce study serve Studies/demo.yaml --port 0

      From another machine, open the printed address after:
        ssh -L 8765:127.0.0.1:8765 MACHINE
      """)

  @OptionGroup var location: StudyLocation

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The port to listen on; 0 for any that is free.", valueName: "number"))
  var port = 8765

  func validate() throws {
    guard (0...65_535).contains(port) else {
      throw ValidationError("--port must be from 0 to 65535, got \(port)")
    }
  }

  mutating func run() async throws {
    let study = try LiveStudy(location.folder())
    try await StudyServer(study, port: port).run { address in
      FileHandle.standardOutput.write(Data("\(address.absoluteString)\n".utf8))
      Output.note("the page is at this address until Ctrl-C")
    }
  }
}

extension ServeError: CommandLineError {}
