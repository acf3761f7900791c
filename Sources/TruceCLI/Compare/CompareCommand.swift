public import ArgumentParser
import Foundation
import TruceRun
import TruceShell

/// `truce compare`: one table of several runs, with Δm against the single-task runs among them.
public struct CompareCommand: ParsableCommand {
  /// How the table is written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, markdown
  }

  /// The name and the help text.
  public static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compare runs in one table.",
    discussion: """
      Runs of one task are taken as the single-task baselines, several of one task as their mean: Δm is the mean \
      relative change of the others' metrics against them, in percent, and lower is better. A study's folder stands \
      for all its runs; what is no run is skipped.

        truce compare runs/demo
        truce compare runs/cagrad runs/left runs/right
      """)

  @Argument(
    help: ArgumentHelp("The folders of runs or studies.", valueName: "folder"), completion: .directory)
  var folders: [String]

  @Option(help: "How to write it: table or markdown.")
  var format: Format = .table

  /// Creates the command.
  public init() {}

  /// Prints the table.
  public func run() throws {
    let finder = RunFinder(in: folders)
    guard !finder.runs.isEmpty else {
      throw RunError.missing(path: folders.joined(separator: ", "), what: "run")
    }
    let records = try finder.runs.map { directory in try RunRecord(directory) }
    for path in finder.skipped { Output.note("skipped: no run in \(path)") }
    let comparison = RunComparison(records)
    switch format {
    case .table: print(comparison.table.plain(on: .current))
    case .markdown: print(comparison.table.markdown)
    }
    for note in comparison.notes { print("\n" + note) }
  }
}
