public import ArgumentParser
public import TruceReport
public import TruceShell
public import TruceStudy

/// `truce study`: from one file to one report.
public struct StudyCommand: AsyncParsableCommand {
  /// The name and the help text.
  public static let configuration = CommandConfiguration(
    commandName: "study", abstract: "Plan, run and compare many trainings from one file.",
    discussion: """
      A study file is a run's configuration in which lists are axes: methods, optimizers, learning rates, seeds. \
      Each run is a process of its own with a folder of its own, so nothing is lost when one crashes or the \
      machine goes down: `truce study resume` goes on where it stopped. `truce study keys` explains every key.

      Examples:
        truce study plan Studies/demo.yaml
        truce study run Studies/demo.yaml --jobs 2
        truce study status runs/demo
        truce study serve runs/demo
        truce study report runs/demo
      """,
    subcommands: [
      StudyPlanCommand.self, StudyRunCommand.self, StudyResumeCommand.self, StudyStatusCommand.self,
      StudyServeCommand.self, StudyCancelCommand.self, StudyReportCommand.self, StudyTableCommand.self,
      StudyCompareCommand.self, StudyExportCommand.self, StudyIndexCommand.self, StudyToyWorkerCommand.self,
      StudyElementCommand.self, StudyKeysCommand.self,
    ])

  /// Creates the command.
  public init() {}
}

extension StudyError: CommandLineError {}

extension ReportError: CommandLineError {}
