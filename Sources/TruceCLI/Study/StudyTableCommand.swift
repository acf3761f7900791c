import ArgumentParser
import Foundation
import Truce
import TruceReport
import TruceShell
import TruceStudy

/// `truce study table`: one of the report's tables.
struct StudyTableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table", abstract: "Print one of the report's tables.",
    discussion: """
      The usual kinds: results, published, best-configurations, training, pareto-counts, method-tests, optimizer-tests-1, \
      equal-time, similarities, robustness, single-task, runs, unscored-runs, toy. A study has those that its runs give.

        truce study table runs/demo
        truce study table runs/demo --kind method-tests --format latex
      """)

  @OptionGroup var location: StudyLocation

  @Option(help: ArgumentHelp("Which table.", valueName: "name"))
  var kind = "results"

  @Option(help: "How to write it: text, markdown, latex or csv.")
  var format: TableFormat = .text

  mutating func run() throws {
    let report = try location.folder().report(date: Date())
    let tables = report.tables(named: kind)
    guard !tables.isEmpty else { throw noTable(in: report) }
    print(tables.map(format.text).joined(separator: "\n"), terminator: "")
  }

  private func noTable(in report: StudyReport) -> CommandFailure {
    let names = report.tables.map(\.id)
    let suggestion = closestName(to: kind, among: names).map { "did you mean '\($0)'? " } ?? ""
    return .usage(
      "this study has no table '\(kind)'", help: "\(suggestion)it has \(names.joined(separator: ", "))")
  }
}
