import ArgumentParser
import Foundation
import TruceReport
import TruceRun
import TruceShell
import TruceStudy

/// `truce study compare`: two studies side by side.
struct StudyCompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Print what two studies reach, side by side.",
    discussion: """
      Each method with each optimizer has a row for either study, at its best learning rate there. What else sets the \
      studies apart stands below the table.

        truce study compare runs/demo runs/demo-longer
      """)

  @Argument(
    help: ArgumentHelp("The one study's folder, or its file.", valueName: "study"),
    completion: StudyNames.completion)
  var left: String

  @Argument(
    help: ArgumentHelp("The other study's folder, or its file.", valueName: "other"),
    completion: StudyNames.completion)
  var right: String

  @Option(help: "How to write it: text, markdown, latex or csv.")
  var format: TableFormat = .text

  mutating func run() throws {
    let reports = try [left, right].map { path in
      try StudyFolder(named: path).report(date: Date())
    }
    try TrialConditions.check(reports.flatMap { $0.problems.flatMap(\.results.records) })
    let comparison = StudyComparison(reports[0], reports[1])
    guard !comparison.tables.isEmpty else {
      throw CommandFailure.usage(
        "\(left) and \(right) have no problem in common", help: "compare studies on the same problem")
    }
    print(comparison.tables.map(format.text).joined(separator: "\n"), terminator: "")
    for note in comparison.notes { Output.note(note) }
  }
}
