public import ArgumentParser
import Foundation
import Truce
import TruceShell

/// `truce aggregate`: applies a method to a matrix of task gradients in a file.
public struct AggregateCommand: ParsableCommand {
  /// How the result is written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, json
  }

  /// The name and the help text.
  public static let configuration = CommandConfiguration(
    commandName: "aggregate", abstract: "Combine the task gradients in a file.",
    discussion: """
      The file holds a matrix with one row for each task's gradient, as .npy, .csv or .json (an array of arrays).

      Examples:
        truce aggregate --method cagrad --option c=0.4 --option rescale=squared gradients.npy
        truce aggregate --method pcgrad --option order=[[1,2],[2,0],[0,1]] gradients.csv --format json
        truce aggregate --method imtl-l --losses 0.7,1.3 gradients.json --output direction.npy
      """)

  @Option(name: .shortAndLong, help: "The method's name; `truce methods` lists them.")
  var method: String

  @Option(
    name: [.customShort("p"), .long],
    help: ArgumentHelp("A parameter of the method; JSON, or a bare word.", valueName: "name=value"))
  var option: [OptionAssignment] = []

  @Option(help: "A loss weighting in front of the method.")
  var weighting: String?

  @Option(
    help: ArgumentHelp("A parameter of the weighting; JSON, or a bare word.", valueName: "name=value"))
  var weightingOption: [OptionAssignment] = []

  @Option(help: ArgumentHelp("The task losses, for a method that needs them.", valueName: "a,b,…"))
  var losses: NumberList?

  @Option(help: "The seed of a method that draws random numbers.")
  var seed: UInt64 = 0

  @Option(help: "How to print the result: table or json.")
  var format: Format = .table

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write the direction there: .npy, .csv or .json.", valueName: "file"))
  var output: String?

  @Flag(help: "Replace the output file.")
  var force = false

  @Argument(help: ArgumentHelp("The gradient matrix: .npy, .csv or .json.", valueName: "file"))
  var file: String

  /// Creates the command.
  public init() {}

  /// Reads the matrix, applies the method and prints the result.
  public mutating func run() throws {
    let chosen = try Catalogue.method(named: method, options: option.dictionary())
    let front = try weighting.map {
      try Catalogue.weighting(named: $0, options: weightingOption.dictionary())
    }
    let target = try output.map { try DirectionFile($0, replacing: force) }
    let rows = try HostRows(MatrixFile.rows(at: file))
    try checkLosses(taskCount: rows.taskCount)
    let result = try Aggregation(of: rows, by: chosen, weighting: front, losses: losses?.values, seed: seed)
    try target?.write(result.direction)
    let report = AggregationReport(method: chosen.about, file: file, rows: rows, result: result)
    switch format {
    case .table: print(report.plain(on: .current))
    case .json: print(try Output.json(report))
    }
  }

  private func checkLosses(taskCount: Int) throws(CommandFailure) {
    guard let losses, losses.values.count != taskCount else { return }
    throw .usage(
      "--losses has \(losses.values.count) values, \(file) has \(taskCount) rows",
      help: "give one loss for each row, in the same order")
  }
}

/// A file that takes the combined gradient.
private struct DirectionFile {
  private let path: String
  private let format: MatrixFile.Format
  private let replacing: Bool

  /// Throws before anything is computed where the file could not be written.
  init(_ path: String, replacing: Bool) throws(CommandFailure) {
    format = try MatrixFile.format(of: path)
    try Output.checkTarget(path, replacing: replacing)
    self.path = path
    self.replacing = replacing
  }

  func write(_ direction: [Double]) throws {
    try Output.write(data(direction), to: path, replacing: replacing)
  }

  private func data(_ direction: [Double]) throws -> Data {
    switch format {
    case .npy: NPYArray.data(direction)
    case .csv: Data((direction.map(\.description).joined(separator: ",") + "\n").utf8)
    case .json: try JSONEncoder().encode(direction)
    }
  }
}
