import TruceCLI
import TruceEngineCLI
import TruceRun
import TruceShell
public import TruceTraining

/// The whole command, for a program of one's own.
///
/// A package that adds a problem, a trunk or a method of its own is a few lines, and has the whole command: training
/// with checkpoints and `--resume`, studies whose workers are the program itself, reports, diagnosis.
///
/// ```swift
/// import TruceEngine
/// import TruceTraining
///
/// await TruceEngine.main(adding: Additions(problems: [.waves]))
/// ```
public enum TruceEngine {
  /// Runs the command that the process's arguments name, and ends the process.
  ///
  /// - Parameter additions: What configurations can name beside what Truce brings.
  public static func main(adding additions: Additions = Additions()) async -> Never {
    await Launcher.runAndExit(WholeProgram.self) { parsed in
      let catalogues = try Catalogues.builtIn().adding(additions)
      let program = Program(
        vocabulary: catalogues.vocabulary, trainer: Program.running, engineReport: { .ofThisProcess })
      if parsed is any CatalogueCommand { return try await catalogues.execute(parsed) }
      try await program.execute(parsed)
    }
  }
}
