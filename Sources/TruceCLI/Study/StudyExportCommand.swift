public import ArgumentParser
import Foundation
import TruceShell
public import TruceStudy

/// `truce study export`: all results as flat rows.
struct StudyExportCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case csv, json
  }

  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write all results as flat rows for other programs.")

  @OptionGroup var location: StudyLocation

  @Option(help: "What the rows are: metrics or curves.")
  var content: StudyExport.Content = .metrics

  @Option(help: "How to write them: csv or json.")
  var format: Format = .csv

  @Option(name: .shortAndLong, help: ArgumentHelp("The file. (default: standard output)", valueName: "file"))
  var output: String?

  @Flag(help: "Replace the file where it exists.")
  var force = false

  mutating func run() throws {
    let export = try StudyExport(content, of: StudyStore.current(location.folder()))
    let text = format == .csv ? export.csv : export.json
    if let output {
      try Output.write(Data(text.utf8), to: output, replacing: force)
    } else {
      print(text, terminator: "")
    }
  }
}

extension StudyExport.Content: ExpressibleByArgument {}
