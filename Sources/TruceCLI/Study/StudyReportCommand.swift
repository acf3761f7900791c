import ArgumentParser
import Foundation
import TruceReport
import TruceRun
import TruceShell
import TruceStudy

/// `truce study report`: writes the report of a study.
struct StudyReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a study's report: one folder with a page, its figures and its data.",
    discussion: """
      The page works from its folder without a network: question, setup, answer, evidence, caveats and how to \
      reproduce it. Figures are there as SVG, tables as Markdown, LaTeX, CSV and JSON. It is made from the study's \
      index alone, at any time: runs that are still missing are named.
      """)

  @OptionGroup var location: StudyLocation

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The report's folder. (default: report in the study's folder)", valueName: "folder"))
  var output: String?

  @Flag(help: "Write into a folder that holds something else.")
  var force = false

  mutating func run() throws {
    let folder = try location.folder()
    let report = try folder.report(date: Date())
    let target = output.map { URL(filePath: $0, directoryHint: .isDirectory) } ?? folder.reportFolder
    try report.write(to: target, replacing: force)
    let figures = report.figures.reduce(0) { $0 + $1.views.count }
    print(
      "\(target.relativePath)/index.html: \(Counted.text(figures, "figure")), \(Counted.text(report.tables.count, "table"))"
    )
  }
}

extension StudyFolder {
  /// Where the report goes unless it is told otherwise.
  var reportFolder: URL { url.appending(path: "report", directoryHint: .isDirectory) }

  /// The report of what has finished so far.
  ///
  /// - Throws: ``StudyError/nothingFinished(path:)`` where nothing has.
  func report(date: Date) throws -> StudyReport {
    let store = try StudyStore.current(self)
    guard try store.runs().contains(where: \.isFinished) else {
      throw StudyError.nothingFinished(path: url.relativePath)
    }
    return try StudyReport(of: store, in: self, date: date)
  }
}
