public import ArgumentParser
import Foundation
import Truce
import TruceFiles
import TruceRun
import TruceShell

/// `truce aggregate`: applies a method, or all of them, to a matrix of task gradients in a file.
public struct AggregateCommand: ParsableCommand {
  /// How the result is written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, json
  }

  /// The name and the help text.
  public static let configuration = CommandConfiguration(
    commandName: "aggregate", abstract: "Combine the task gradients in a file.",
    discussion: """
      The file holds a matrix with one row for each task's gradient, as .npy, .csv or .json (an array of arrays); \
      - is standard input. Without a method, or with --method all, those that need no more than \
      the file are compared.

      Examples:
        truce aggregate gradients.npy
        truce aggregate --method cagrad --option c=0.4 --option rescale=squared gradients.npy
        truce aggregate --method pcgrad --option order=[[1,2],[2,0],[0,1]] gradients.csv --format json
        truce aggregate --method imtl-l --losses 0.7,1.3 gradients.json --output direction.npy
      """)

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The method's name; `truce methods` lists them. (default: compare all)", valueName: "name"),
    completion: MethodNames.completion)
  var method: String?

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
    help: ArgumentHelp("Write the direction there: .npy, .csv or .json.", valueName: "file"),
    completion: .file())
  var output: String?

  @Flag(help: "Replace the output file.")
  var force = false

  @Argument(
    help: ArgumentHelp("The gradient matrix: .npy, .csv or .json.", valueName: "file"),
    completion: .file(extensions: MatrixFile.Format.allCases.map(\.rawValue)))
  var file: String

  /// Creates the command.
  public init() {}

  /// Refuses what goes with one method only.
  public func validate() throws {
    guard method == nil || method == MethodNames.all else { return }
    if !option.isEmpty { throw ValidationError("--option needs the --method it belongs to") }
    if weighting != nil { throw ValidationError("--weighting needs the --method that it stands in front of") }
    if output != nil { throw ValidationError("--output needs a --method, whose direction is written") }
  }

  /// Reads the matrix, applies the method and prints the result.
  public mutating func run() throws {
    if let method, method != MethodNames.all {
      try apply(Catalogue.method(named: method, options: option.dictionary()))
    } else {
      try compare()
    }
  }

  private func apply(_ method: AnyMethod) throws {
    let target = try output.map { try DirectionFile($0, replacing: force) }
    let front = try weighting.map {
      try Catalogue.weighting(named: $0, options: weightingOption.dictionary())
    }
    let gradients = RangedRows(try readRows())
    let result = try Aggregation(
      of: gradients, by: method, weighting: front, losses: losses?.values, seed: seed)
    let report = AggregationReport(method: method.about, file: file, gradients: gradients, result: result)
    let text: String
    switch format {
    case .table: text = report.plain(on: .current)
    case .json: text = try Output.json(report)
    }
    try target?.write(result.direction)
    print(text)
  }

  private func compare() throws {
    let gradients = RangedRows(try readRows())
    let comparison = AggregationComparison(of: gradients, file: file, losses: losses?.values, seed: seed)
    switch format {
    case .table: print(comparison.plain(on: .current))
    case .json: print(try Output.json(comparison))
    }
  }

  private func readRows() throws -> HostRows {
    let rows = try HostRows(MatrixFile.rows(at: file))
    try checkLosses(taskCount: rows.taskCount)
    RowAdvice.give(on: rows, in: file)
    return rows
  }

  private func checkLosses(taskCount: Int) throws(CommandFailure) {
    guard let losses, losses.values.count != taskCount else { return }
    throw .usage(
      "--losses has \(Counted.text(losses.values.count, "value")), \(file) has \(Counted.text(taskCount, "row"))",
      help: "give one loss for each row, in the same order")
  }
}

/// What a user who has the matrix the wrong way round is told.
enum RowAdvice {
  /// Says how a matrix was understood where it has more rows than columns, which gradients seldom have.
  static func give(on rows: HostRows, in file: String) {
    let (tasks, coordinates) = (rows.taskCount, rows.rows[0].count)
    guard tasks > coordinates else { return }
    Output.note(
      "\(file) is read as \(tasks) tasks with \(Counted.text(coordinates, "coordinate")) each; "
        + "if it is the other way round, transpose it: one row for each task")
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
    case .npy: NPYLayout.file(direction)
    case .csv: Data((direction.map(\.description).joined(separator: ",") + "\n").utf8)
    case .json: try JSONEncoder().encode(direction)
    }
  }
}
