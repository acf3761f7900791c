public import ArgumentParser
import TruceShell

/// `truce doctor`: what of Truce is in place on this machine, and the fix for what is not.
public struct DoctorCommand: ProgramCommand {
  /// How the report is written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, json
  }

  /// The name and the help text.
  public static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Report what is set up here, and how to fix what is not.")

  @Option(help: "How to write it: table or json.")
  var format: Format = .table

  /// Creates the command.
  public init() {}

  /// Looks around and prints the report.
  public mutating func run(in program: Program) throws {
    let report = DoctorReport.onThisMachine(program)
    switch format {
    case .table: print(report.plain(on: .current))
    case .json: print(try Output.json(report))
    }
  }
}
