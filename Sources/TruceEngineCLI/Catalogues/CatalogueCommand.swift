public import ArgumentParser
import TruceAgents
public import TruceOptions
import TruceProblems
import TruceShell
public import TruceTraining

/// A command that needs to know what a configuration can name.
public protocol CatalogueCommand: ParsableCommand {
  /// Runs the command.
  mutating func run(with catalogues: Catalogues) throws
}

extension Catalogues {
  /// What Truce brings.
  ///
  /// - Throws: `CatalogueError` where two entries of a catalogue bear one name.
  public static func builtIn() throws(CatalogueError) -> Catalogues {
    try Catalogues(problems: ProblemCatalogue.entries, agents: AgentCatalogue.entries)
  }

  /// Runs a parsed command with these catalogues, where it wants any.
  public func execute(_ parsed: any ParsableCommand) async throws {
    guard var command = parsed as? any CatalogueCommand else { return try await Launcher.execute(parsed) }
    try command.run(with: self)
  }
}
