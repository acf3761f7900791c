import ArgumentParser
import TruceCLI
import TruceEngineCLI
import TruceShell
public import TruceTraining

/// The whole command, for a program of one's own.
///
/// A package that adds a problem, a trunk or a method of its own is a few lines, and has the whole command: training
/// with checkpoints and `--resume`, studies whose workers are the program itself, reports, diagnosis.
///
/// ```swift
/// import TruceEngine
///
/// await TruceEngine.main(adding: Additions(problems: [problem], trunks: [trunk]))
/// ```
public enum TruceEngine {
  /// Runs the command that the process's arguments name, and ends the process.
  ///
  /// - Parameter additions: What configurations can name beside what Truce brings.
  @MainActor
  public static func main(adding additions: Additions = Additions()) async -> Never {
    Launcher.begin(loadsEngine: true)
    let extended = ExtendedProgram(additions: additions)
    await Launcher.runAndExit(WholeProgram.self, executing: extended.execute)
  }
}

/// A program that knows more than Truce brings.
private struct ExtendedProgram: Sendable {
  let additions: Additions

  /// Runs a parsed command with all that configurations can name here.
  func execute(_ parsed: any ParsableCommand) async throws {
    let catalogues = try Catalogues.builtIn().adding(additions)
    if parsed is any CatalogueCommand { return try await catalogues.execute(parsed) }
    let program = Program(
      vocabulary: catalogues.vocabulary, trainer: Program.running, engineReport: { .ofThisProcess })
    try await program.execute(parsed)
  }
}
